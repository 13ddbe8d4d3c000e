// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"regexp"

	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var dnsName = regexp.MustCompile(`^([a-zA-Z0-9_][a-zA-Z0-9_-]{0,62})(\.[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62})*[._]?$`)

// Validate returns every error that k0s reports for this configuration, in its words.
func (c *ClusterConfig) Validate() []error {
	var found []error
	add := func(name string, errs []error) {
		for _, err := range errs {
			found = append(found, fmt.Errorf("spec: %s: %w", name, err))
		}
	}
	s := c.Spec
	add("api", s.API.validate())
	add("extensions", s.Extensions.validate())
	add("konnectivity", s.Konnectivity.validate())
	add("network", s.Network.validate())
	add("storage", s.Storage.validate())
	add("workerProfiles", validateProfiles(s.WorkerProfiles))
	for _, err := range s.Images.validate() {
		found = append(found, fmt.Errorf("spec: %w", err))
	}
	if err := s.validateNodeLocal(); err != nil {
		found = append(found, fmt.Errorf("spec: %w", err))
	}
	add("controlPlaneLoadBalancing", s.Network.ControlPlaneLoadBalancing.validate())
	return found
}

func isName(value string) bool {
	return net.ParseIP(value) != nil || (len(value) <= 255 && dnsName.MatchString(value))
}

func anyAddress(value string) bool { return value == "0.0.0.0" || value == "::" }

func validatePort(path *field.Path, port int) []error {
	var errs []error
	for _, text := range validation.IsValidPortNum(port) {
		errs = append(errs, field.Invalid(path, port, text))
	}
	return errs
}

func (a *API) validate() []error {
	var errs []error
	if net.ParseIP(a.Address) == nil {
		errs = append(errs, field.Invalid(field.NewPath("address"), a.Address, "invalid IP address"))
	}
	if anyAddress(a.Address) {
		errs = append(errs, field.Invalid(field.NewPath("address"), a.Address, "invalid INADDR_ANY"))
	}
	if a.ExternalAddress != "" && !isName(a.externalHost()) {
		path := field.NewPath("externalAddress")
		errs = append(errs, field.Invalid(path, a.externalHost(), "invalid IP address / DNS name"))
	}
	if anyAddress(a.ExternalAddress) {
		errs = append(errs, field.Invalid(field.NewPath("externalAddress"), a.Address, "invalid INADDR_ANY"))
	}
	errs = append(errs, validatePort(field.NewPath("k0sApiPort"), a.K0sAPIPort)...)
	errs = append(errs, validatePort(field.NewPath("port"), a.Port)...)
	for index, san := range a.SANs {
		if !isName(san) {
			path := field.NewPath("sans").Index(index)
			errs = append(errs, field.Invalid(path, san, "invalid IP address / DNS name"))
		}
	}
	return errs
}

func (s *Storage) validate() []error {
	var errs []error
	if s.Type != "etcd" && s.Type != "kine" {
		errs = append(errs, field.NotSupported(field.NewPath("type"), s.Type, []string{"etcd", "kine"}))
	}
	if s.Etcd != nil && s.Etcd.ExternalCluster != nil {
		errs = append(errs, s.Etcd.ExternalCluster.validate()...)
	}
	return errs
}

func (e *ExternalEtcd) validate() []error {
	var errs []error
	if len(e.Endpoints) == 0 {
		errs = append(errs, errors.New("spec.storage.etcd.externalCluster.endpoints cannot be null or empty"))
	}
	if e.EtcdPrefix == "" {
		errs = append(errs, errors.New("spec.storage.etcd.externalCluster.etcdPrefix cannot be empty"))
	}
	none := e.CAFile == "" && e.ClientCertFile == "" && e.ClientKeyFile == ""
	all := e.CAFile != "" && e.ClientCertFile != "" && e.ClientKeyFile != ""
	if !none && !all {
		errs = append(errs, errors.New("spec.storage.etcd.externalCluster is invalid: all TLS properties "+
			"[caFile,clientCertFile,clientKeyFile] must be defined or none of those"))
	}
	return errs
}

func (s *Spec) validateNodeLocal() error {
	balancing := s.Network.NodeLocalLoadBalancing
	if balancing == nil || !balancing.Enabled || s.API.ExternalAddress == "" {
		return nil
	}
	return field.Forbidden(field.NewPath("network", "nodeLocalLoadBalancing", "enabled"),
		"node-local load balancing cannot be used in conjunction with an external Kubernetes API server address")
}

func (i *Images) validate() []error {
	var errs []error
	path := field.NewPath("images")
	switch i.DefaultPullPolicy {
	case "Always", "IfNotPresent", "Never":
	default:
		known := []string{"Always", "IfNotPresent", "Never"}
		errs = append(errs, field.NotSupported(field.NewPath("default_pull_policy"), i.DefaultPullPolicy, known))
	}
	for _, one := range i.all() {
		if one != nil && one.Image == "" {
			errs = append(errs, field.Required(path.Child("image"), ""))
		}
	}
	return errs
}

func (e *Extensions) validate() []error {
	if e == nil || e.Helm == nil {
		return nil
	}
	var errs []error
	for _, repository := range e.Helm.Repositories {
		if repository.Name == "" {
			errs = append(errs, errors.New("repository must have Name field not empty"))
		} else if repository.URL == "" {
			errs = append(errs, errors.New("repository must have URL field not empty"))
		}
	}
	for _, chart := range e.Helm.Charts {
		switch {
		case chart.Name == "":
			errs = append(errs, errors.New("chart must have Name field not empty"))
		case chart.ChartName == "":
			errs = append(errs, errors.New("chart must have ChartName field not empty"))
		case chart.TargetNS == "":
			errs = append(errs, errors.New("chart must have TargetNS field not empty"))
		}
	}
	return errs
}

func (k *Konnectivity) validate() []error {
	errs := validatePort(field.NewPath("adminPort"), k.AdminPort)
	return append(errs, validatePort(field.NewPath("agentPort"), k.AgentPort)...)
}

func validateProfiles(profiles []WorkerProfile) []error {
	var errs []error
	locked := []string{"clusterDNS", "clusterDomain", "apiVersion", "kind", "staticPodURL"}
	for _, profile := range profiles {
		var values map[string]any
		if err := json.Unmarshal(profile.Values, &values); err != nil {
			errs = append(errs, err)
			continue
		}
		for _, name := range locked {
			if _, found := values[name]; found {
				errs = append(errs, fmt.Errorf("field `%s` is prohibited to override in worker profile", name))
			}
		}
	}
	return errs
}

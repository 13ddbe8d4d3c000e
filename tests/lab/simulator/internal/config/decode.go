// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

// DefaultPath is where k0s looks for its configuration.
const DefaultPath = "/etc/k0s/k0s.yaml"

// Load reads the configuration at path; the default path may be missing.
func Load(path string, single bool, dataDir string) (*ClusterConfig, error) {
	base := Default()
	if single {
		base.Spec.Storage = SingleStorage(dataDir)
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && path == DefaultPath {
		return base, nil
	}
	if err != nil {
		return nil, err
	}
	return base.merge(content)
}

// Parse reads a configuration from YAML text.
func Parse(content []byte) (*ClusterConfig, error) {
	return Default().merge(content)
}

func (c *ClusterConfig) merge(content []byte) (*ClusterConfig, error) {
	err := yaml.UnmarshalStrict(content, c)
	if err != nil && !ignored(err) {
		return nil, err
	}
	if c.Spec == nil {
		c.Spec = defaultSpec()
	}
	return c, nil
}

// ignored tells of fields of old releases that k0s still swallows.
func ignored(err error) bool {
	return strings.Contains(err.Error(), `unknown field "interval"`) ||
		strings.Contains(err.Error(), `unknown field "podSecurityPolicy"`)
}

// UnmarshalJSON is strict here and in the plain types below; as in k0s, the types that fill in their own
// defaults let unknown fields pass.
func (c *ClusterConfig) UnmarshalJSON(data []byte) error {
	storage := defaultStorage()
	if c.Spec != nil && c.Spec.Storage != nil {
		storage = c.Spec.Storage
	}
	c.Spec = defaultSpec()
	c.Spec.Storage = storage
	type plain ClusterConfig
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode((*plain)(c)); err != nil {
		return err
	}
	if c.Spec == nil {
		c.Spec = defaultSpec()
		c.Spec.Storage = storage
		return nil
	}
	c.Spec.complete()
	return nil
}

func (s *Spec) complete() {
	fallback := defaultSpec()
	fill(&s.API, fallback.API)
	fill(&s.ControllerManager, fallback.ControllerManager)
	fill(&s.Scheduler, fallback.Scheduler)
	fill(&s.Storage, fallback.Storage)
	fill(&s.Network, fallback.Network)
	fill(&s.Telemetry, fallback.Telemetry)
	fill(&s.Install, fallback.Install)
	fill(&s.Images, fallback.Images)
	fill(&s.Extensions, fallback.Extensions)
	fill(&s.Konnectivity, fallback.Konnectivity)
	if s.Install.Users == nil {
		s.Install.Users = fallback.Install.Users
	}
}

func fill[T any](target **T, fallback *T) {
	if *target == nil {
		*target = fallback
	}
}

// UnmarshalJSON fills in addresses and ports.
func (a *API) UnmarshalJSON(data []byte) error {
	type plain API
	if err := json.Unmarshal(data, (*plain)(a)); err != nil {
		return err
	}
	a.complete()
	return nil
}

func (a *API) complete() {
	if a.Address == "" {
		a.Address = firstAddress()
	}
	if a.K0sAPIPort == 0 {
		a.K0sAPIPort = 9443
	}
	if a.Port == 0 {
		a.Port = 6443
	}
	fill(&a.CA, defaultCA())
}

// UnmarshalJSON starts from etcd on this host.
func (s *Storage) UnmarshalJSON(data []byte) error {
	s.Type, s.Etcd = "etcd", defaultEtcd()
	type plain Storage
	if err := json.Unmarshal(data, (*plain)(s)); err != nil {
		return err
	}
	if s.Type == "kine" && s.Kine == nil {
		s.Kine = SingleStorage("/var/lib/k0s").Kine
	}
	return nil
}

// UnmarshalJSON completes the options of the chosen provider.
func (n *Network) UnmarshalJSON(data []byte) error {
	n.Provider = "kuberouter"
	type plain Network
	if err := json.Unmarshal(data, (*plain)(n)); err != nil {
		return err
	}
	switch n.Provider {
	case "calico":
		fill(&n.Calico, defaultCalico())
		n.KubeRouter = nil
	case "kuberouter":
		fill(&n.KubeRouter, defaultKubeRouter())
		n.Calico = nil
	}
	fill(&n.KubeProxy, defaultKubeProxy())
	return nil
}

// UnmarshalJSON starts from Calico's defaults.
func (c *Calico) UnmarshalJSON(data []byte) error {
	*c = *defaultCalico()
	type plain Calico
	return json.Unmarshal(data, (*plain)(c))
}

// UnmarshalJSON fills in the kind of load balancer.
func (n *NodeLocalLoadBalancing) UnmarshalJSON(data []byte) error {
	type plain NodeLocalLoadBalancing
	if err := json.Unmarshal(data, (*plain)(n)); err != nil {
		return err
	}
	if n.Type == "" {
		n.Type = "EnvoyProxy"
	}
	fill(&n.EnvoyProxy, defaultEnvoy())
	return nil
}

// UnmarshalJSON fills in image and ports.
func (p *EnvoyProxy) UnmarshalJSON(data []byte) error {
	type plain EnvoyProxy
	if err := json.Unmarshal(data, (*plain)(p)); err != nil {
		return err
	}
	p.complete()
	return nil
}

func (p *EnvoyProxy) complete() {
	fill(&p.Image, image("envoy-distroless", "v1.32.8"))
	if p.APIServerBindPort == 0 {
		p.APIServerBindPort = 7443
	}
	fill(&p.KonnectivityServerBindPort, pointer(7132))
}

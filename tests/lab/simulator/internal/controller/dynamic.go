// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package controller

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
)

const clusterConfigs = "/apis/k0s.k0sproject.io/v1beta1/namespaces/kube-system/clusterconfigs"

// configSource follows ClusterConfig/k0s, the dynamic configuration.
type configSource struct {
	controller *Controller
	seen       string
}

func (s *configSource) reconcile(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	var object kubeapi.Object
	err := s.controller.client.Get(ctx, clusterConfigs+"/k0s", &object)
	if kubeapi.IsCode(err, http.StatusNotFound) {
		return s.seed(ctx)
	}
	if err != nil {
		return err
	}
	metadata, _ := object["metadata"].(map[string]any)
	version, _ := metadata["resourceVersion"].(string)
	if version == s.seen {
		return nil
	}
	s.seen = version
	delete(metadata, "managedFields")
	if err := s.apply(ctx, object); err != nil {
		return s.event(ctx, metadata, "Warning", "FailedReconciling", err.Error())
	}
	return s.event(ctx, metadata, "Normal", "SuccessfulReconcile", "Successfully reconciled cluster config")
}

// seed writes what of the file is not about one node.
func (s *configSource) seed(ctx context.Context) error {
	copied, err := clone(s.controller.Config)
	if err != nil {
		return err
	}
	spec := copied.Spec
	spec.API, spec.Storage, spec.Install = nil, nil, nil
	spec.Network.ServiceCIDR, spec.Network.ClusterDomain, spec.Network.ControlPlaneLoadBalancing = "", "", nil
	return s.controller.client.Create(ctx, clusterConfigs, kubeapi.Object{
		"apiVersion": "k0s.k0sproject.io/v1beta1", "kind": "ClusterConfig",
		"metadata": map[string]any{"name": "k0s", "namespace": "kube-system"}, "spec": spec,
	}, nil)
}

func clone(c *config.ClusterConfig) (*config.ClusterConfig, error) {
	content, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	var copied config.ClusterConfig
	return &copied, json.Unmarshal(content, &copied)
}

func (s *configSource) apply(ctx context.Context, object kubeapi.Object) error {
	content, err := json.Marshal(kubeapi.Object{"spec": object["spec"]})
	if err != nil {
		return err
	}
	read, err := config.Parse(content)
	if err != nil {
		return err
	}
	if err := s.controller.configureCharts(read.Spec); err != nil {
		return err
	}
	return s.controller.publishProfiles(ctx, read.Spec)
}

func (s *configSource) event(ctx context.Context, involved map[string]any, kind, reason, message string) error {
	now := time.Now().UTC()
	return s.controller.client.Create(ctx, "/api/v1/namespaces/kube-system/events", kubeapi.Object{
		"apiVersion": "v1", "kind": "Event", "type": kind, "reason": reason, "message": message,
		"metadata":       map[string]any{"generateName": "k0s.", "namespace": "kube-system"},
		"firstTimestamp": now.Format(time.RFC3339), "lastTimestamp": now.Format(time.RFC3339), "count": 1,
		"source": map[string]any{"component": "k0s-controller"},
		"involvedObject": map[string]any{
			"apiVersion": "k0s.k0sproject.io/v1beta1", "kind": "ClusterConfig", "name": "k0s", "namespace": "kube-system",
			"uid": involved["uid"], "resourceVersion": involved["resourceVersion"],
		},
	}, nil)
}

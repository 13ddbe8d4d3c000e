// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package controller

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"

	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/node"
)

const configMaps = "/api/v1/namespaces/kube-system/configmaps"

// publishProfiles writes the ConfigMaps from which workers read their profile, removes those whose profile is
// gone, and lets workers read them.
func (c *Controller) publishProfiles(ctx context.Context, spec *config.Spec) error {
	minor := node.MinorVersion(c.Version)
	profiles := map[string]json.RawMessage{"default": nil, "default-windows": nil}
	for _, profile := range spec.WorkerProfiles {
		profiles[profile.Name] = profile.Values
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(profiles)) {
		object, err := c.profile(name, minor, profiles[name], spec)
		if err != nil {
			return err
		}
		names = append(names, nameOf(object))
		if err := c.client.Apply(ctx, configMaps+"/"+nameOf(object), object); err != nil {
			return err
		}
	}
	if err := c.pruneProfiles(ctx, names, minor); err != nil {
		return err
	}
	return c.allowProfiles(ctx, names, minor)
}

func (c *Controller) profile(name, minor string, values json.RawMessage, spec *config.Spec) (kubeapi.Object, error) {
	dns, err := dnsAddress(spec.Network.ServiceCIDR, c.Config.Spec.Network.ServiceCIDR)
	if err != nil {
		return nil, err
	}
	kubelet := map[string]any{
		"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
		"clusterDNS": []string{dns}, "clusterDomain": c.Config.Spec.Network.ClusterDomain,
		"failSwapOn": false, "rotateCertificates": true, "serverTLSBootstrap": true, "eventRecordQPS": 0,
		"volumePluginDir": "/usr/libexec/k0s/kubelet-plugins/volume/exec", "tlsMinVersion": "VersionTLS12",
		"kubeReservedCgroup": "system.slice", "kubeletCgroups": "/system.slice/containerd.service",
		"tlsCipherSuites": strings.Split(cipherSuites, ","),
	}
	if len(values) > 0 {
		if err := json.Unmarshal(values, &kubelet); err != nil {
			return nil, fmt.Errorf("failed to decode worker profile %q: %w", name, err)
		}
	}
	text, err := json.Marshal(kubelet)
	if err != nil {
		return nil, err
	}
	api := c.Config.Spec.API
	servers, err := json.Marshal([]string{net.JoinHostPort(api.Address, strconv.Itoa(api.Port))})
	if err != nil {
		return nil, err
	}
	return kubeapi.Object{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{
			"name": "worker-config-" + name + "-" + minor, "namespace": "kube-system",
			"labels": map[string]any{
				"app.kubernetes.io/managed-by": "k0s", "app.kubernetes.io/component": "worker-config",
				"k0s.k0sproject.io/worker-profile": name, "k0s.k0sproject.io/stack": "worker-config-" + minor,
			},
		},
		"data": map[string]any{
			"kubeletConfiguration": string(text), "apiServerAddresses": string(servers),
			// Only the simulator's own: its nodes have no pods that could bring the network.
			node.OwnNetwork: strconv.FormatBool(c.ownNetwork(spec)),
		},
	}, nil
}

// ownNetwork tells whether k0s itself deploys a network provider.
func (c *Controller) ownNetwork(spec *config.Spec) bool {
	return spec.Network.Provider != "custom" && !c.disabled("network-provider")
}

// dnsAddress is the tenth address of the service range; dynamic configuration has no range of its own.
func dnsAddress(cidr, fallback string) (string, error) {
	_, network, err := net.ParseCIDR(orElse(cidr, fallback))
	if err != nil {
		return "", err
	}
	ip := append(net.IP{}, network.IP...)
	ip[len(ip)-1] += 10
	return ip.String(), nil
}

func (c *Controller) pruneProfiles(ctx context.Context, names []string, minor string) error {
	var list struct{ Items []kubeapi.Object }
	selector := "?labelSelector=k0s.k0sproject.io/stack=worker-config-" + minor
	if err := c.client.Get(ctx, configMaps+selector, &list); err != nil {
		return err
	}
	for _, item := range list.Items {
		if slices.Contains(names, nameOf(item)) {
			continue
		}
		if err := c.client.Delete(ctx, configMaps+"/"+nameOf(item), nil); err != nil && !kubeapi.IsCode(err, 404) {
			return err
		}
	}
	return nil
}

func (c *Controller) allowProfiles(ctx context.Context, names []string, minor string) error {
	name := "system:bootstrappers:worker-config-" + minor
	metadata := map[string]any{"name": name, "namespace": "kube-system"}
	role := kubeapi.Object{
		"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": metadata,
		"rules": []map[string]any{{
			"apiGroups": []string{""}, "resources": []string{"configmaps"},
			"verbs": []string{"get", "list", "watch"}, "resourceNames": names,
		}},
	}
	group := func(name string) map[string]any {
		return map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": name}
	}
	binding := kubeapi.Object{
		"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": metadata,
		"roleRef":  map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
		"subjects": []map[string]any{group("system:bootstrappers"), group("system:nodes")},
	}
	if err := c.client.Apply(ctx, rbacAPI+"/namespaces/kube-system/roles/"+name, role); err != nil {
		return err
	}
	return c.client.Apply(ctx, rbacAPI+"/namespaces/kube-system/rolebindings/"+name, binding)
}

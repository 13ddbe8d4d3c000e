// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"encoding/json"
	"fmt"
	"strings"
)

// UnmarshalJSON applies the repository to every image.
func (i *Images) UnmarshalJSON(data []byte) error {
	type plain Images
	if err := json.Unmarshal(data, (*plain)(i)); err != nil {
		return err
	}
	if i.DefaultPullPolicy == "" {
		i.DefaultPullPolicy = "IfNotPresent"
	}
	for _, one := range i.all() {
		if i.Repository != "" && one != nil {
			one.Image = rehost(i.Repository, one.Image)
		}
	}
	return nil
}

func (i *Images) all() []*Image {
	list := []*Image{i.Konnectivity, i.MetricsServer, i.KubeProxy, i.CoreDNS, i.Pause, i.PushGateway}
	if i.Calico != nil {
		list = append(list, i.Calico.CNI, i.Calico.Node, i.Calico.KubeControllers)
	}
	if i.KubeRouter != nil {
		list = append(list, i.KubeRouter.CNI, i.KubeRouter.CNIInstaller)
	}
	return list
}

func rehost(repository, name string) string {
	if strings.HasPrefix(name, repository) {
		return name
	}
	host, rest, found := strings.Cut(name, "/")
	if found && (strings.ContainsAny(host, ".:") || host == "localhost") {
		return repository + "/" + rest
	}
	return repository + "/" + name
}

// ImageList are the images that k0s needs on a machine without network.
func (c *ClusterConfig) ImageList(all bool) []string {
	i := c.Spec.Images
	list := []*Image{
		i.Calico.CNI, i.Calico.KubeControllers, i.Calico.Node, i.CoreDNS, i.Konnectivity, i.KubeProxy,
		i.KubeRouter.CNI, i.KubeRouter.CNIInstaller, i.MetricsServer, i.Pause,
	}
	if all {
		list = append(list, i.PushGateway)
	}
	if local := c.Spec.Network.NodeLocalLoadBalancing; local != nil && (all || local.Enabled) {
		list = append(list, local.EnvoyProxy.Image)
	}
	var names []string
	for _, one := range list {
		names = append(names, fmt.Sprintf("%s:%s", one.Image, one.Version))
	}
	return names
}

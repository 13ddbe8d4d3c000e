// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"errors"
	"fmt"
	"net"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

func validateCIDR(path *field.Path, value string) []error {
	if _, _, err := net.ParseCIDR(value); err != nil {
		return []error{field.Invalid(path, value, "invalid CIDR address")}
	}
	return nil
}

func (n *Network) validate() []error {
	var errs []error
	switch n.Provider {
	case "":
		errs = append(errs, field.Required(field.NewPath("provider"), ""))
	case "calico", "custom", "kuberouter":
	default:
		known := []string{"kuberouter", "calico", "custom"}
		errs = append(errs, field.NotSupported(field.NewPath("provider"), n.Provider, known))
	}
	errs = append(errs, validateCIDR(field.NewPath("podCIDR"), n.PodCIDR)...)
	errs = append(errs, validateCIDR(field.NewPath("serviceCIDR"), n.ServiceCIDR)...)
	if !dnsName.MatchString(n.ClusterDomain) {
		errs = append(errs, field.Invalid(field.NewPath("clusterDomain"), n.ClusterDomain, "invalid DNS name"))
	}
	errs = append(errs, n.validateDualStack()...)
	if proxy := n.KubeProxy; !proxy.Disabled {
		switch proxy.Mode {
		case "iptables", "ipvs", "userspace", "nftables":
		default:
			errs = append(errs, fmt.Errorf("unsupported mode %s for kubeProxy config", proxy.Mode))
		}
	}
	errs = append(errs, n.Calico.validate()...)
	return append(errs, n.NodeLocalLoadBalancing.validate()...)
}

func (n *Network) validateDualStack() []error {
	if !n.DualStack.Enabled {
		return nil
	}
	var errs []error
	if n.Provider == "calico" && n.Calico.Mode != "bird" {
		errs = append(errs, field.Forbidden(field.NewPath("calico", "mode"),
			"dual-stack for calico is only supported for mode `bird`"))
	}
	path := field.NewPath("dualStack")
	errs = append(errs, validateCIDR(path.Child("IPv6podCIDR"), n.DualStack.IPv6PodCIDR)...)
	return append(errs, validateCIDR(path.Child("IPv6serviceCIDR"), n.DualStack.IPv6ServiceCIDR)...)
}

func (c *Calico) validate() []error {
	if c == nil {
		return nil
	}
	path := field.NewPath("calico", "mode")
	switch c.Mode {
	case "bird", "vxlan", "ipip":
		return nil
	case "":
		return []error{field.Required(path, "")}
	}
	return []error{field.NotSupported(path, c.Mode, []string{"bird", "vxlan", "ipip"})}
}

func (n *NodeLocalLoadBalancing) validate() []error {
	if n == nil {
		return nil
	}
	var errs []error
	path := field.NewPath("nodeLocalLoadBalancing")
	if n.Type != "EnvoyProxy" {
		errs = append(errs, field.NotSupported(path.Child("type"), n.Type, []string{"EnvoyProxy"}))
	}
	return append(errs, validatePort(path.Child("envoyProxy", "apiServerBindPort"), n.EnvoyProxy.APIServerBindPort)...)
}

func (c *ControlPlaneLoadBalancing) validate() []error {
	if c == nil {
		return nil
	}
	var errs []error
	if c.Type == "" {
		c.Type = "Keepalived"
	} else if c.Type != "Keepalived" {
		errs = append(errs, fmt.Errorf("unsupported CPLB type: %s. Only allowed value: Keepalived", c.Type))
	}
	if c.Keepalived == nil {
		return errs
	}
	for _, instance := range c.Keepalived.VRRPInstances {
		errs = append(errs, instance.validate()...)
	}
	return errs
}

func (v VRRPInstance) validate() []error {
	var errs []error
	if v.VirtualRouterID < 0 || v.VirtualRouterID > 255 {
		errs = append(errs, errors.New("VirtualRouterID must be in the range of 1-255"))
	}
	if v.AuthPass == "" {
		errs = append(errs, errors.New("AuthPass must be defined"))
	}
	if len(v.AuthPass) > 8 {
		errs = append(errs, errors.New("AuthPass must be 8 characters or less"))
	}
	if len(v.VirtualIPs) == 0 {
		errs = append(errs, errors.New("VirtualIPs must be defined"))
	}
	for _, address := range v.VirtualIPs {
		if _, _, err := net.ParseCIDR(address); err != nil {
			errs = append(errs, fmt.Errorf("VirtualIPs must be a CIDR. Got: %s", address))
		}
	}
	return errs
}

// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package config

// Network holds addresses and the network provider.
type Network struct {
	Calico                    *Calico                    `json:"calico,omitempty"`
	DualStack                 DualStack                  `json:"dualStack,omitempty"`
	KubeProxy                 *KubeProxy                 `json:"kubeProxy,omitempty"`
	KubeRouter                *KubeRouter                `json:"kuberouter,omitempty"`
	NodeLocalLoadBalancing    *NodeLocalLoadBalancing    `json:"nodeLocalLoadBalancing,omitempty"`
	ControlPlaneLoadBalancing *ControlPlaneLoadBalancing `json:"controlPlaneLoadBalancing,omitempty"`
	PodCIDR                   string                     `json:"podCIDR,omitempty"`
	Provider                  string                     `json:"provider,omitempty"`
	ServiceCIDR               string                     `json:"serviceCIDR,omitempty"`
	ClusterDomain             string                     `json:"clusterDomain,omitempty"`
}

// Calico holds the options of k0s' own Calico.
type Calico struct {
	EnableWireguard         bool              `json:"wireguard,omitempty"`
	EnvVars                 map[string]string `json:"envVars,omitempty"`
	FlexVolumeDriverPath    string            `json:"flexVolumeDriverPath,omitempty"`
	IPAutodetectionMethod   string            `json:"ipAutodetectionMethod,omitempty"`
	IPv6AutodetectionMethod string            `json:"ipV6AutodetectionMethod,omitempty"`
	MTU                     int               `json:"mtu,omitempty"`
	Mode                    string            `json:"mode,omitempty"`
	Overlay                 string            `json:"overlay,omitempty"`
	VxlanPort               int               `json:"vxlanPort,omitempty"`
	VxlanVNI                int               `json:"vxlanVNI,omitempty"`
}

// DualStack holds the IPv6 ranges.
type DualStack struct {
	Enabled         bool   `json:"enabled"`
	IPv6PodCIDR     string `json:"IPv6podCIDR,omitempty"`
	IPv6ServiceCIDR string `json:"IPv6serviceCIDR,omitempty"`
}

// KubeProxy holds kube-proxy's options.
type KubeProxy struct {
	Disabled           bool              `json:"disabled,omitempty"`
	Mode               string            `json:"mode,omitempty"`
	MetricsBindAddress string            `json:"metricsBindAddress,omitempty"`
	IPTables           map[string]any    `json:"iptables,omitempty"`
	IPVS               map[string]any    `json:"ipvs,omitempty"`
	NFTables           map[string]any    `json:"nftables,omitempty"`
	NodePortAddresses  []string          `json:"nodePortAddresses,omitempty"`
	ExtraArgs          map[string]string `json:"extraArgs,omitempty"`
}

// KubeRouter holds kube-router's options.
type KubeRouter struct {
	AutoMTU        *bool             `json:"autoMTU,omitempty"`
	MTU            int               `json:"mtu,omitempty"`
	MetricsPort    int               `json:"metricsPort,omitempty"`
	Hairpin        string            `json:"hairpin,omitempty"`
	HairpinMode    bool              `json:"hairpinMode,omitempty"`
	IPMasq         bool              `json:"ipMasq,omitempty"`
	PeerRouterASNs string            `json:"peerRouterASNs,omitempty"`
	PeerRouterIPs  string            `json:"peerRouterIPs,omitempty"`
	ExtraArgs      map[string]string `json:"extraArgs,omitempty"`
}

// NodeLocalLoadBalancing holds the options of the load balancer on each node.
type NodeLocalLoadBalancing struct {
	Enabled    bool        `json:"enabled"`
	Type       string      `json:"type,omitempty"`
	EnvoyProxy *EnvoyProxy `json:"envoyProxy,omitempty"`
}

// EnvoyProxy holds the options of Envoy as such a load balancer.
type EnvoyProxy struct {
	Image                      *Image `json:"image,omitempty"`
	ImagePullPolicy            string `json:"imagePullPolicy,omitempty"`
	APIServerBindPort          int    `json:"apiServerBindPort,omitempty"`
	KonnectivityServerBindPort *int   `json:"konnectivityServerBindPort,omitempty"`
}

// ControlPlaneLoadBalancing holds the options of virtual addresses.
type ControlPlaneLoadBalancing struct {
	Enabled    bool        `json:"enabled"`
	Type       string      `json:"type,omitempty"`
	Keepalived *Keepalived `json:"keepalived,omitempty"`
}

// Keepalived holds keepalived's options.
type Keepalived struct {
	VRRPInstances       []VRRPInstance   `json:"vrrpInstances,omitempty"`
	VirtualServers      []map[string]any `json:"virtualServers,omitempty"`
	UserSpaceProxyPort  int              `json:"userSpaceProxyBindPort,omitempty"`
	DisableLoadBalancer bool             `json:"disableLoadBalancer,omitempty"`
}

// VRRPInstance is one set of virtual addresses.
type VRRPInstance struct {
	VirtualIPs            []string `json:"virtualIPs"`
	Interface             string   `json:"interface,omitempty"`
	VirtualRouterID       int      `json:"virtualRouterID,omitempty"`
	AdvertIntervalSeconds int      `json:"advertIntervalSeconds,omitempty"`
	AuthPass              string   `json:"authPass"`
	UnicastPeers          []string `json:"unicastPeers,omitempty"`
	UnicastSourceIP       string   `json:"unicastSourceIP,omitempty"`
}

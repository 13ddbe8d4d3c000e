// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"net"
	"strings"
)

// KubernetesVersion is the Kubernetes release that the images belong to, such as v1.33.13.
var KubernetesVersion = "v1.33.13"

func pointer[T any](v T) *T { return &v }

// Default is what k0s uses without a configuration file.
func Default() *ClusterConfig {
	return &ClusterConfig{
		Metadata:   Metadata{Name: "k0s", Namespace: "kube-system"},
		Kind:       "ClusterConfig",
		APIVersion: "k0s.k0sproject.io/v1beta1",
		Spec:       defaultSpec(),
	}
}

func defaultSpec() *Spec {
	return &Spec{
		API:               defaultAPI(),
		ControllerManager: &ExtraArgs{},
		Scheduler:         &ExtraArgs{},
		Storage:           defaultStorage(),
		Network:           defaultNetwork(),
		Telemetry:         &Telemetry{Enabled: pointer(false)},
		Install:           defaultInstall(),
		Images:            defaultImages(),
		Extensions:        &Extensions{Helm: &Helm{ConcurrencyLevel: 5}},
		Konnectivity:      &Konnectivity{AgentPort: 8132, AdminPort: 8133},
	}
}

// SingleStorage is the storage that k0s uses with --single.
func SingleStorage(dataDir string) *Storage {
	return &Storage{Type: "kine", Kine: &Kine{DataSource: "sqlite://file:" + dataDir + "/db/state.db?mode=rwc&_journal=WAL"}}
}

func defaultCA() *CA {
	return &CA{ExpiresAfter: "87600h0m0s", CertificatesExpireAfter: "8760h0m0s"}
}

func defaultAPI() *API {
	api := &API{SANs: LocalAddresses()}
	api.complete()
	return api
}

func defaultStorage() *Storage {
	return &Storage{Type: "etcd", Etcd: defaultEtcd()}
}

func defaultEtcd() *Etcd {
	return &Etcd{PeerAddress: firstAddress(), CA: defaultCA()}
}

func defaultNetwork() *Network {
	return &Network{
		PodCIDR:                "10.244.0.0/16",
		ServiceCIDR:            "10.96.0.0/12",
		Provider:               "kuberouter",
		ClusterDomain:          "cluster.local",
		KubeRouter:             defaultKubeRouter(),
		KubeProxy:              defaultKubeProxy(),
		NodeLocalLoadBalancing: &NodeLocalLoadBalancing{Type: "EnvoyProxy", EnvoyProxy: defaultEnvoy()},
	}
}

func defaultKubeRouter() *KubeRouter {
	return &KubeRouter{AutoMTU: pointer(true), MetricsPort: 8080, Hairpin: "Enabled"}
}

func defaultKubeProxy() *KubeProxy {
	return &KubeProxy{
		Mode:               "iptables",
		MetricsBindAddress: "0.0.0.0:10249",
		IPTables:           map[string]any{"minSyncPeriod": "0s", "syncPeriod": "0s"},
		IPVS: map[string]any{
			"minSyncPeriod": "0s", "syncPeriod": "0s", "tcpFinTimeout": "0s", "tcpTimeout": "0s", "udpTimeout": "0s",
		},
		NFTables: map[string]any{"minSyncPeriod": "0s", "syncPeriod": "0s"},
	}
}

func defaultCalico() *Calico {
	return &Calico{
		Mode: "vxlan", VxlanPort: 4789, VxlanVNI: 4096, MTU: 1450, Overlay: "Always",
		FlexVolumeDriverPath: "/usr/libexec/k0s/kubelet-plugins/volume/exec/nodeagent~uds",
	}
}

func defaultEnvoy() *EnvoyProxy {
	envoy := &EnvoyProxy{}
	envoy.complete()
	return envoy
}

func defaultInstall() *Install {
	return &Install{Users: &Users{
		Etcd: "etcd", Kine: "kube-apiserver", Konnectivity: "konnectivity-server",
		KubeAPIServer: "kube-apiserver", KubeScheduler: "kube-scheduler",
	}}
}

func image(name, version string) *Image {
	return &Image{Image: "quay.io/k0sproject/" + name, Version: version}
}

func defaultImages() *Images {
	const calico = "v3.29.7-0"
	return &Images{
		DefaultPullPolicy: "IfNotPresent",
		Konnectivity:      image("apiserver-network-proxy-agent", "v0.32.0"),
		PushGateway:       image("pushgateway-ttl", "1.4.0-k0s.0"),
		MetricsServer:     image("metrics-server", "v0.7.2-1"),
		KubeProxy:         image("kube-proxy", KubernetesVersion),
		CoreDNS:           image("coredns", "1.12.4"),
		Pause:             image("pause", "3.10.1"),
		Calico: &CalicoImages{
			CNI: image("calico-cni", calico), Node: image("calico-node", calico),
			KubeControllers: image("calico-kube-controllers", calico),
		},
		KubeRouter: &KubeRouterImages{
			CNI: image("kube-router", "v2.5.0-iptables1.8.11-0"), CNIInstaller: image("cni-node", "1.7.1-k0s.0"),
		},
	}
}

// LocalAddresses are the addresses of this host without loopback.
func LocalAddresses() []string {
	var found []string
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && !network.IP.IsLoopback() {
			found = append(found, network.IP.String())
		}
	}
	return found
}

// firstAddress is the first IPv4 address of a network card that no pod network made.
func firstAddress() string {
	interfaces, err := net.Interfaces()
	if err != nil {
		return "127.0.0.1"
	}
	for _, card := range interfaces {
		if card.Flags&net.FlagLoopback != 0 || isPodNetwork(card.Name) {
			continue
		}
		if address := ipv4Of(card); address != "" {
			return address
		}
	}
	return "127.0.0.1"
}

func isPodNetwork(name string) bool {
	switch name {
	case "vxlan.calico", "kube-bridge", "dummyvip0", "cni0", "docker0":
		return true
	}
	return strings.HasPrefix(name, "veth") || strings.HasPrefix(name, "cali")
}

func ipv4Of(card net.Interface) string {
	addresses, err := card.Addrs()
	if err != nil {
		return ""
	}
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && network.IP.To4() != nil && network.IP.IsGlobalUnicast() {
			return network.IP.String()
		}
	}
	return ""
}

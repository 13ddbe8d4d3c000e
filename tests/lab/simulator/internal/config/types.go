// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package config reads, completes and checks k0s' ClusterConfig the way k0s does.
package config

import "encoding/json"

// ClusterConfig is the document in k0s.yaml.
type ClusterConfig struct {
	Metadata   Metadata  `json:"metadata,omitempty"`
	Kind       string    `json:"kind,omitempty"`
	APIVersion string    `json:"apiVersion,omitempty"`
	Spec       *Spec     `json:"spec,omitempty"`
	Status     *struct{} `json:"status,omitempty"`
}

// Metadata is the part of object metadata that k0s prints.
type Metadata struct {
	Name              string            `json:"name,omitempty"`
	Namespace         string            `json:"namespace,omitempty"`
	CreationTimestamp *string           `json:"creationTimestamp"`
	Labels            map[string]string `json:"labels,omitempty"`
	Annotations       map[string]string `json:"annotations,omitempty"`
}

// Spec is the body of a ClusterConfig.
type Spec struct {
	API               *API            `json:"api,omitempty"`
	ControllerManager *ExtraArgs      `json:"controllerManager,omitempty"`
	Scheduler         *ExtraArgs      `json:"scheduler,omitempty"`
	Storage           *Storage        `json:"storage,omitempty"`
	Network           *Network        `json:"network,omitempty"`
	WorkerProfiles    []WorkerProfile `json:"workerProfiles,omitempty"`
	Telemetry         *Telemetry      `json:"telemetry,omitempty"`
	Install           *Install        `json:"installConfig,omitempty"`
	Images            *Images         `json:"images,omitempty"`
	Extensions        *Extensions     `json:"extensions,omitempty"`
	Konnectivity      *Konnectivity   `json:"konnectivity,omitempty"`
	FeatureGates      []FeatureGate   `json:"featureGates,omitempty"`
}

// ExtraArgs are flags handed on to a component.
type ExtraArgs struct {
	ExtraArgs map[string]string `json:"extraArgs,omitempty"`
}

// CA holds the lifetimes of certificates.
type CA struct {
	ExpiresAfter            string `json:"expiresAfter,omitempty"`
	CertificatesExpireAfter string `json:"certificatesExpireAfter,omitempty"`
}

// API describes the API server and the join API of one controller.
type API struct {
	Address           string            `json:"address,omitempty"`
	OnlyBindToAddress bool              `json:"onlyBindToAddress,omitempty"`
	ExternalAddress   string            `json:"externalAddress,omitempty"`
	ExtraArgs         map[string]string `json:"extraArgs,omitempty"`
	K0sAPIPort        int               `json:"k0sApiPort,omitempty"`
	Port              int               `json:"port,omitempty"`
	SANs              []string          `json:"sans,omitempty"`
	CA                *CA               `json:"ca,omitempty"`
}

// Storage says where the API server keeps its data.
type Storage struct {
	Etcd *Etcd  `json:"etcd,omitempty"`
	Kine *Kine  `json:"kine,omitempty"`
	Type string `json:"type,omitempty"`
}

// Etcd describes the local etcd member.
type Etcd struct {
	ExternalCluster *ExternalEtcd     `json:"externalCluster,omitempty"`
	PeerAddress     string            `json:"peerAddress,omitempty"`
	ExtraArgs       map[string]string `json:"extraArgs,omitempty"`
	CA              *CA               `json:"ca,omitempty"`
}

// ExternalEtcd describes an etcd that k0s does not run.
type ExternalEtcd struct {
	Endpoints      []string `json:"endpoints"`
	EtcdPrefix     string   `json:"etcdPrefix,omitempty"`
	CAFile         string   `json:"caFile,omitempty"`
	ClientCertFile string   `json:"clientCertFile,omitempty"`
	ClientKeyFile  string   `json:"clientKeyFile,omitempty"`
}

// Kine describes an SQL data source.
type Kine struct {
	DataSource string `json:"dataSource,omitempty"`
}

// WorkerProfile is a named set of kubelet settings.
type WorkerProfile struct {
	Name   string          `json:"name"`
	Values json.RawMessage `json:"values,omitempty"`
}

// Telemetry switches usage reports.
type Telemetry struct {
	Enabled *bool `json:"enabled,omitempty"`
}

// Install holds the names of system users.
type Install struct {
	Users *Users `json:"users,omitempty"`
}

// Users are the system users of the controller's processes.
type Users struct {
	Etcd          string `json:"etcdUser,omitempty"`
	Kine          string `json:"kineUser,omitempty"`
	Konnectivity  string `json:"konnectivityUser,omitempty"`
	KubeAPIServer string `json:"kubeAPIserverUser,omitempty"`
	KubeScheduler string `json:"kubeSchedulerUser,omitempty"`
}

// Image is a container image.
type Image struct {
	Image   string `json:"image"`
	Version string `json:"version"`
}

// Images are the images of k0s' own components.
type Images struct {
	Konnectivity      *Image            `json:"konnectivity,omitempty"`
	PushGateway       *Image            `json:"pushgateway,omitempty"`
	MetricsServer     *Image            `json:"metricsserver,omitempty"`
	KubeProxy         *Image            `json:"kubeproxy,omitempty"`
	CoreDNS           *Image            `json:"coredns,omitempty"`
	Pause             *Image            `json:"pause,omitempty"`
	Calico            *CalicoImages     `json:"calico,omitempty"`
	KubeRouter        *KubeRouterImages `json:"kuberouter,omitempty"`
	Repository        string            `json:"repository,omitempty"`
	DefaultPullPolicy string            `json:"default_pull_policy,omitempty"`
}

// CalicoImages are the images of k0s' own Calico.
type CalicoImages struct {
	CNI             *Image `json:"cni,omitempty"`
	Node            *Image `json:"node,omitempty"`
	KubeControllers *Image `json:"kubecontrollers,omitempty"`
}

// KubeRouterImages are the images of kube-router.
type KubeRouterImages struct {
	CNI          *Image `json:"cni,omitempty"`
	CNIInstaller *Image `json:"cniInstaller,omitempty"`
}

// Extensions are charts that k0s installs.
type Extensions struct {
	Storage *ExtensionsStorage `json:"storage,omitempty"`
	Helm    *Helm              `json:"helm,omitempty"`
}

// ExtensionsStorage is the deprecated storage extension.
type ExtensionsStorage struct {
	Type                      string `json:"type,omitempty"`
	CreateDefaultStorageClass bool   `json:"create_default_storage_class,omitempty"`
}

// Helm lists repositories and charts.
type Helm struct {
	ConcurrencyLevel int          `json:"concurrencyLevel,omitempty"`
	Repositories     []Repository `json:"repositories,omitempty"`
	Charts           []Chart      `json:"charts,omitempty"`
}

// Repository is a chart repository.
type Repository struct {
	Name     string `json:"name"`
	URL      string `json:"url"`
	Insecure *bool  `json:"insecure,omitempty"`
	CAFile   string `json:"caFile,omitempty"`
	CertFile string `json:"certFile,omitempty"`
	KeyFile  string `json:"keyfile,omitempty"`
	Username string `json:"username,omitempty"`
	Password string `json:"password,omitempty"`
}

// Chart is a chart to install.
type Chart struct {
	Name         string          `json:"name"`
	ChartName    string          `json:"chartname"`
	Version      string          `json:"version,omitempty"`
	Values       string          `json:"values,omitempty"`
	TargetNS     string          `json:"namespace"`
	Timeout      json.RawMessage `json:"timeout,omitempty"`
	ForceUpgrade *bool           `json:"forceUpgrade,omitempty"`
	Order        int             `json:"order,omitempty"`
}

// Konnectivity holds konnectivity's ports.
type Konnectivity struct {
	AdminPort       int    `json:"adminPort,omitempty"`
	AgentPort       int    `json:"agentPort,omitempty"`
	ExternalAddress string `json:"externalAddress,omitempty"`
}

// FeatureGate switches a Kubernetes feature.
type FeatureGate struct {
	Name       string   `json:"name"`
	Enabled    bool     `json:"enabled"`
	Components []string `json:"components,omitempty"`
}

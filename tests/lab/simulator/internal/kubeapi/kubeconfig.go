// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package kubeapi is a small client for the Kubernetes API, and its kubeconfig files.
package kubeapi

import (
	"errors"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

// Kubeconfig is the subset that k0s writes.
type Kubeconfig struct {
	APIVersion     string         `json:"apiVersion"`
	Clusters       []NamedCluster `json:"clusters"`
	Contexts       []NamedContext `json:"contexts"`
	CurrentContext string         `json:"current-context"`
	Kind           string         `json:"kind"`
	Preferences    struct{}       `json:"preferences"`
	Users          []NamedUser    `json:"users"`
}

// NamedCluster is an API server.
type NamedCluster struct {
	Cluster struct {
		CAData []byte `json:"certificate-authority-data,omitempty"`
		Server string `json:"server"`
	} `json:"cluster"`
	Name string `json:"name"`
}

// NamedContext joins a cluster and a user.
type NamedContext struct {
	Context struct {
		Cluster string `json:"cluster"`
		User    string `json:"user"`
	} `json:"context"`
	Name string `json:"name"`
}

// NamedUser has the credentials.
type NamedUser struct {
	Name string `json:"name"`
	User User   `json:"user"`
}

// User has the credentials themselves.
type User struct {
	CertificateFile string `json:"client-certificate,omitempty"`
	CertificateData []byte `json:"client-certificate-data,omitempty"`
	KeyFile         string `json:"client-key,omitempty"`
	KeyData         []byte `json:"client-key-data,omitempty"`
	Token           string `json:"token,omitempty"`
}

// NewKubeconfig builds a file with one cluster, context and user.
func NewKubeconfig(cluster, context, user, server string, ca []byte, credentials User) *Kubeconfig {
	k := &Kubeconfig{APIVersion: "v1", Kind: "Config", CurrentContext: context}
	c := NamedCluster{Name: cluster}
	c.Cluster.CAData, c.Cluster.Server = ca, server
	x := NamedContext{Name: context}
	x.Context.Cluster, x.Context.User = cluster, user
	k.Clusters, k.Contexts = []NamedCluster{c}, []NamedContext{x}
	k.Users = []NamedUser{{Name: user, User: credentials}}
	return k
}

// Bytes is the YAML text.
func (k *Kubeconfig) Bytes() ([]byte, error) { return yaml.Marshal(k) }

// ParseKubeconfig reads YAML text.
func ParseKubeconfig(content []byte) (*Kubeconfig, error) {
	var k Kubeconfig
	if err := yaml.Unmarshal(content, &k); err != nil {
		return nil, err
	}
	if len(k.Clusters) == 0 || len(k.Users) == 0 || len(k.Contexts) == 0 {
		return nil, errors.New("invalid configuration: no cluster, context or user in kubeconfig")
	}
	return &k, nil
}

// LoadKubeconfig reads a file.
func LoadKubeconfig(path string) (*Kubeconfig, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	k, err := ParseKubeconfig(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

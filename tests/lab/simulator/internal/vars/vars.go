// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package vars knows where k0s keeps its files, and the runtime configuration that marks a running k0s.
package vars

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"

	"mke4k.core/tests/lab/simulator/internal/config"
)

// DefaultDataDir is where k0s keeps its state.
const DefaultDataDir = "/var/lib/k0s"

// Vars has the fields of k0s' own variables, as its status shows them.
type Vars struct {
	InvocationID               string
	AdminKubeConfigPath        string
	BinDir                     string
	CertRootDir                string
	DataDir                    string
	KubeletRootDir             string
	EtcdCertDir                string
	EtcdDataDir                string
	KineSocketPath             string
	KonnectivitySocketDir      string
	KubeletAuthConfigPath      string
	ManifestsDir               string
	RunDir                     string
	KonnectivityKubeConfigPath string
	OCIBundleDir               string
	DefaultStorageType         string
	RuntimeConfigPath          string
	StatusSocketPath           string
	StartupConfigPath          string
	HelmHome                   string
	HelmRepositoryCache        string
	HelmRepositoryConfig       string
}

// Options are the flags that move files.
type Options struct {
	DataDir, KubeletRootDir, Config, StatusSocket string
	Single                                        bool
}

// New derives all paths from the flags.
func New(o Options) (*Vars, error) {
	data, err := filepath.Abs(orElse(o.DataDir, DefaultDataDir))
	if err != nil {
		return nil, err
	}
	kubelet, err := filepath.Abs(orElse(o.KubeletRootDir, filepath.Join(data, "kubelet")))
	if err != nil {
		return nil, err
	}
	run := "/run/k0s"
	if os.Geteuid() != 0 {
		run = filepath.Join(data, "run")
	}
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		return nil, err
	}
	storage := "etcd"
	if o.Single {
		storage = "kine"
	}
	pki, helm := filepath.Join(data, "pki"), filepath.Join(data, "helmhome")
	return &Vars{
		InvocationID:               hex.EncodeToString(id),
		AdminKubeConfigPath:        filepath.Join(pki, "admin.conf"),
		BinDir:                     filepath.Join(data, "bin"),
		CertRootDir:                pki,
		DataDir:                    data,
		KubeletRootDir:             kubelet,
		EtcdCertDir:                filepath.Join(pki, "etcd"),
		EtcdDataDir:                filepath.Join(data, "etcd"),
		KineSocketPath:             filepath.Join(run, "kine", "kine.sock:2379"),
		KonnectivitySocketDir:      filepath.Join(run, "konnectivity-server"),
		KubeletAuthConfigPath:      filepath.Join(data, "kubelet.conf"),
		ManifestsDir:               filepath.Join(data, "manifests"),
		RunDir:                     run,
		KonnectivityKubeConfigPath: filepath.Join(pki, "konnectivity.conf"),
		OCIBundleDir:               filepath.Join(data, "images"),
		DefaultStorageType:         storage,
		RuntimeConfigPath:          filepath.Join(run, "k0s.yaml"),
		StatusSocketPath:           orElse(o.StatusSocket, filepath.Join(run, "status.sock")),
		StartupConfigPath:          orElse(o.Config, config.DefaultPath),
		HelmHome:                   helm,
		HelmRepositoryCache:        filepath.Join(helm, "cache"),
		HelmRepositoryConfig:       filepath.Join(helm, "repositories.yaml"),
	}, nil
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

// NodeConfig reads the configuration that these variables point to.
func (v *Vars) NodeConfig() (*config.ClusterConfig, error) {
	return config.Load(v.StartupConfigPath, v.DefaultStorageType == "kine", v.DataDir)
}

// Pki is a file below the certificates.
func (v *Vars) Pki(parts ...string) string {
	return filepath.Join(append([]string{v.CertRootDir}, parts...)...)
}

// EtcdDatabase is the file whose existence says that this controller has joined.
func (v *Vars) EtcdDatabase() string {
	return filepath.Join(v.EtcdDataDir, "member", "snap", "db")
}

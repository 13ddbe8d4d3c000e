// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package vars

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"sigs.k8s.io/yaml"

	"mke4k.core/tests/lab/simulator/internal/config"
)

// ErrNotRunning and ErrRunning are k0s' words for its lock.
var (
	ErrNotRunning = errors.New("k0s is not running")
	ErrRunning    = errors.New("an instance of k0s is already running")
)

type runtimeConfig struct {
	Metadata   map[string]any `json:"metadata"`
	Kind       string         `json:"kind"`
	APIVersion string         `json:"apiVersion"`
	Spec       runtimeSpec    `json:"spec"`
}

type runtimeSpec struct {
	NodeConfig *config.ClusterConfig `json:"nodeConfig"`
	K0sVars    *Vars                 `json:"k0sVars"`
}

// Runtime is the held lock of a running controller.
type Runtime struct {
	path string
	lock *os.File
}

// Lock writes the runtime configuration and keeps other controllers out until Release.
func (v *Vars) Lock(node *config.ClusterConfig) (*Runtime, error) {
	file, err := os.OpenFile(v.RuntimeConfigPath+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(ErrRunning, file.Close())
	}
	document := runtimeConfig{
		Metadata:   map[string]any{"creationTimestamp": time.Now().UTC().Format(time.RFC3339)},
		Kind:       "RuntimeConfig",
		APIVersion: "k0s.k0sproject.io/v1beta1",
		Spec:       runtimeSpec{NodeConfig: node, K0sVars: v},
	}
	content, err := yaml.Marshal(document)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(v.RuntimeConfigPath, content, 0o600); err != nil {
		return nil, fmt.Errorf("failed to write runtime config: %w", err)
	}
	return &Runtime{path: v.RuntimeConfigPath, lock: file}, nil
}

// Release removes the runtime configuration.
func (r *Runtime) Release() error {
	return errors.Join(os.Remove(r.path), r.lock.Close(), os.Remove(r.lock.Name()))
}

// Running returns the variables of the controller that runs on this host, else these.
func (v *Vars) Running() *Vars {
	if !locked(v.RuntimeConfigPath + ".lock") {
		return v
	}
	content, err := os.ReadFile(v.RuntimeConfigPath)
	if err != nil {
		return v
	}
	var document runtimeConfig
	if err := yaml.Unmarshal(content, &document); err != nil || document.Spec.K0sVars == nil {
		return v
	}
	return document.Spec.K0sVars
}

// Locked tells whether a controller holds the lock.
func (v *Vars) Locked() bool { return locked(v.RuntimeConfigPath + ".lock") }

func locked(path string) bool {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil
}

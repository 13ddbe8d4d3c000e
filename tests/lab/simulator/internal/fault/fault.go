// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package fault reads what the simulator is told to do wrong.
package fault

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"

	"mke4k.core/tests/lab/simulator/internal/logs"
)

// DefaultPath is where the switches are looked for; K0S_SIMULATOR_FILE names another file.
const DefaultPath = "/etc/k0s-simulator.json"

// Faults are the switches; all are off by default. Those marked live act while k0s runs.
type Faults struct {
	// Start is "crash" (k0s ends at once with an error) or "hang" (it never gets ready).
	Start string `json:"start"`
	// SlowStartSeconds is how long k0s waits before it starts anything.
	SlowStartSeconds float64 `json:"slow_start_seconds"`
	// Join is "refuse": this host's join API rejects every token and this host's own joining is rejected. Live.
	Join string `json:"join"`
	// EtcdLost keeps the local etcd stopped. Live.
	EtcdLost bool `json:"etcd_lost"`
	// APILost keeps the local API server stopped. Live.
	APILost bool `json:"api_lost"`
	// KubeletNotReady makes the node report Ready=False. Live.
	KubeletNotReady bool `json:"kubelet_not_ready"`
	// StopSeconds is how long k0s takes to stop, on top of what it needs.
	StopSeconds float64 `json:"stop_seconds"`
	// NoControllerManager leaves kube-controller-manager and kube-scheduler out, to save memory.
	NoControllerManager bool `json:"no_controller_manager"`
	// Sysinfo is "reject": `k0s sysinfo` fails with one rejected probe.
	Sysinfo string `json:"sysinfo"`
	// Pods says how pods on this host's node fail, by patterns for NAMESPACE/NAME. Live.
	Pods map[string]string `json:"pods"`
}

// Read returns the switches as they are now.
func Read() Faults {
	path := os.Getenv("K0S_SIMULATOR_FILE")
	if path == "" {
		path = DefaultPath
	}
	var faults Faults
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return faults
	}
	if err == nil {
		err = json.Unmarshal(content, &faults)
	}
	if err != nil {
		logs.Error("can't read the simulator's switches", "error", err.Error())
		return Faults{}
	}
	return faults
}

// AtStart crashes or waits as told.
func AtStart(ctx context.Context) error {
	faults := Read()
	if faults.Start == "crash" {
		return errors.New("the simulator was told to crash at start")
	}
	wait := time.Duration(faults.SlowStartSeconds * float64(time.Second))
	if faults.Start == "hang" {
		wait = 100 * time.Hour
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

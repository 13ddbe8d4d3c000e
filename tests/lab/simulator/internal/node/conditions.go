// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package node

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"
)

type condition struct {
	Type               string `json:"type"`
	Status             string `json:"status"`
	LastHeartbeatTime  string `json:"lastHeartbeatTime"`
	LastTransitionTime string `json:"lastTransitionTime"`
	Reason             string `json:"reason"`
	Message            string `json:"message"`
}

// conditions keeps the time of the last transition of those that stay as they are.
func conditions(old []condition, ready bool) []condition {
	list := []condition{
		{Type: "MemoryPressure", Status: "False", Reason: "KubeletHasSufficientMemory",
			Message: "kubelet has sufficient memory available"},
		{Type: "DiskPressure", Status: "False", Reason: "KubeletHasNoDiskPressure",
			Message: "kubelet has no disk pressure"},
		{Type: "PIDPressure", Status: "False", Reason: "KubeletHasSufficientPID",
			Message: "kubelet has sufficient PID available"},
		{Type: "Ready", Status: "True", Reason: "KubeletReady", Message: "kubelet is posting ready status"},
	}
	if !ready {
		list[3] = condition{Type: "Ready", Status: "False", Reason: "KubeletNotReady",
			Message: "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady " +
				"message:Network plugin returns error: cni plugin not initialized"}
	}
	now := time.Now().UTC().Format(time.RFC3339)
	for i := range list {
		list[i].LastHeartbeatTime, list[i].LastTransitionTime = now, now
		for _, previous := range old {
			if previous.Type == list[i].Type && previous.Status == list[i].Status && previous.LastTransitionTime != "" {
				list[i].LastTransitionTime = previous.LastTransitionTime
			}
		}
	}
	return list
}

// hasNetwork tells whether a network plugin is configured; until then containerd reports the network as not ready.
func hasNetwork(dir string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	for _, entry := range entries {
		switch filepath.Ext(entry.Name()) {
		case ".conf", ".conflist", ".json":
			return true
		}
	}
	return false
}

func decodeKubelet(text string) (map[string]any, error) {
	values := map[string]any{}
	if text == "" {
		return values, nil
	}
	return values, json.Unmarshal([]byte(text), &values)
}

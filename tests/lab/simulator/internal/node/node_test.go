// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package node

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestNames(t *testing.T) {
	args := SplitArgs(`--hostname-override=Node-1 --node-ip=10.0.0.1 "--v=2"`)
	name, err := NameOf(args)
	if err != nil || name != "node-1" || args["--node-ip"] != "10.0.0.1" || args["--v"] != "2" {
		t.Errorf("got %s, %v, %v", name, err, args)
	}
}

func TestVersions(t *testing.T) {
	if got := MinorVersion("v1.33.13+k0s.0"); got != "1.33" {
		t.Errorf("got %s", got)
	}
	if got := kubeletVersion("v1.33.13+k0s.0"); got != "v1.33.13+k0s" {
		t.Errorf("got %s", got)
	}
}

func TestTaints(t *testing.T) {
	got := parseTaints([]string{"node-role.kubernetes.io/control-plane:NoSchedule", "a=b:NoExecute"})
	wanted := []map[string]any{
		{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"},
		{"key": "a", "value": "b", "effect": "NoExecute"},
	}
	if !reflect.DeepEqual(got, wanted) {
		t.Errorf("got %v", got)
	}
}

func TestConditionsKeepTheirTransition(t *testing.T) {
	old := []condition{{Type: "Ready", Status: "True", LastTransitionTime: "2020-01-01T00:00:00Z"}}
	if got := conditions(old, true)[3]; got.LastTransitionTime != old[0].LastTransitionTime || got.LastHeartbeatTime == "" {
		t.Errorf("got %+v", got)
	}
	if got := conditions(old, false)[3]; got.Status != "False" || got.LastTransitionTime == old[0].LastTransitionTime {
		t.Errorf("got %+v", got)
	}
}

func TestTokensOfControllersAreRefused(t *testing.T) {
	if _, err := FromToken("x"); err == nil {
		t.Error("no token was accepted")
	}
}

func TestNetworkPlugins(t *testing.T) {
	dir := t.TempDir()
	if hasNetwork(dir) || hasNetwork(filepath.Join(dir, "none")) {
		t.Error("there is no plugin")
	}
	if err := os.WriteFile(filepath.Join(dir, "10-lab.conflist"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if !hasNetwork(dir) {
		t.Error("there is a plugin")
	}
}

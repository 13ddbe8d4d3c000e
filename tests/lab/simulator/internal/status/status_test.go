// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package status

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

func serve(t *testing.T, s Status) string {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "status.sock")
	s.K0sVars = &vars.Vars{StatusSocketPath: socket}
	server := &Server{Status: s}
	if err := server.Listen(); err != nil {
		t.Fatal(err)
	}
	server.Serve()
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return socket
}

func TestControllerStatus(t *testing.T) {
	socket := serve(t, Status{Version: "v1.33.13+k0s.0", Pid: 7, Role: "controller", ClusterConfig: config.Default()})
	got, err := Ask(socket)
	if err != nil {
		t.Fatal(err)
	}
	if got.Pid != 7 || got.WorkerToAPIConnectionStatus.Success || got.ClusterConfig.Spec.API.Port != 6443 {
		t.Errorf("got %+v", got)
	}
	components, err := AskComponents(socket, 1)
	if err != nil || len(components.HealthProbes) > 0 {
		t.Errorf("got %v, %v", components, err)
	}
}

func TestWorkerThatHasNotJoined(t *testing.T) {
	got, err := Ask(serve(t, Status{Role: "worker", Workloads: true}))
	if err != nil {
		t.Fatal(err)
	}
	if got.WorkerToAPIConnectionStatus.Success || !strings.Contains(got.WorkerToAPIConnectionStatus.Message, "kubelet failed to init") {
		t.Errorf("got %+v", got.WorkerToAPIConnectionStatus)
	}
}

func TestFieldsAndTheirNames(t *testing.T) {
	content, err := json.Marshal(Status{})
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(content, &fields); err != nil {
		t.Fatal(err)
	}
	wanted := []string{"Version", "Pid", "PPid", "Role", "SysInit", "StubFile", "Output", "Workloads", "SingleNode", "Args",
		"WorkerToAPIConnectionStatus", "ClusterConfig", "K0sVars"}
	for _, name := range wanted {
		if _, found := fields[name]; !found {
			t.Errorf("%s is missing", name)
		}
	}
	for name := range fields {
		if !slices.Contains(wanted, name) {
			t.Errorf("%s is not in k0s' status", name)
		}
	}
}

func TestMessageWhenNothingRuns(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "status.sock")
	_, err := Ask(socket)
	wanted := `status: can't get "status" via "` + socket + `": Get "http://localhost/status": dial unix ` + socket +
		": connect: no such file or directory"
	if err == nil || err.Error() != wanted {
		t.Errorf("got %v, wanted %s", err, wanted)
	}
}

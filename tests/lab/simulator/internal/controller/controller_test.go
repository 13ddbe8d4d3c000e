// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package controller

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

func sample(t *testing.T) *Controller {
	t.Helper()
	v, err := vars.New(vars.Options{DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return &Controller{Vars: v, Config: config.Default(), Version: "v1.33.13+k0s.0"}
}

func TestFirstAddressOfTheServiceRange(t *testing.T) {
	if got, err := firstOf("10.96.0.0/12"); err != nil || got != "10.96.0.1" {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestAnonymousRequestsAreRefused(t *testing.T) {
	if !slices.Contains(render(sample(t).apiArgs()), "--anonymous-auth=false") {
		t.Error("a probe without credentials must get 401")
	}
}

func TestProfilesReachTheKubelet(t *testing.T) {
	c := sample(t)
	object, err := c.profile("big", "1.33", json.RawMessage(`{"maxPods": 200}`), c.Config.Spec)
	if err != nil {
		t.Fatal(err)
	}
	data, _ := object["data"].(map[string]any)
	text, _ := data["kubeletConfiguration"].(string)
	if nameOf(object) != "worker-config-big-1.33" || !strings.Contains(text, `"maxPods":200`) ||
		!strings.Contains(text, `"clusterDNS":["10.96.0.10"]`) {
		t.Errorf("got %v", object)
	}
}

func TestLeasesRunOut(t *testing.T) {
	now := time.Now().UTC()
	s := (&lease{holder: "me"}).mine(leaseSpec{}, now)
	if s.expired(now.Add(59*time.Second)) || !s.expired(now.Add(61*time.Second)) {
		t.Errorf("got %+v", s)
	}
	if !(leaseSpec{}).expired(now) {
		t.Error("a lease without a time is free")
	}
}

func TestEmbeddedManifests(t *testing.T) {
	for _, text := range [][]byte{rbac, crds} {
		var objects []kubeapi.Object
		if err := yaml.Unmarshal(text, &objects); err != nil || len(objects) < 3 {
			t.Errorf("got %d objects, %v", len(objects), err)
		}
	}
}

func TestOnlyNodesAndTokensAreTrusted(t *testing.T) {
	if trusted([]string{"system:authenticated"}) || !trusted([]string{"system:bootstrappers"}) {
		t.Error("wrong groups")
	}
}

func TestNodeAddress(t *testing.T) {
	if got := nodeAddress(map[string]string{"--node-ip": "10.1.1.1"}, "10.0.0.1"); got != "10.1.1.1" {
		t.Errorf("got %s", got)
	}
}

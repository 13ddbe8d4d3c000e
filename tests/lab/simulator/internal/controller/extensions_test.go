// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package controller

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mke4k.core/tests/lab/simulator/internal/charts"
	"mke4k.core/tests/lab/simulator/internal/config"
)

func helmSpec(t *testing.T, text string) *config.Spec {
	t.Helper()
	var spec config.Spec
	if err := json.Unmarshal([]byte(`{"extensions": {"helm": `+text+`}}`), &spec); err != nil {
		t.Fatal(err)
	}
	return &spec
}

func withCharts(t *testing.T) *Controller {
	t.Helper()
	c := sample(t)
	c.charts = &charts.Controller{}
	return c
}

func TestStaticChartsBecomeManifests(t *testing.T) {
	c := withCharts(t)
	one := `{"name": "web", "chartname": "oci://r/web", "version": "1.0.0", "namespace": "ns", "timeout": "60s", "values": "a: 1\n", "order": 2}`
	content, err := staticChart(helmSpec(t, `{"charts": [`+one+`]}`).Extensions.Helm.Charts[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"name: k0s-addon-chart-web", "releaseName: web", "timeout: 1m0s", charts.Finalizer, "namespace: ns",
	} {
		if !strings.Contains(string(content), want) {
			t.Errorf("lacks %s:\n%s", want, content)
		}
	}
	dir := c.chartsDir()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "2_helm_extension_web.yaml"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	objects, digest, err := readStack(dir)
	if err != nil || len(objects) != 1 || digest == "" {
		t.Fatal(objects, err)
	}
	metadata, _ := objects[0]["metadata"].(map[string]any)
	if labels, _ := metadata["labels"].(map[string]any); labels[stackLabel] != "helm" {
		t.Errorf("got %v", metadata)
	}
}

func TestTimeoutsOfStaticCharts(t *testing.T) {
	for text, want := range map[string]string{`"90s"`: "1m30s", `60000000000`: "1m0s", ``: "0s"} {
		if got, err := chartTimeout(json.RawMessage(text)); err != nil || got != want {
			t.Errorf("%s: got %s, %v", text, got, err)
		}
	}
}

func TestNoStackIsNoError(t *testing.T) {
	if objects, _, err := readStack(filepath.Join(t.TempDir(), "none")); err != nil || objects != nil {
		t.Errorf("got %v, %v", objects, err)
	}
}

// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package controller

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"sigs.k8s.io/yaml"

	"mke4k.core/tests/lab/simulator/internal/charts"
	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
)

const (
	chartsPath    = "/apis/helm.k0sproject.io/v1beta1/namespaces/" + charts.Namespace + "/charts"
	stackLabel    = "k0s.k0sproject.io/stack"
	checksumField = "k0s.k0sproject.io/stack-checksum"
)

var chartFile = regexp.MustCompile(`^-?[0-9]+_helm_extension_.+\.yaml$`)

// prepareCharts does what every controller does, leader or not.
func (c *Controller) prepareCharts() error {
	if c.disabled("helm") {
		return nil
	}
	var err error
	if c.charts, err = charts.New(c.Vars, c.Version); err != nil {
		return err
	}
	if c.Options.DynamicConfig {
		return nil
	}
	if err := c.configureCharts(c.Config.Spec); err != nil {
		logs.Error("Failed to reconcile extensions", "component", "extensions_controller", "error", err.Error())
	}
	return nil
}

// configureCharts makes the repositories known and writes the manifests of spec.extensions.helm.charts.
func (c *Controller) configureCharts(spec *config.Spec) error {
	if c.charts == nil || spec.Extensions == nil || spec.Extensions.Helm == nil {
		return nil
	}
	if err := c.charts.Repositories(spec.Extensions.Helm.Repositories); err != nil {
		return err
	}
	dir := c.chartsDir()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var kept []string
	for _, chart := range spec.Extensions.Helm.Charts {
		name := fmt.Sprintf("%d_helm_extension_%s.yaml", chart.Order, chart.Name)
		content, err := staticChart(chart)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return err
		}
		kept = append(kept, name)
	}
	names, err := chartFiles(dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if slices.Contains(kept, name) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

func (c *Controller) chartsDir() string { return filepath.Join(c.Vars.ManifestsDir, "helm") }

func chartFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if chartFile.MatchString(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

func staticChart(chart config.Chart) ([]byte, error) {
	timeout, err := chartTimeout(chart.Timeout)
	if err != nil {
		return nil, err
	}
	spec := map[string]any{
		"chartName": chart.ChartName, "releaseName": chart.Name, "timeout": timeout,
		"values": "\n" + strings.TrimRight(chart.Values, "\n") + "\n", "version": chart.Version, "namespace": chart.TargetNS,
	}
	if chart.ForceUpgrade != nil {
		spec["forceUpgrade"] = *chart.ForceUpgrade
	}
	return yaml.Marshal(kubeapi.Object{
		"apiVersion": "helm.k0sproject.io/v1beta1", "kind": "Chart", "spec": spec,
		"metadata": map[string]any{
			"name": "k0s-addon-chart-" + chart.Name, "namespace": charts.Namespace,
			"finalizers": []string{charts.Finalizer},
		},
	})
}

// chartTimeout takes a duration as text or as a number of nanoseconds.
func chartTimeout(value json.RawMessage) (string, error) {
	text, err := strconv.Unquote(string(value))
	if err != nil {
		nanoseconds, _ := strconv.ParseInt(string(value), 10, 64)
		return time.Duration(nanoseconds).String(), nil
	}
	timeout, err := time.ParseDuration(text)
	return timeout.String(), err
}

// workOnCharts runs the chart controller while this host leads.
func (c *Controller) workOnCharts(ctx context.Context) {
	if c.charts == nil {
		return
	}
	err := kubeapi.Wait(ctx, 500*time.Millisecond, func(ctx context.Context) error {
		return c.client.Get(ctx, chartsPath+"?limit=1", nil)
	})
	if err == nil {
		c.charts.Run(ctx)
	}
}

// chartStack applies the manifests of the leader's own charts and removes those that are in none of its files,
// also when another controller put them there.
type chartStack struct {
	controller *Controller
	applied    string
}

func (s *chartStack) follow(ctx context.Context) {
	if s.controller.charts == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	if err := s.apply(ctx); err != nil && ctx.Err() == nil {
		logs.Warn("stack apply failed", "component", "applier", "bundle", "helm", "error", err.Error())
	}
}

func (s *chartStack) apply(ctx context.Context) error {
	objects, digest, err := readStack(s.controller.chartsDir())
	if err != nil || digest == s.applied {
		return err
	}
	var kept []string
	for _, object := range objects {
		if err := s.put(ctx, object); err != nil {
			return err
		}
		kept = append(kept, nameOf(object))
	}
	if err := s.prune(ctx, kept); err != nil {
		return err
	}
	s.applied = digest
	return nil
}

func readStack(dir string) ([]kubeapi.Object, string, error) {
	names, err := chartFiles(dir)
	if err != nil && !os.IsNotExist(err) {
		return nil, "", err
	}
	digest := sha256.New()
	var objects []kubeapi.Object
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, "", err
		}
		var object kubeapi.Object
		if err := yaml.Unmarshal(content, &object); err != nil {
			return nil, "", fmt.Errorf("%s: %w", name, err)
		}
		sum := sha256.Sum256(content)
		digest.Write(sum[:])
		metadata, _ := object["metadata"].(map[string]any)
		metadata["labels"] = map[string]any{stackLabel: "helm"}
		metadata["annotations"] = map[string]any{checksumField: hex.EncodeToString(sum[:16])}
		objects = append(objects, object)
	}
	return objects, hex.EncodeToString(digest.Sum(nil)), nil
}

// put leaves alone what was made from the same text, whatever somebody has changed in it since.
func (s *chartStack) put(ctx context.Context, object kubeapi.Object) error {
	path := chartsPath + "/" + nameOf(object)
	var current struct {
		Metadata struct{ Annotations map[string]string }
	}
	err := s.controller.client.Get(ctx, path, &current)
	if kubeapi.IsCode(err, http.StatusNotFound) {
		return s.controller.client.Create(ctx, chartsPath, object, nil)
	}
	if err != nil {
		return err
	}
	metadata, _ := object["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	if annotations[checksumField] == current.Metadata.Annotations[checksumField] {
		return nil
	}
	return s.controller.client.Merge(ctx, path, object, nil)
}

func (s *chartStack) prune(ctx context.Context, kept []string) error {
	var list struct{ Items []kubeapi.Object }
	if err := s.controller.client.Get(ctx, chartsPath+"?labelSelector="+stackLabel+"=helm", &list); err != nil {
		return err
	}
	for _, item := range list.Items {
		if slices.Contains(kept, nameOf(item)) {
			continue
		}
		options := kubeapi.Object{"propagationPolicy": "Foreground"}
		err := s.controller.client.Delete(ctx, chartsPath+"/"+nameOf(item), options)
		if err != nil && !kubeapi.IsCode(err, http.StatusNotFound) {
			return err
		}
	}
	return nil
}

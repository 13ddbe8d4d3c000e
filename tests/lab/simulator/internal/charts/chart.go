// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package charts is the simulator's chart controller: it installs, upgrades and uninstalls what Chart objects ask
// for with Helm itself, and writes their status as k0s does.
package charts

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"mke4k.core/tests/lab/simulator/internal/logs"
)

const (
	// Namespace is the only one whose Charts are looked at.
	Namespace = "kube-system"
	// Finalizer makes k0s uninstall the release of a deleted Chart.
	Finalizer = "helm.k0sproject.io/uninstall-helm-release"

	defaultTimeout = 10 * time.Minute
)

// Resource is where Charts are served.
var Resource = schema.GroupVersionResource{Group: "helm.k0sproject.io", Version: "v1beta1", Resource: "charts"}

// Chart is one object of kind Chart.
type Chart struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`

	Spec   Spec   `json:"spec"`
	Status Status `json:"status"`
}

// Spec is what the object asks for.
type Spec struct {
	ChartName    string `json:"chartName,omitempty"`
	ReleaseName  string `json:"releaseName,omitempty"`
	Values       string `json:"values,omitempty"`
	Version      string `json:"version,omitempty"`
	Namespace    string `json:"namespace,omitempty"`
	Timeout      string `json:"timeout,omitempty"`
	ForceUpgrade *bool  `json:"forceUpgrade,omitempty"`
	Order        int64  `json:"order,omitempty"`
}

// Status is what was done last.
type Status struct {
	AppVersion  string `json:"appVersion,omitempty"`
	Error       string `json:"error,omitempty"`
	Namespace   string `json:"namespace,omitempty"`
	ReleaseName string `json:"releaseName,omitempty"`
	Revision    int64  `json:"revision,omitempty"`
	Updated     string `json:"updated,omitempty"`
	ValuesHash  string `json:"valuesHash,omitempty"`
	Version     string `json:"version,omitempty"`
}

func fromObject(object *unstructured.Unstructured) (*Chart, error) {
	var chart Chart
	return &chart, runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &chart)
}

// releaseName is the release's, which defaults to the object's own name.
func (c *Chart) releaseName() string {
	if c.Spec.ReleaseName != "" {
		return c.Spec.ReleaseName
	}
	return c.Name
}

// valuesHash is over the text: a comment changes it.
func (c *Chart) valuesHash() string {
	digest := sha256.Sum256([]byte(c.releaseName() + c.Spec.Values))
	return hex.EncodeToString(digest[:])
}

// needsUpgrade judges a Chart that is installed. The chart's name is not part of it, and neither is the error:
// so another chartName does nothing, and a failed upgrade whose hash is written already is not tried again.
func (c *Chart) needsUpgrade() bool {
	return c.Status.Version != c.Spec.Version || c.Status.ValuesHash != c.valuesHash() ||
		c.Status.Namespace != c.Spec.Namespace || c.Status.ReleaseName != c.releaseName()
}

// values are empty when the text is no YAML, and nobody is told.
func (c *Chart) values() map[string]any {
	values := map[string]any{}
	if err := yaml.Unmarshal([]byte(c.Spec.Values), &values); err != nil {
		logs.Warn("broken yaml values", "chart", c.Name)
		return map[string]any{}
	}
	return values
}

func (c *Chart) timeout() time.Duration {
	timeout, err := time.ParseDuration(c.Spec.Timeout)
	if err != nil || timeout == 0 {
		return defaultTimeout
	}
	return timeout
}

func (c *Chart) forced() bool { return c.Spec.ForceUpgrade == nil || *c.Spec.ForceUpgrade }

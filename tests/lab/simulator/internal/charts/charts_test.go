// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package charts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/storage/driver"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
)

// store is an API with one object.
type store struct {
	dynamic.ResourceInterface
	object *unstructured.Unstructured
	patch  string
}

func (s *store) Get(_ context.Context, name string, _ metav1.GetOptions, _ ...string) (*unstructured.Unstructured, error) {
	if s.object == nil {
		return nil, apierrors.NewNotFound(Resource.GroupResource(), name)
	}
	return s.object.DeepCopy(), nil
}

func (s *store) UpdateStatus(_ context.Context, object *unstructured.Unstructured, _ metav1.UpdateOptions) (*unstructured.Unstructured, error) {
	s.object = object.DeepCopy()
	return object, nil
}

func (s *store) Patch(_ context.Context, _ string, _ types.PatchType, data []byte, _ metav1.PatchOptions, _ ...string) (*unstructured.Unstructured, error) {
	s.patch = string(data)
	return s.object, nil
}

// played says what was asked of Helm and fails as told.
type played struct {
	calls []string
	err   error
	panic bool
}

func (p *played) done(call string, c *Chart) (*release.Release, error) {
	p.calls = append(p.calls, call)
	if p.panic {
		panic("no client")
	}
	if p.err != nil {
		return nil, p.err
	}
	return &release.Release{
		Name: c.releaseName(), Namespace: c.Spec.Namespace, Version: int(c.Status.Revision) + 1,
		Chart: &chart.Chart{Metadata: &chart.Metadata{Version: c.Spec.Version, AppVersion: "1"}},
	}, nil
}

func (p *played) install(_ context.Context, c *Chart) (*release.Release, error) {
	return p.done("install", c)
}
func (p *played) upgrade(_ context.Context, c *Chart) (*release.Release, error) {
	return p.done("upgrade", c)
}
func (p *played) uninstall(_ context.Context, name, _ string) error {
	p.calls = append(p.calls, "uninstall "+name)
	return p.err
}

func object(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		t.Fatal(err)
	}
	return &unstructured.Unstructured{Object: fields}
}

const wanted = `"metadata": {"name": "app", "namespace": "kube-system", "finalizers": ["other", "helm.k0sproject.io/uninstall-helm-release"]%s},
	"spec": {"chartName": "oci://r/app", "namespace": "ns", "version": "1.0.0", "values": "a: 1"}`

func run(t *testing.T, p *played, text string) (*store, *Chart, error) {
	t.Helper()
	s := &store{object: object(t, text)}
	err := (&reconciler{objects: s, releases: p}).reconcile(context.Background(), "app")
	now, failed := fromObject(s.object)
	if failed != nil {
		t.Fatal(failed)
	}
	return s, now, err
}

func keys(c *Chart) string {
	content, _ := json.Marshal(c.Status)
	var fields map[string]any
	_ = json.Unmarshal(content, &fields)
	return fmt.Sprint(len(fields))
}

func TestInstallWritesWhatK0sWrites(t *testing.T) {
	p := &played{}
	_, now, err := run(t, p, "{"+fmt.Sprintf(wanted, "")+"}")
	if err != nil || p.calls[0] != "install" {
		t.Fatal(err, p.calls)
	}
	s := now.Status
	if s.ReleaseName != "app" || s.Namespace != "ns" || s.Version != "1.0.0" || s.Revision != 1 || s.Error != "" ||
		s.AppVersion != "1" || s.Updated == "" || s.ValuesHash != now.valuesHash() || keys(now) != "7" {
		t.Errorf("got %+v", s)
	}
}

func TestFailedFirstInstallNamesNoRelease(t *testing.T) {
	_, now, err := run(t, &played{err: errors.New("boom")}, "{"+fmt.Sprintf(wanted, "")+"}")
	if err == nil || now.Status.Error != "boom" || now.Status.ReleaseName != "" || keys(now) != "3" {
		t.Errorf("got %v, %+v", err, now.Status)
	}
}

func TestWhatIsAnUpgrade(t *testing.T) {
	deployed := Chart{Spec: Spec{ReleaseName: "r", Namespace: "ns", Version: "1.0.0", ChartName: "oci://a", Values: "a: 1"}}
	deployed.Status = Status{ReleaseName: "r", Namespace: "ns", Version: "1.0.0", ValuesHash: deployed.valuesHash()}
	for name, test := range map[string]struct {
		change func(*Chart)
		want   bool
	}{
		"nothing":      {func(*Chart) {}, false},
		"an old error": {func(c *Chart) { c.Status.Error = "boom" }, false},
		"chart name":   {func(c *Chart) { c.Spec.ChartName = "oci://b" }, false},
		"timeout":      {func(c *Chart) { c.Spec.Timeout = "1m" }, false},
		"values":       {func(c *Chart) { c.Spec.Values = "a: 2" }, true},
		"a comment":    {func(c *Chart) { c.Spec.Values += " # why" }, true},
		"version":      {func(c *Chart) { c.Spec.Version = "v1.0.0" }, true},
		"namespace":    {func(c *Chart) { c.Spec.Namespace = "other" }, true},
	} {
		one := deployed
		test.change(&one)
		if one.needsUpgrade() != test.want {
			t.Errorf("%s: got %v", name, !test.want)
		}
	}
}

func TestFailedUpgradeKeepsTheOldVersion(t *testing.T) {
	text := "{" + fmt.Sprintf(wanted, "") + `, "status": {"releaseName": "app", "namespace": "ns", "version": "0.9.0", "revision": 4}}`
	p := &played{err: errors.New("boom")}
	_, now, err := run(t, p, text)
	if err == nil || p.calls[0] != "upgrade" || now.Status.Version != "0.9.0" || now.Status.Revision != 4 {
		t.Errorf("got %v, %v, %+v", err, p.calls, now.Status)
	}
	if !now.needsUpgrade() {
		t.Error("a failed change of the version must be tried again")
	}
}

func TestFailedChangeOfValuesIsNotTriedAgain(t *testing.T) {
	text := "{" + fmt.Sprintf(wanted, "") + `, "status": {"releaseName": "app", "namespace": "ns", "version": "1.0.0", "valuesHash": "old"}}`
	_, now, err := run(t, &played{err: errors.New("boom")}, text)
	if err == nil || now.needsUpgrade() {
		t.Errorf("got %v, %+v", err, now.Status)
	}
}

func TestDeletionUninstallsAndTakesTheFinalizerAway(t *testing.T) {
	text := "{" + fmt.Sprintf(wanted, `, "deletionTimestamp": "2026-01-01T00:00:00Z"`) + `, "status": {"releaseName": "app", "namespace": "ns"}}`
	for _, err := range []error{nil, fmt.Errorf("can't uninstall: %w", driver.ErrReleaseNotFound)} {
		p := &played{err: err}
		s, _, failed := run(t, p, text)
		if failed != nil || p.calls[0] != "uninstall app" || !strings.Contains(s.patch, `"path":"/metadata/finalizers/1"`) {
			t.Errorf("got %v, %v, %s", failed, p.calls, s.patch)
		}
	}
}

func TestChartWhoseFirstInstallFailedNeverGoes(t *testing.T) {
	text := "{" + fmt.Sprintf(wanted, `, "deletionTimestamp": "2026-01-01T00:00:00Z"`) + `, "status": {"error": "boom"}}`
	p := &played{err: errors.New("release name is invalid: ")}
	if s, _, err := run(t, p, text); err == nil || s.patch != "" || p.calls[0] != "uninstall " {
		t.Errorf("got %v, %v, %s", err, p.calls, s.patch)
	}
}

func TestPanicLeavesNoStatus(t *testing.T) {
	_, now, err := run(t, &played{panic: true}, "{"+fmt.Sprintf(wanted, "")+"}")
	if err == nil || !strings.Contains(err.Error(), "[recovered]") || keys(now) != "0" {
		t.Errorf("got %v, %+v", err, now.Status)
	}
}

func TestGoneChart(t *testing.T) {
	if err := (&reconciler{objects: &store{}, releases: &played{}}).reconcile(context.Background(), "app"); err != nil {
		t.Error(err)
	}
}

func TestBrokenValuesAreNone(t *testing.T) {
	c := Chart{Spec: Spec{Values: "a: ["}}
	if got := c.values(); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	if c.Spec.Values = "a: {b: 1}"; fmt.Sprint(c.values()) != "map[a:map[b:1]]" {
		t.Errorf("got %v", c.values())
	}
}

func TestTimeout(t *testing.T) {
	for text, want := range map[string]string{"": "10m0s", "0s": "10m0s", "soon": "10m0s", "90s": "1m30s"} {
		if got := (&Chart{Spec: Spec{Timeout: text}}).timeout().String(); got != want {
			t.Errorf("%q: got %s", text, got)
		}
	}
}

func TestWhichVersionsUseLogins(t *testing.T) {
	for version, want := range map[string]bool{"v1.33.13+k0s.0": false, "v1.34.0+k0s.0": false, "v1.34.1+k0s.0": true, "v1.35.4+k0s.1": true, "x": false} {
		if usesLogins(version) != want {
			t.Errorf("%s: got %v", version, !want)
		}
	}
}

// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package charts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/storage/driver"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/util/retry"

	"mke4k.core/tests/lab/simulator/internal/logs"
)

// releases is what Helm does for a Chart.
type releases interface {
	install(ctx context.Context, c *Chart) (*release.Release, error)
	upgrade(ctx context.Context, c *Chart) (*release.Release, error)
	uninstall(ctx context.Context, name, namespace string) error
}

type reconciler struct {
	objects  dynamic.ResourceInterface
	releases releases
}

// reconcile brings one Chart to what it asks for; an error means that it is to be tried again.
func (r *reconciler) reconcile(ctx context.Context, name string) (err error) {
	// k0s recovers from panics too; Helm has one for a chart without a version and a known registry.
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("panic: %v [recovered]", broken)
		}
	}()
	object, err := r.objects.Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	chart, err := fromObject(object)
	if err != nil {
		return err
	}
	if chart.DeletionTimestamp != nil {
		return r.remove(ctx, chart)
	}
	if chart.Status.ReleaseName == "" {
		done, err := r.releases.install(ctx, chart)
		return r.finish(ctx, chart, done, err, "can't reconcile installation for %q: %w")
	}
	if !chart.needsUpgrade() {
		return nil
	}
	done, err := r.releases.upgrade(ctx, chart)
	return r.finish(ctx, chart, done, err, "can't reconcile upgrade for %q: %w")
}

// remove can't work for a Chart whose first install failed: its status names no release, and Helm refuses the
// empty name for ever.
func (r *reconciler) remove(ctx context.Context, chart *Chart) error {
	name, namespace := chart.Status.ReleaseName, chart.Status.Namespace
	err := r.releases.uninstall(ctx, name, namespace)
	if err != nil && !errors.Is(err, driver.ErrReleaseNotFound) {
		return fmt.Errorf("can't uninstall chart: can't uninstall release `%s/%s`: %w", namespace, name, err)
	}
	index := slices.Index(chart.Finalizers, Finalizer)
	if index < 0 {
		return nil
	}
	path := fmt.Sprintf("/metadata/finalizers/%d", index)
	patch, err := json.Marshal([]map[string]any{
		{"op": "test", "path": path, "value": Finalizer}, {"op": "remove", "path": path},
	})
	if err != nil {
		return err
	}
	if _, err = r.objects.Patch(ctx, chart.Name, types.JSONPatchType, patch, metav1.PatchOptions{}); err != nil {
		return fmt.Errorf("while trying to remove finalizer: %w", err)
	}
	return nil
}

func (r *reconciler) finish(ctx context.Context, chart *Chart, done *release.Release, cause error, text string) error {
	err := retry.RetryOnConflict(retry.DefaultRetry, func() error { return r.writeStatus(ctx, chart, done, cause) })
	if err != nil {
		logs.Error("Failed to update status for chart release, give up", "chart", chart.Name, "error", err.Error())
	}
	if cause == nil {
		return nil
	}
	return fmt.Errorf("can't update or install chart: "+text, chart.Name, cause)
}

// writeStatus goes into the object as it is now, but the hash is of the values that were worked with.
func (r *reconciler) writeStatus(ctx context.Context, chart *Chart, done *release.Release, cause error) error {
	object, err := r.objects.Get(ctx, chart.Name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	current, err := fromObject(object)
	if err != nil {
		return err
	}
	status := nextStatus(current.Status, chart, done, cause, time.Now())
	if object.Object["status"], err = runtime.DefaultUnstructuredConverter.ToUnstructured(&status); err != nil {
		return err
	}
	_, err = r.objects.UpdateStatus(ctx, object, metav1.UpdateOptions{})
	return err
}

func nextStatus(status Status, chart *Chart, done *release.Release, cause error, now time.Time) Status {
	if done != nil {
		status.ReleaseName, status.Namespace, status.Revision = done.Name, done.Namespace, int64(done.Version)
		status.Version, status.AppVersion = done.Chart.Metadata.Version, done.Chart.AppVersion()
	}
	status.Error = ""
	if cause != nil {
		status.Error = cause.Error()
	}
	status.Updated, status.ValuesHash = now.String(), chart.valuesHash()
	return status
}

func nameOf(object any) (string, int64, bool) {
	seen, ok := object.(*unstructured.Unstructured)
	if !ok {
		return "", 0, false
	}
	return seen.GetName(), seen.GetGeneration(), true
}

// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package charts

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/cli"
	"helm.sh/helm/v3/pkg/downloader"
	"helm.sh/helm/v3/pkg/getter"
	"helm.sh/helm/v3/pkg/registry"
	"helm.sh/helm/v3/pkg/release"
	"k8s.io/cli-runtime/pkg/genericclioptions"
)

var getters = getter.Providers{{Schemes: []string{"oci"}, New: getter.NewOCIGetter}}

// helm does the work of a release, one at a time.
type helm struct {
	kubeconfig string
	cache      string
	// repositories is the file of those that are no OCI registries.
	repositories string
	registries   registries
}

func (h *helm) configuration(namespace string) (*action.Configuration, error) {
	// Only through this comes the transport that repeats a request when etcd has no leader.
	flags, ok := cli.New().RESTClientGetter().(*genericclioptions.ConfigFlags)
	if !ok {
		return nil, errors.New("failed to construct Helm REST client")
	}
	insecure, timeout := false, "0"
	getter := &genericclioptions.ConfigFlags{
		KubeConfig: &h.kubeconfig, CacheDir: &h.cache, Namespace: &namespace, Timeout: &timeout, Insecure: &insecure,
		ImpersonateGroup: &[]string{}, WrapConfigFn: flags.WrapConfigFn,
	}
	configuration := &action.Configuration{}
	err := configuration.Init(getter, namespace, "secret", func(string, ...any) {})
	if err != nil {
		return nil, fmt.Errorf("can't create action configuration: %w", err)
	}
	return configuration, nil
}

// locate downloads a chart and returns the path of the archive.
func (h *helm) locate(name, version string, client *registry.Client) (string, error) {
	name = strings.TrimSpace(name)
	if _, err := os.Stat(name); err == nil {
		return filepath.Abs(name)
	}
	if filepath.IsAbs(name) || strings.HasPrefix(name, ".") {
		return "", fmt.Errorf("can't locate chart: path not found: %s", name)
	}
	if err := os.MkdirAll(h.cache, 0o755); err != nil {
		return "", fmt.Errorf("can't locate chart `%s-%s`: %w", name, version, err)
	}
	download := downloader.ChartDownloader{
		Out: os.Stdout, Getters: getters, RegistryClient: client, RepositoryCache: h.cache,
		Options: []getter.Option{getter.WithRegistryClient(client)}, RepositoryConfig: h.repositories,
	}
	path, _, err := download.DownloadTo(name, version, h.cache)
	if err != nil {
		return "", fmt.Errorf("can't locate chart `%s-%s`: %w", name, version, err)
	}
	return filepath.Abs(path)
}

func (h *helm) load(configuration *action.Configuration, name, version string) (*chart.Chart, error) {
	path, err := h.locate(name, version, configuration.RegistryClient)
	if err != nil {
		return nil, err
	}
	loaded, err := loader.Load(path)
	if err != nil {
		return nil, fmt.Errorf("can't load loadedChart `%s`: %w", path, err)
	}
	if kind := loaded.Metadata.Type; kind != "" && kind != "application" {
		return nil, fmt.Errorf("loadedChart with type `%s` is not installable", kind)
	}
	if err := action.CheckDependencies(loaded, loaded.Metadata.Dependencies); err != nil {
		return nil, err
	}
	return loaded, nil
}

func (h *helm) open(chartName, namespace string) (*action.Configuration, error) {
	configuration, err := h.configuration(namespace)
	if err != nil {
		return nil, err
	}
	if configuration.RegistryClient, err = h.registries.client(chartName); err != nil {
		return nil, fmt.Errorf("can't get registry client for chart `%s`: %w", chartName, err)
	}
	return configuration, nil
}

func (h *helm) install(ctx context.Context, c *Chart) (*release.Release, error) {
	configuration, err := h.open(c.Spec.ChartName, c.Spec.Namespace)
	if err != nil {
		return nil, err
	}
	install := action.NewInstall(configuration)
	install.CreateNamespace, install.Atomic, install.Wait, install.WaitForJobs = true, true, true, true
	install.Namespace, install.ReleaseName, install.Timeout = c.Spec.Namespace, c.releaseName(), c.timeout()
	loaded, err := h.load(configuration, c.Spec.ChartName, c.Spec.Version)
	if err != nil {
		return nil, err
	}
	done, err := install.RunWithContext(ctx, loaded, c.values())
	if err != nil {
		return nil, fmt.Errorf("can't install loadedChart `%s`: %w", loaded.Name(), err)
	}
	return done, nil
}

// upgrade works on the release that the status names, not on the one that the specification does.
func (h *helm) upgrade(ctx context.Context, c *Chart) (*release.Release, error) {
	configuration, err := h.open(c.Spec.ChartName, c.Status.Namespace)
	if err != nil {
		return nil, err
	}
	upgrade := action.NewUpgrade(configuration)
	upgrade.Install, upgrade.Atomic, upgrade.Wait, upgrade.WaitForJobs = true, true, true, true
	upgrade.Namespace, upgrade.Timeout, upgrade.Force = c.Status.Namespace, c.timeout(), c.forced()
	loaded, err := h.load(configuration, c.Spec.ChartName, c.Spec.Version)
	if err != nil {
		return nil, err
	}
	done, err := upgrade.RunWithContext(ctx, c.Status.ReleaseName, loaded, c.values())
	if err != nil {
		return nil, fmt.Errorf("can't upgrade loadedChart `%s`: %w", loaded.Name(), err)
	}
	return done, nil
}

func (h *helm) uninstall(ctx context.Context, name, namespace string) error {
	configuration, err := h.configuration(namespace)
	if err != nil {
		return err
	}
	uninstall := action.NewUninstall(configuration)
	if deadline, limited := ctx.Deadline(); limited {
		uninstall.Timeout = time.Until(deadline)
	}
	if _, err := uninstall.Run(name); err != nil {
		return fmt.Errorf("can't uninstall release `%s`: %w", name, err)
	}
	return nil
}

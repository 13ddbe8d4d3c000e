// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

var components = []string{
	"applier-manager", "autopilot", "control-api", "coredns", "csr-approver", "endpoint-reconciler", "helm",
	"konnectivity-server", "kube-controller-manager", "kube-proxy", "kube-scheduler", "metrics-server",
	"network-provider", "node-role", "system-rbac", "update-prober", "windows-node", "worker-config",
}

func controllerFlags(flags *pflag.FlagSet) {
	flags.Bool("enable-worker", false, "enable worker (default false)")
	flags.StringSlice("disable-components", []string{},
		"disable components (valid items: "+strings.Join(components, ",")+")")
	flags.Bool("single", false, "enable single node (implies --enable-worker, default false)")
	flags.Bool("no-taints", false, "disable default taints for controller node")
	flags.Bool("enable-k0s-cloud-provider", false, "enables the k0s-cloud-provider (default false)")
	flags.Duration("k0s-cloud-provider-update-frequency", 2*time.Minute, "the frequency of k0s-cloud-provider node updates")
	flags.Int("k0s-cloud-provider-port", 10258, "the port that k0s-cloud-provider binds on")
	flags.Bool("enable-dynamic-config", false, "enable cluster-wide dynamic config based on custom resource")
	flags.Bool("enable-metrics-scraper", false,
		"enable scraping metrics from the controller components (kube-scheduler, kube-controller-manager)")
	flags.String("kube-controller-manager-extra-args", "", "extra args for kube-controller-manager")
	flags.Bool("init-only", false, "only initialize controller and exit")
}

func workerFlags(flags *pflag.FlagSet) {
	flags.String("kubelet-root-dir", "", "Kubelet root directory for k0s")
	flags.String("profile", "default", "worker profile to use on the node")
	flags.Bool("enable-cloud-provider", false, "Whether or not to enable cloud provider support in kubelet")
	flags.String("token-file", "", "Path to the file containing join-token.")
	flags.VarP(&levels{}, "logging", "l", "Logging Levels for the different components")
	flags.StringSlice("labels", []string{}, "Node labels, list of key=value pairs")
	flags.StringSlice("taints", []string{}, "Node taints, list of key=value:effect strings")
	flags.String("kubelet-extra-args", "", "extra args for kubelet")
	flags.String("iptables-mode", "", "iptables mode (valid values: nft, legacy, auto). default: auto")
	flags.String("cri-socket", "",
		"container runtime socket to use, default to internal containerd. Format: [remote|docker]:[path-to-socket]")
}

var defaultLevels = [][2]string{
	{"containerd", "info"}, {"etcd", "info"}, {"konnectivity-server", "1"}, {"kube-apiserver", "1"},
	{"kube-controller-manager", "1"}, {"kube-scheduler", "1"}, {"kubelet", "1"},
}

// levels is the value of --logging; it prints every component.
type levels struct{ chosen map[string]string }

// Type is what k0s calls it.
func (l *levels) Type() string { return "stringToString" }

// Set reads component=level pairs.
func (l *levels) Set(value string) error {
	l.chosen = map[string]string{}
	value = strings.TrimSuffix(strings.TrimPrefix(value, "["), "]")
	if value == "" {
		return nil
	}
	for _, pair := range strings.Split(value, ",") {
		name, level, found := strings.Cut(pair, "=")
		switch {
		case name == "":
			return fmt.Errorf("component name cannot be empty: %q", pair)
		case !found:
			return fmt.Errorf("must be of format component=level: %q", pair)
		case !slices.ContainsFunc(defaultLevels, func(one [2]string) bool { return one[0] == name }):
			return fmt.Errorf("unknown component name: %q", name)
		}
		l.chosen[name] = level
	}
	return nil
}

// String prints every component's level.
func (l *levels) String() string {
	var pairs []string
	for _, one := range defaultLevels {
		level := one[1]
		if given, found := l.chosen[one[0]]; found {
			level = given
		}
		pairs = append(pairs, one[0]+"="+level)
	}
	return "[" + strings.Join(pairs, ",") + "]"
}

// unitArgs are the explicitly set flags as they go into the unit.
func unitArgs(flags *pflag.FlagSet) ([]string, error) {
	var args []string
	var failed error
	flags.Visit(func(flag *pflag.Flag) {
		value := flag.Value.String()
		switch flag.Name {
		case "env", "force":
			return
		case "data-dir", "kubelet-root-dir", "token-file", "config":
			absolute, err := filepath.Abs(value)
			if err != nil {
				failed = fmt.Errorf("failed to convert --%s=%s to an absolute path: %w", flag.Name, value, err)
			}
			value = absolute
		}
		switch flag.Value.Type() {
		case "stringSlice", "stringToString":
			value = strings.Trim(value, "[]")
		}
		args = append(args, fmt.Sprintf("--%s=%s", flag.Name, value))
	})
	return args, failed
}

func checkComponents(names []string) error {
	for _, name := range names {
		if !slices.Contains(components, name) {
			return fmt.Errorf("unknown component %s", name)
		}
	}
	return nil
}

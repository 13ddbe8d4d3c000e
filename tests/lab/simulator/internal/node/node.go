// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package node

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"mke4k.core/tests/lab/simulator/internal/fault"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

const (
	nodes         = "/api/v1/nodes"
	leases        = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
	cniConfigs    = "/etc/cni/net.d"
	heartbeat     = 10 * time.Second
	statusRefresh = time.Minute
)

// Node is this host as a Kubernetes node.
type Node struct {
	Vars    *vars.Vars
	Name    string
	Address string
	Version string
	Profile string
	Labels  []string
	Taints  []string

	ownNetwork bool
	podCIDR    atomic.Value
	lastIP     netip.Addr
}

// OwnNetwork is the key of the worker profile that says that k0s brings the network provider.
const OwnNetwork = "simulatorOwnNetwork"

// NameOf is the node's name: --hostname-override, else the host name; lower case.
func NameOf(kubeletArgs map[string]string) (string, error) {
	name := kubeletArgs["--hostname-override"]
	if name == "" {
		var err error
		if name, err = os.Hostname(); err != nil {
			return "", err
		}
	}
	if name = strings.ToLower(strings.TrimSpace(name)); name == "" {
		return "", errors.New("empty hostname is invalid")
	}
	return name, nil
}

// SplitArgs splits --kubelet-extra-args into names and values.
func SplitArgs(text string) map[string]string {
	found := map[string]string{}
	for _, word := range strings.Fields(text) {
		name, value, _ := strings.Cut(strings.Trim(word, `"'`), "=")
		if strings.HasPrefix(name, "--") {
			found[name] = strings.Trim(value, `"'`)
		}
	}
	return found
}

// MinorVersion is the 1.33 of v1.33.13+k0s.0.
func MinorVersion(version string) string {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(parts) < 2 {
		return version
	}
	return parts[0] + "." + parts[1]
}

// Run plays the kubelet until ctx ends.
func (n *Node) Run(ctx context.Context) error {
	client, err := kubeapi.NewClientFromFile(n.Vars.KubeletAuthConfigPath)
	if err != nil {
		return err
	}
	profile, err := n.profile(ctx, client)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(n.Vars.KubeletRootDir, 0o755); err != nil {
		return err
	}
	register := func(ctx context.Context) error { return n.register(ctx, client) }
	if err := n.persist(ctx, "register the node", register); err != nil {
		return err
	}
	logs.Info("Successfully registered node", "component", "kubelet", "node", n.Name)
	go n.playPods(ctx, client)
	return n.beat(ctx, client, profile)
}

// profile waits for the worker profile that the controllers publish.
func (n *Node) profile(ctx context.Context, client *kubeapi.Client) (map[string]any, error) {
	name := "worker-config-" + n.Profile + "-" + MinorVersion(n.Version)
	var object struct{ Data map[string]string }
	err := n.persist(ctx, "load worker profile "+n.Profile, func(ctx context.Context) error {
		return client.Get(ctx, "/api/v1/namespaces/kube-system/configmaps/"+name, &object)
	})
	if err != nil {
		return nil, err
	}
	n.ownNetwork = object.Data[OwnNetwork] == "true"
	return decodeKubelet(object.Data["kubeletConfiguration"])
}

// persist repeats a step until it works or ctx ends, and says once a minute why it does not.
func (n *Node) persist(ctx context.Context, what string, step func(context.Context) error) error {
	var said time.Time
	return kubeapi.Wait(ctx, 500*time.Millisecond, func(ctx context.Context) error {
		limited, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		err := step(limited)
		if err != nil && time.Since(said) > time.Minute {
			said = time.Now()
			logs.Warn("Failed to "+what+", retrying", "component", "kubelet", "error", err.Error())
		}
		return err
	})
}

func (n *Node) register(ctx context.Context, client *kubeapi.Client) error {
	labels := map[string]any{
		"kubernetes.io/hostname": n.Name, "kubernetes.io/os": "linux", "kubernetes.io/arch": runtime.GOARCH,
		"beta.kubernetes.io/os": "linux", "beta.kubernetes.io/arch": runtime.GOARCH,
	}
	for _, pair := range n.Labels {
		name, value, _ := strings.Cut(pair, "=")
		labels[name] = value
	}
	object := kubeapi.Object{
		"apiVersion": "v1", "kind": "Node",
		"metadata": map[string]any{"name": n.Name, "labels": labels},
		"spec":     map[string]any{"taints": parseTaints(n.Taints)},
	}
	err := client.Create(ctx, nodes, object, nil)
	if !kubeapi.IsCode(err, http.StatusConflict) {
		return err
	}
	// As the kubelet does: an existing Node gets the labels, never the taints.
	return client.Merge(ctx, nodes+"/"+n.Name, kubeapi.Object{"metadata": map[string]any{"labels": labels}}, nil)
}

func parseTaints(list []string) []map[string]any {
	taints := []map[string]any{}
	for _, text := range list {
		pair, effect, _ := strings.Cut(text, ":")
		name, value, _ := strings.Cut(pair, "=")
		taint := map[string]any{"key": name, "effect": effect}
		if value != "" {
			taint["value"] = value
		}
		taints = append(taints, taint)
	}
	return taints
}

func (n *Node) beat(ctx context.Context, client *kubeapi.Client, profile map[string]any) error {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	var leased, reported time.Time
	lastReady := false
	for {
		ready := !fault.Read().KubeletNotReady && (n.ownNetwork || hasNetwork(cniConfigs))
		if ready != lastReady || time.Since(reported) > statusRefresh {
			if err := n.report(ctx, client, profile, ready); err != nil {
				logs.Warn("Error updating node status, will retry", "component", "kubelet", "error", err.Error())
			} else {
				lastReady, reported = ready, time.Now()
			}
		}
		if time.Since(leased) > heartbeat {
			if err := n.lease(ctx, client); err != nil {
				logs.Warn("Failed to update lease", "component", "kubelet", "error", err.Error())
			} else {
				leased = time.Now()
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

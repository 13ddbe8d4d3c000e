// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package node

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"

	"mke4k.core/tests/lab/simulator/internal/kubeapi"
)

func (n *Node) lease(ctx context.Context, client *kubeapi.Client) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	spec := map[string]any{
		"holderIdentity": n.Name, "leaseDurationSeconds": 40,
		"renewTime": time.Now().UTC().Format("2006-01-02T15:04:05.000000Z07:00"),
	}
	err := client.Merge(ctx, leases+"/"+n.Name, kubeapi.Object{"spec": spec}, nil)
	if !kubeapi.IsCode(err, http.StatusNotFound) {
		return err
	}
	var owner struct{ Metadata struct{ UID string } }
	if err := client.Get(ctx, nodes+"/"+n.Name, &owner); err != nil {
		return err
	}
	// It goes with its Node.
	reference := map[string]any{"apiVersion": "v1", "kind": "Node", "name": n.Name, "uid": owner.Metadata.UID}
	return client.Create(ctx, leases, kubeapi.Object{
		"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
		"metadata": map[string]any{
			"name": n.Name, "namespace": "kube-node-lease", "ownerReferences": []any{reference},
		}, "spec": spec,
	}, nil)
}

func (n *Node) report(ctx context.Context, client *kubeapi.Client, profile map[string]any, ready bool) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var current struct {
		Spec   struct{ PodCIDR string }
		Status struct{ Conditions []condition }
	}
	if err := client.Get(ctx, nodes+"/"+n.Name, &current); err != nil {
		if kubeapi.IsCode(err, http.StatusNotFound) {
			// The kubelet registers again when somebody deleted its Node.
			return errors.Join(err, n.register(ctx, client))
		}
		return err
	}
	n.podCIDR.Store(current.Spec.PodCIDR)
	status := n.status(profile)
	status["conditions"] = conditions(current.Status.Conditions, ready)
	return client.Do(ctx, http.MethodPatch, nodes+"/"+n.Name+"/status", "application/merge-patch+json",
		kubeapi.Object{"status": status}, nil)
}

func (n *Node) status(profile map[string]any) kubeapi.Object {
	pods := "110"
	if value, found := profile["maxPods"]; found {
		pods = fmt.Sprint(value)
	}
	var info syscall.Sysinfo_t
	memory := "1Gi"
	if syscall.Sysinfo(&info) == nil {
		memory = fmt.Sprintf("%dKi", uint64(info.Totalram)*uint64(info.Unit)/1024)
	}
	capacity := map[string]any{
		"cpu": fmt.Sprint(runtime.NumCPU()), "memory": memory, "pods": pods, "ephemeral-storage": "20Gi",
	}
	return kubeapi.Object{
		"capacity": capacity, "allocatable": capacity,
		"addresses": []map[string]any{
			{"type": "InternalIP", "address": n.Address}, {"type": "Hostname", "address": n.Name},
		},
		"nodeInfo": map[string]any{
			"architecture": runtime.GOARCH, "operatingSystem": "linux", "osImage": osImage(),
			"kernelVersion": line("/proc/sys/kernel/osrelease"), "bootID": line("/proc/sys/kernel/random/boot_id"),
			"machineID": line("/etc/machine-id"), "systemUUID": line("/etc/machine-id"),
			"containerRuntimeVersion": "containerd://1.7.30", "kubeProxyVersion": "",
			"kubeletVersion": kubeletVersion(n.Version),
		},
		"daemonEndpoints": map[string]any{"kubeletEndpoint": map[string]any{"Port": 10250}},
	}
}

func kubeletVersion(version string) string {
	base, _, found := strings.Cut(version, "+")
	if found {
		return base + "+k0s"
	}
	return base
}

func line(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(content))
}

func osImage() string {
	for _, text := range strings.Split(line("/etc/os-release"), "\n") {
		if value, found := strings.CutPrefix(text, "PRETTY_NAME="); found {
			return strings.Trim(value, `"`)
		}
	}
	return "Linux"
}

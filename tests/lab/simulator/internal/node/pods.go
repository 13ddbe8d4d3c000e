// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package node

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"mke4k.core/tests/lab/simulator/internal/fault"
	"mke4k.core/tests/lab/simulator/internal/images"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/pods"
)

const (
	containerdDropIns = "/etc/k0s/containerd.d"
	// rangeTries is for how many seconds kube-controller-manager is waited for.
	rangeTries = 30
)

// playPods lets pods on this node seem to run, and lets those go that are deleted.
func (n *Node) playPods(ctx context.Context, client *kubeapi.Client) {
	var switches map[string]string
	tries := 0
	player := &pods.Player{
		Address: n.Address, IP: n.podIP, Faults: func() map[string]string { return switches },
		Network: func() bool { return n.ownNetwork || hasNetwork(cniConfigs) },
		Images: &puller{
			client: client, settings: images.Settings{DropIns: containerdDropIns},
			bundles: &images.Bundles{Dir: n.Vars.OCIBundleDir}, present: map[string]bool{}, attempts: map[string]*attempt{},
		},
		Record: func(event pods.Event) { n.recordEvent(ctx, client, event) },
	}
	query := "/api/v1/pods?fieldSelector=" + url.QueryEscape("spec.nodeName="+n.Name)
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
		switches = fault.Read().Pods
		if n.podRangeUnknown() && tries < rangeTries {
			tries++
			n.readPodRange(ctx, client)
		}
		var list struct{ Items []json.RawMessage }
		limited, cancel := context.WithTimeout(ctx, 10*time.Second)
		if err := client.Get(limited, query, &list); err == nil {
			n.playAll(limited, client, player, list.Items)
		}
		cancel()
	}
}

func (n *Node) playAll(ctx context.Context, client *kubeapi.Client, player *pods.Player, items []json.RawMessage) {
	living := map[string]bool{}
	for _, item := range items {
		var pod pods.Pod
		var raw struct{ Status map[string]any }
		err := json.Unmarshal(item, &pod)
		if err == nil {
			err = json.Unmarshal(item, &raw)
		}
		if err == nil {
			living[pod.Metadata.UID] = true
			err = n.playPod(ctx, client, player, &pod, raw.Status)
		}
		if err != nil && ctx.Err() == nil {
			logs.Warn("Failed to play pod "+pod.Metadata.Name, "component", "kubelet", "error", err.Error())
		}
	}
	player.Forget(living)
}

func (n *Node) playPod(
	ctx context.Context, client *kubeapi.Client, player *pods.Player, pod *pods.Pod, raw map[string]any,
) error {
	path := "/api/v1/namespaces/" + pod.Metadata.Namespace + "/pods/" + pod.Metadata.Name
	var err error
	if pod.Metadata.DeletionTimestamp != "" {
		err = client.Delete(ctx, path, kubeapi.Object{
			"gracePeriodSeconds": 0, "preconditions": map[string]any{"uid": pod.Metadata.UID},
		})
	} else if status := player.Play(pod, raw, time.Now()); status != nil {
		patch := kubeapi.Object{"metadata": map[string]any{"uid": pod.Metadata.UID}, "status": status}
		err = client.Merge(ctx, path+"/status", patch, nil)
	}
	if kubeapi.IsCode(err, 404) || kubeapi.IsCode(err, 409) {
		return nil
	}
	return err
}

// podIP takes the next free address of the node's range.
func (n *Node) podIP(taken map[string]bool) string {
	prefix, err := netip.ParsePrefix(n.podRange())
	if err != nil {
		return n.Address
	}
	if !n.lastIP.IsValid() || !prefix.Contains(n.lastIP) {
		n.lastIP = prefix.Masked().Addr().Next()
	}
	for range 1 << 16 {
		if n.lastIP = n.lastIP.Next(); !prefix.Contains(n.lastIP) {
			n.lastIP = prefix.Masked().Addr().Next().Next()
		}
		if !taken[n.lastIP.String()] {
			break
		}
	}
	return n.lastIP.String()
}

func (n *Node) podRangeUnknown() bool {
	given, _ := n.podCIDR.Load().(string)
	return given == ""
}

func (n *Node) readPodRange(ctx context.Context, client *kubeapi.Client) {
	var current struct{ Spec struct{ PodCIDR string } }
	if client.Get(ctx, nodes+"/"+n.Name, &current) == nil {
		n.podCIDR.Store(current.Spec.PodCIDR)
	}
}

// podRange is what kube-controller-manager gave to the node; without one it is made from the node's own address.
func (n *Node) podRange() string {
	if given, _ := n.podCIDR.Load().(string); given != "" {
		return given
	}
	return "10.244." + n.Address[strings.LastIndexByte(n.Address, '.')+1:] + ".0/24"
}

func (n *Node) recordEvent(ctx context.Context, client *kubeapi.Client, event pods.Event) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	now, metadata := time.Now().UTC(), event.Pod.Metadata
	err := client.Create(ctx, "/api/v1/namespaces/"+metadata.Namespace+"/events", kubeapi.Object{
		"apiVersion": "v1", "kind": "Event", "type": event.Type, "reason": event.Reason, "message": event.Message,
		"metadata": map[string]any{
			"name": fmt.Sprintf("%s.%x", metadata.Name, now.UnixNano()), "namespace": metadata.Namespace,
		},
		"firstTimestamp": now.Format(time.RFC3339), "lastTimestamp": now.Format(time.RFC3339), "count": 1,
		"source": map[string]any{"component": "kubelet", "host": n.Name}, "reportingComponent": "kubelet",
		"reportingInstance": n.Name,
		"involvedObject": map[string]any{
			"apiVersion": "v1", "kind": "Pod", "name": metadata.Name, "namespace": metadata.Namespace, "uid": metadata.UID,
			"fieldPath": event.Path,
		},
	}, nil)
	if err != nil && ctx.Err() == nil {
		logs.Warn("Failed to record an event of pod "+metadata.Name, "component", "kubelet", "error", err.Error())
	}
}

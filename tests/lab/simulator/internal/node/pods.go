// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package node

import (
	"context"
	"net/url"
	"time"

	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
)

type pod struct {
	Metadata struct {
		Name, Namespace, UID, DeletionTimestamp string
	}
	Spec struct {
		RestartPolicy string
		Containers    []struct{ Name, Image string }
	}
	Status struct{ Phase string }
}

// playPods lets pods on this node seem to run, and lets those go that are deleted.
func (n *Node) playPods(ctx context.Context, client *kubeapi.Client) {
	query := "/api/v1/pods?fieldSelector=" + url.QueryEscape("spec.nodeName="+n.Name)
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
		var list struct{ Items []pod }
		limited, cancel := context.WithTimeout(ctx, 10*time.Second)
		if err := client.Get(limited, query, &list); err == nil {
			for _, one := range list.Items {
				if err := n.playPod(limited, client, one); err != nil && ctx.Err() == nil {
					logs.Warn("Failed to play pod "+one.Metadata.Name, "component", "kubelet", "error", err.Error())
				}
			}
		}
		cancel()
	}
}

func (n *Node) playPod(ctx context.Context, client *kubeapi.Client, one pod) error {
	path := "/api/v1/namespaces/" + one.Metadata.Namespace + "/pods/" + one.Metadata.Name
	if one.Metadata.DeletionTimestamp != "" {
		err := client.Delete(ctx, path, kubeapi.Object{
			"gracePeriodSeconds": 0, "preconditions": map[string]any{"uid": one.Metadata.UID},
		})
		if kubeapi.IsCode(err, 404) || kubeapi.IsCode(err, 409) {
			return nil
		}
		return err
	}
	if one.Status.Phase != "Pending" && one.Status.Phase != "" {
		return nil
	}
	return client.Merge(ctx, path+"/status", kubeapi.Object{"status": n.podStatus(one)}, nil)
}

func (n *Node) podStatus(one pod) kubeapi.Object {
	now := time.Now().UTC().Format(time.RFC3339)
	phase, ready := "Running", "True"
	state := map[string]any{"running": map[string]any{"startedAt": now}}
	if one.Spec.RestartPolicy != "Always" {
		phase, ready = "Succeeded", "False"
		state = map[string]any{"terminated": map[string]any{"exitCode": 0, "reason": "Completed", "finishedAt": now}}
	}
	var containers []map[string]any
	for _, container := range one.Spec.Containers {
		containers = append(containers, map[string]any{
			"name": container.Name, "image": container.Image, "imageID": "", "ready": ready == "True",
			"started": ready == "True", "restartCount": 0, "state": state,
		})
	}
	var list []map[string]any
	for _, kind := range []string{"PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"} {
		status := "True"
		if kind == "Ready" || kind == "ContainersReady" {
			status = ready
		}
		list = append(list, map[string]any{"type": kind, "status": status, "lastTransitionTime": now})
	}
	return kubeapi.Object{
		"phase": phase, "conditions": list, "containerStatuses": containers, "startTime": now,
		"hostIP": n.Address, "podIP": n.Address,
	}
}

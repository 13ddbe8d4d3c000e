// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package controller

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"mke4k.core/tests/lab/simulator/internal/etcd"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
)

const (
	memberPath      = "/apis/etcd.k0sproject.io/v1beta1/etcdmembers"
	controlNodePath = "/apis/autopilot.k0sproject.io/v1beta2/controlnodes"
)

// publishEtcdMember creates or refreshes the object for this controller's member.
func (c *Controller) publishEtcdMember(ctx context.Context) {
	if c.Config.Spec.Storage.Type != "etcd" {
		return
	}
	name, err := c.etcdName()
	if err != nil {
		logs.Error("failed to create EtcdMember object for this controller", "error", err.Error())
		return
	}
	c.until(ctx, "EtcdMember "+name, func(ctx context.Context) error {
		id, err := c.memberID(ctx)
		if err != nil {
			return err
		}
		object := kubeapi.Object{
			"apiVersion": "etcd.k0sproject.io/v1beta1", "kind": "EtcdMember",
			"metadata": map[string]any{"name": name}, "spec": map[string]any{"leave": false},
		}
		if err := c.client.Apply(ctx, memberPath+"/"+name, object); err != nil {
			return err
		}
		return c.memberStatus(ctx, name, map[string]any{
			"peerAddress": c.Config.Spec.Storage.Etcd.PeerAddress, "memberID": id,
			"conditions": joined("True", "Member joined"),
		})
	})
}

func joined(status, message string) []map[string]any {
	return []map[string]any{{
		"type": "Joined", "status": status, "message": message,
		"lastTransitionTime": time.Now().UTC().Format(time.RFC3339),
	}}
}

func (c *Controller) memberStatus(ctx context.Context, name string, status map[string]any) error {
	return c.client.Merge(ctx, memberPath+"/"+name+"/status", kubeapi.Object{"status": status}, nil)
}

func (c *Controller) memberID(ctx context.Context) (string, error) {
	client, err := etcd.New(c.Vars)
	if err != nil {
		return "", err
	}
	members, err := client.Members(ctx)
	if err != nil {
		return "", err
	}
	for _, member := range members {
		for _, url := range member.PeerURLs {
			if url == c.peerURL() {
				return member.Hex(), nil
			}
		}
	}
	return "", &kubeapi.Error{Code: http.StatusNotFound, Message: "peer not found: " + c.peerURL()}
}

type etcdMember struct {
	Metadata struct{ Name string }
	Spec     struct{ Leave bool }
	Status   struct {
		MemberID   string
		Conditions []struct{ Type, Status string }
	}
}

func (m etcdMember) left() bool {
	for _, condition := range m.Status.Conditions {
		if condition.Type == "Joined" && condition.Status == "False" {
			return true
		}
	}
	return false
}

// dismissMembers removes those members from etcd whose object says that they leave.
func (c *Controller) dismissMembers(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var list struct{ Items []etcdMember }
	if err := c.client.Get(ctx, memberPath, &list); err != nil {
		return
	}
	for _, member := range list.Items {
		if !member.Spec.Leave || member.left() {
			continue
		}
		status := map[string]any{"reconcileStatus": "Success", "message": "Member removed from cluster",
			"conditions": joined("False", "Member removed from cluster")}
		if err := c.dismiss(ctx, member.Status.MemberID); err != nil {
			status = map[string]any{"reconcileStatus": "Failed", "message": err.Error()}
		}
		if err := c.memberStatus(ctx, member.Metadata.Name, status); err != nil {
			logs.Error("failed to update EtcdMember status", "error", err.Error())
		}
	}
}

func (c *Controller) dismiss(ctx context.Context, id string) error {
	number, err := strconv.ParseUint(id, 16, 64)
	if err != nil {
		return err
	}
	client, err := etcd.New(c.Vars)
	if err != nil {
		return err
	}
	members, err := client.Members(ctx)
	if err != nil {
		return err
	}
	for _, member := range members {
		if member.ID == strconv.FormatUint(number, 10) {
			return client.RemoveID(ctx, member.ID)
		}
	}
	return nil
}

// publishControlNode creates the object by which autopilot knows this controller.
func (c *Controller) publishControlNode(ctx context.Context) {
	if c.disabled("autopilot") {
		return
	}
	name := c.Options.Node.Name
	object := kubeapi.Object{
		"apiVersion": "autopilot.k0sproject.io/v1beta2", "kind": "ControlNode",
		"metadata": map[string]any{"name": name, "labels": map[string]any{
			"kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
		}},
	}
	status := kubeapi.Object{"status": map[string]any{"k0sVersion": c.Version, "addresses": []map[string]any{
		{"type": "InternalIP", "address": c.Config.Spec.API.Address}, {"type": "Hostname", "address": name},
	}}}
	c.until(ctx, "ControlNode "+name, func(ctx context.Context) error {
		if err := c.client.Apply(ctx, controlNodePath+"/"+name, object); err != nil {
			return err
		}
		return c.client.Merge(ctx, controlNodePath+"/"+name+"/status", status, nil)
	})
}

// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package controller

import (
	"context"
	_ "embed"
	"time"

	"sigs.k8s.io/yaml"

	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
)

//go:embed rbac.yaml
var rbac []byte

//go:embed crds.yaml
var crds []byte

const rbacAPI = "/apis/rbac.authorization.k8s.io/v1"

// cluster puts into the cluster what every controller puts there.
func (c *Controller) cluster(ctx context.Context) {
	var bindings, definitions []kubeapi.Object
	for _, one := range []struct {
		text   []byte
		target *[]kubeapi.Object
	}{{rbac, &bindings}, {crds, &definitions}} {
		if err := yaml.Unmarshal(one.text, one.target); err != nil {
			logs.Error("embedded manifest can't be read", "error", err.Error())
			return
		}
	}
	for _, binding := range bindings {
		c.insist(ctx, rbacAPI+"/clusterrolebindings/"+nameOf(binding), binding)
	}
	c.startManagers(ctx)
	for _, definition := range definitions {
		c.insist(ctx, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"+nameOf(definition), definition)
	}
	c.publishEtcdMember(ctx)
	c.publishControlNode(ctx)
}

func nameOf(object kubeapi.Object) string {
	metadata, _ := object["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	return name
}

// insist applies an object until it is there.
func (c *Controller) insist(ctx context.Context, path string, object kubeapi.Object) {
	c.until(ctx, path, func(ctx context.Context) error { return c.client.Apply(ctx, path, object) })
}

func (c *Controller) until(ctx context.Context, what string, step func(context.Context) error) {
	var said time.Time
	err := kubeapi.Wait(ctx, time.Second, func(ctx context.Context) error {
		limited, cancel := context.WithTimeout(ctx, 15*time.Second)
		defer cancel()
		err := step(limited)
		if err != nil && ctx.Err() == nil && time.Since(said) > 30*time.Second {
			said = time.Now()
			logs.Warn("Failed to apply "+what+", retrying", "error", err.Error())
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		logs.Error("Gave up on "+what, "error", err.Error())
	}
}

// lead does what only one controller does.
func (c *Controller) lead(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go c.workOnCharts(ctx)
	source, static := &configSource{controller: c}, &chartStack{controller: c}
	roles := time.NewTicker(time.Minute)
	defer roles.Stop()
	c.source(ctx, source)
	for {
		select {
		case <-ctx.Done():
			return
		case <-roles.C:
			c.labelRoles(ctx)
		case <-time.After(2 * time.Second):
		}
		if !c.leader.held.Load() {
			return
		}
		if c.Options.DynamicConfig {
			c.source(ctx, source)
		}
		static.follow(ctx)
		c.dismissMembers(ctx)
	}
}

func (c *Controller) source(ctx context.Context, source *configSource) {
	what := "worker profiles"
	if !c.Options.DynamicConfig {
		c.until(ctx, what, func(ctx context.Context) error { return c.publishProfiles(ctx, c.Config.Spec) })
		return
	}
	if err := source.reconcile(ctx); err != nil && ctx.Err() == nil {
		logs.Warn("Failed to reconcile the cluster configuration", "error", err.Error())
	}
}

// labelRoles turns k0s' own role label into the one that kubectl shows.
func (c *Controller) labelRoles(ctx context.Context) {
	var list struct {
		Items []struct {
			Metadata struct {
				Name   string
				Labels map[string]string
			}
		}
	}
	if err := c.client.Get(ctx, "/api/v1/nodes?labelSelector=node.k0sproject.io/role", &list); err != nil {
		logs.Error("failed to get node list", "error", err.Error())
		return
	}
	for _, item := range list.Items {
		label := "node-role.kubernetes.io/" + item.Metadata.Labels["node.k0sproject.io/role"]
		if _, found := item.Metadata.Labels[label]; found {
			continue
		}
		patch := kubeapi.Object{"metadata": map[string]any{"labels": map[string]any{label: "true"}}}
		if err := c.client.Merge(ctx, "/api/v1/nodes/"+item.Metadata.Name, patch, nil); err != nil {
			logs.Error("failed to set label '"+label+"'", "error", err.Error())
		}
	}
}

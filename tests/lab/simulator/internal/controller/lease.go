// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package controller

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
)

const (
	leasePath     = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
	leaseDuration = 60 * time.Second
	leaseRetry    = 5 * time.Second
	microTime     = "2006-01-02T15:04:05.000000Z07:00"
)

// lease is a lock in the cluster; whoever holds "k0s-endpoint-reconciler" leads.
type lease struct {
	client *kubeapi.Client
	name   string
	holder string
	held   atomic.Bool
	gained func()
}

type leaseObject struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Metadata   map[string]any `json:"metadata"`
	Spec       leaseSpec      `json:"spec"`
}

type leaseSpec struct {
	HolderIdentity       string `json:"holderIdentity"`
	LeaseDurationSeconds int    `json:"leaseDurationSeconds"`
	AcquireTime          string `json:"acquireTime,omitempty"`
	RenewTime            string `json:"renewTime,omitempty"`
	LeaseTransitions     int    `json:"leaseTransitions"`
}

// startLeases counts this controller in and starts to compete for leadership.
func (c *Controller) startLeases(ctx context.Context) error {
	if err := c.ensureLeaseNamespace(ctx); err != nil {
		return err
	}
	own := &lease{client: c.client, name: "k0s-ctrl-" + c.Options.Node.Name, holder: c.Vars.InvocationID}
	c.leader = &lease{client: c.client, name: "k0s-endpoint-reconciler", holder: c.Vars.InvocationID}
	c.leader.gained = func() { go c.lead(ctx) }
	c.leases = []*lease{own, c.leader}
	for _, one := range c.leases {
		go one.keep(ctx)
	}
	return nil
}

func (c *Controller) ensureLeaseNamespace(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	object := kubeapi.Object{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "kube-node-lease"}}
	return kubeapi.Wait(ctx, 500*time.Millisecond, func(ctx context.Context) error {
		err := c.client.Create(ctx, "/api/v1/namespaces", object, nil)
		if kubeapi.IsCode(err, http.StatusConflict) {
			return nil
		}
		return err
	})
}

func (l *lease) keep(ctx context.Context) {
	for {
		limited, cancel := context.WithTimeout(ctx, 15*time.Second)
		held, err := l.try(limited)
		cancel()
		if err != nil && ctx.Err() == nil {
			logs.Warn("Failed to acquire or renew lease "+l.name, "component", "leaderelection", "error", err.Error())
		}
		if held && !l.held.Swap(true) {
			logs.Info("acquired leader lease", "component", "leaderelection", "lease", l.name)
			if l.gained != nil {
				l.gained()
			}
		}
		if err == nil && !held {
			l.held.Store(false)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(leaseRetry):
		}
	}
}

func (l *lease) try(ctx context.Context) (bool, error) {
	now := time.Now().UTC()
	var object leaseObject
	err := l.client.Get(ctx, leasePath+"/"+l.name, &object)
	if kubeapi.IsCode(err, http.StatusNotFound) {
		object = leaseObject{
			APIVersion: "coordination.k8s.io/v1", Kind: "Lease",
			Metadata: map[string]any{"name": l.name, "namespace": "kube-node-lease"},
			Spec:     l.mine(leaseSpec{}, now),
		}
		err := l.client.Create(ctx, leasePath, object, nil)
		return err == nil, err
	}
	if err != nil {
		return false, err
	}
	if object.Spec.HolderIdentity != l.holder && object.Spec.HolderIdentity != "" && !object.Spec.expired(now) {
		return false, nil
	}
	object.Spec = l.mine(object.Spec, now)
	err = l.client.Replace(ctx, leasePath+"/"+l.name, object, nil)
	if kubeapi.IsCode(err, http.StatusConflict) {
		return false, nil
	}
	return err == nil, err
}

func (s leaseSpec) expired(now time.Time) bool {
	renewed, err := time.Parse(time.RFC3339Nano, s.RenewTime)
	return err != nil || now.Sub(renewed) > time.Duration(s.LeaseDurationSeconds)*time.Second
}

func (l *lease) mine(s leaseSpec, now time.Time) leaseSpec {
	if s.HolderIdentity != l.holder {
		s.AcquireTime = now.Format(microTime)
		s.LeaseTransitions++
	}
	s.HolderIdentity, s.RenewTime = l.holder, now.Format(microTime)
	s.LeaseDurationSeconds = int(leaseDuration.Seconds())
	return s
}

// release gives the lease back; without quorum this waits for the API server's own time-out, as in k0s.
func (l *lease) release() {
	if !l.held.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	spec := map[string]any{"holderIdentity": "", "leaseDurationSeconds": 1}
	if err := l.client.Merge(ctx, leasePath+"/"+l.name, kubeapi.Object{"spec": spec}, nil); err != nil {
		logs.Warn(fmt.Sprintf("Failed to release lease %s: %v", l.name, err), "component", "leaderelection")
	}
}

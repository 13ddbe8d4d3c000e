// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package charts

import (
	"context"
	"fmt"
	"sync"

	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/workqueue"

	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

// Controller works on all Charts while this host leads.
type Controller struct {
	helm   *helm
	client dynamic.Interface
}

// New makes a controller for the local API server; the version decides what k0s can do.
func New(v *vars.Vars, version string) (*Controller, error) {
	settings, err := clientcmd.BuildConfigFromFlags("", v.AdminKubeConfigPath)
	if err != nil {
		return nil, fmt.Errorf("can't build controller-runtime controller for helm extensions: %w", err)
	}
	client, err := dynamic.NewForConfig(settings)
	if err != nil {
		return nil, err
	}
	return &Controller{client: client, helm: &helm{
		kubeconfig: v.AdminKubeConfigPath, cache: v.HelmRepositoryCache, repositories: v.HelmRepositoryConfig,
		registries: registries{logins: usesLogins(version)},
	}}, nil
}

// Repositories makes spec.extensions.helm.repositories known.
func (c *Controller) Repositories(list []config.Repository) error { return c.helm.registries.set(list) }

// Run works until ctx ends; what is in work then ends in the middle.
func (c *Controller) Run(ctx context.Context) {
	queue := workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[string]())
	factory := dynamicinformer.NewFilteredDynamicSharedInformerFactory(c.client, 0, Namespace, nil)
	informer := factory.ForResource(Resource).Informer()
	if _, err := informer.AddEventHandler(handlers(queue)); err != nil {
		logs.Error("Can't watch Charts", "component", "extensions_controller", "error", err.Error())
		return
	}
	worker := &reconciler{objects: c.client.Resource(Resource).Namespace(Namespace), releases: c.helm}
	var running sync.WaitGroup
	running.Add(1)
	go func() {
		defer running.Done()
		informer.Run(ctx.Done())
	}()
	go func() {
		<-ctx.Done()
		queue.ShutDown()
	}()
	if cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
		worker.run(ctx, queue)
	}
	running.Wait()
}

// handlers leave out changes that are no new generation, as k0s does: a status or a finalizer is none.
func handlers(queue workqueue.TypedInterface[string]) cache.ResourceEventHandler {
	add := func(object any) {
		if name, _, ok := nameOf(object); ok {
			queue.Add(name)
		}
	}
	return cache.ResourceEventHandlerFuncs{
		AddFunc: add,
		UpdateFunc: func(before, after any) {
			_, old, _ := nameOf(before)
			if _, generation, _ := nameOf(after); generation != old {
				add(after)
			}
		},
		DeleteFunc: add,
	}
}

// run takes one Chart after the other: a slow one keeps the others waiting.
func (r *reconciler) run(ctx context.Context, queue workqueue.TypedRateLimitingInterface[string]) {
	for {
		name, shutdown := queue.Get()
		if shutdown {
			return
		}
		err := r.reconcile(ctx, name)
		if err == nil {
			queue.Forget(name)
		} else {
			logs.Error("Reconciler error", "component", "extensions_controller", "chart", name,
				"error", err.Error())
			queue.AddRateLimited(name)
		}
		queue.Done(name)
	}
}

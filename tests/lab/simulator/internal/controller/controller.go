// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package controller is the daemon behind `k0s controller`.
package controller

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"mke4k.core/tests/lab/simulator/internal/charts"
	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/fault"
	"mke4k.core/tests/lab/simulator/internal/joinapi"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/node"
	"mke4k.core/tests/lab/simulator/internal/status"
	"mke4k.core/tests/lab/simulator/internal/supervise"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

const readyLimit = 2 * time.Minute

// Options are the flags of the command.
type Options struct {
	EnableWorker, Single, NoTaints, DynamicConfig, InitOnly bool
	DisableComponents                                       []string
	ControllerManagerArgs                                   string
	// Token reads the join token; nil without one.
	Token func() (string, error)
	Node  *node.Node
}

// Controller is one controller at work.
type Controller struct {
	Vars    *vars.Vars
	Config  *config.ClusterConfig
	Options Options
	Version string

	join     *joinapi.Client
	etcd     *supervise.Child
	api      *supervise.Child
	children []*supervise.Child
	client   *kubeapi.Client
	status   *status.Server
	joinAPI  *joinapi.Server
	leases   []*lease
	leader   *lease
	charts   *charts.Controller
}

func (c *Controller) workloads() bool { return c.Options.EnableWorker || c.Options.Single }

func (c *Controller) disabled(component string) bool {
	return slices.Contains(c.Options.DisableComponents, component)
}

// Run works until ctx ends.
func (c *Controller) Run(ctx context.Context) error {
	if errs := c.Config.Validate(); len(errs) > 0 {
		return fmt.Errorf("invalid node config: %w", errors.Join(errs...))
	}
	if err := fault.AtStart(ctx); err != nil {
		return err
	}
	if err := c.directories(); err != nil {
		return err
	}
	lock, err := c.Vars.Lock(c.Config)
	if err != nil {
		return fmt.Errorf("failed to initialize runtime config: %w", err)
	}
	defer func() {
		if err := lock.Release(); err != nil {
			logs.Warn("Failed to cleanup runtime config", "error", err.Error())
		}
	}()
	if err := c.joinCluster(ctx); err != nil {
		return fmt.Errorf("failed to join controller: %w", err)
	}
	if err := c.certificates(); err != nil {
		return err
	}
	if c.Options.InitOnly {
		return nil
	}
	defer c.stop()
	if err := c.start(ctx); err != nil {
		return fmt.Errorf("failed to start controller node components: %w", err)
	}
	if c.workloads() {
		go c.work(ctx)
	}
	<-ctx.Done()
	logs.Info("Shutting down k0s controller")
	return nil
}

func (c *Controller) directories() error {
	for _, one := range []struct {
		path string
		mode os.FileMode
	}{
		{c.Vars.DataDir, 0o755}, {c.Vars.RunDir, 0o755}, {c.Vars.BinDir, 0o755}, {c.Vars.CertRootDir, 0o751},
		{c.Vars.EtcdDataDir, 0o700}, {c.Vars.EtcdCertDir, 0o711}, {c.Vars.ManifestsDir, 0o755},
	} {
		if err := os.MkdirAll(one.path, one.mode); err != nil {
			return err
		}
		if err := os.Chmod(one.path, one.mode); err != nil {
			return err
		}
	}
	return nil
}

func (c *Controller) start(ctx context.Context) error {
	c.status = &status.Server{NodeName: c.Options.Node.Name, Status: status.Status{
		Version: c.Version, Pid: os.Getpid(), Role: "controller", Args: os.Args, Workloads: c.workloads(),
		SingleNode: c.Options.Single, ClusterConfig: c.Config, K0sVars: c.Vars,
	}}
	if err := c.status.Listen(); err != nil {
		return err
	}
	if err := c.startEtcd(ctx); err != nil {
		return err
	}
	if err := c.startAPI(ctx); err != nil {
		return err
	}
	go c.followFaults(ctx)
	if err := c.prepareCharts(); err != nil {
		return err
	}
	if err := c.startLeases(ctx); err != nil {
		return err
	}
	if !c.Options.Single && !c.disabled("control-api") {
		c.joinAPI = &joinapi.Server{Vars: c.Vars, Config: c.Config, Client: c.client}
		if err := c.joinAPI.Start(); err != nil {
			return err
		}
	}
	c.status.Serve()
	go c.cluster(ctx)
	return nil
}

// followFaults stops and starts etcd and the API server as the simulator is told.
func (c *Controller) followFaults(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
		faults := fault.Read()
		follow(c.etcd, faults.EtcdLost)
		follow(c.api, faults.APILost)
	}
}

func follow(child *supervise.Child, lost bool) {
	switch {
	case lost && child.Running():
		child.Stop()
	case !lost && !child.Running():
		if err := child.Start(); err != nil {
			logs.Error("Failed to start again", "component", child.Name, "error", err.Error())
		}
	}
}

func (c *Controller) work(ctx context.Context) {
	n := c.Options.Node
	n.Labels = append(n.Labels, "node.k0sproject.io/role=control-plane")
	if c.Options.EnableWorker && !c.Options.Single && !c.Options.NoTaints {
		n.Taints = append(n.Taints, "node-role.kubernetes.io/control-plane:NoSchedule")
	}
	source := func() (*kubeapi.Kubeconfig, error) { return kubeapi.LoadKubeconfig(c.Vars.AdminKubeConfigPath) }
	err := n.Bootstrap(ctx, source)
	if err == nil {
		err = n.Run(ctx)
	}
	if err != nil && ctx.Err() == nil {
		logs.Error("Failed to start controller worker", "error", err.Error())
	}
}

// stop ends everything in the opposite order of start.
func (c *Controller) stop() {
	time.Sleep(time.Duration(fault.Read().StopSeconds * float64(time.Second)))
	for _, child := range slices.Backward(c.children) {
		if child != c.api && child != c.etcd {
			child.Stop()
		}
	}
	if c.status != nil {
		if err := c.status.Stop(); err != nil {
			logs.Warn("Failed to stop the status server", "error", err.Error())
		}
	}
	if c.joinAPI != nil {
		if err := c.joinAPI.Stop(); err != nil {
			logs.Warn("Failed to stop the join API", "error", err.Error())
		}
	}
	for _, one := range slices.Backward(c.leases) {
		one.release()
	}
	for _, child := range []*supervise.Child{c.api, c.etcd} {
		if child != nil {
			child.Stop()
		}
	}
	logs.Info("All node components stopped")
}

func (c *Controller) child(name, user string, args []string) *supervise.Child {
	child := &supervise.Child{Name: name, Args: args, BinDir: c.Vars.BinDir, RunDir: c.Vars.RunDir, UID: uidOf(user)}
	c.children = append(c.children, child)
	return child
}

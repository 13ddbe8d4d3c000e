// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package controller

import (
	"context"

	"mke4k.core/tests/lab/simulator/internal/fault"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/node"
	"mke4k.core/tests/lab/simulator/internal/supervise"
)

// startManagers runs kube-controller-manager and kube-scheduler where the lab has them, else the small
// stand-in that signs the nodes' certificates.
func (c *Controller) startManagers(ctx context.Context) {
	_, err := supervise.Find("kube-controller-manager", c.Vars.BinDir)
	if err != nil || fault.Read().NoControllerManager || c.disabled("kube-controller-manager") {
		logs.Warn("kube-controller-manager does not run here; the simulator signs the nodes' certificates")
		go c.signCertificates(ctx)
	} else {
		c.startChild(c.child("kube-controller-manager", apiUser, render(c.managerArgs())))
	}
	_, err = supervise.Find("kube-scheduler", c.Vars.BinDir)
	if err == nil && !fault.Read().NoControllerManager && !c.disabled("kube-scheduler") {
		c.startChild(c.child("kube-scheduler", schedulerUser, render(c.schedulerArgs())))
	}
}

func (c *Controller) startChild(child *supervise.Child) {
	if err := child.Start(); err != nil {
		logs.Error("Failed to start", "component", child.Name, "error", err.Error())
	}
}

func (c *Controller) managerArgs() map[string]string {
	conf, file := c.Vars.Pki("ccm.conf"), c.Vars.Pki
	args := map[string]string{
		"authentication-kubeconfig": conf, "authorization-kubeconfig": conf, "kubeconfig": conf,
		"client-ca-file": file("ca.crt"), "cluster-signing-cert-file": file("ca.crt"),
		"cluster-signing-key-file": file("ca.key"), "requestheader-client-ca-file": file("front-proxy-ca.crt"),
		"root-ca-file": file("ca.crt"), "service-account-private-key-file": file("sa.key"),
		"cluster-cidr": c.Config.Spec.Network.PodCIDR, "service-cluster-ip-range": c.Config.Spec.Network.ServiceCIDR,
		"profiling": "false", "v": "1", "allocate-node-cidrs": "true", "bind-address": "127.0.0.1",
		"cluster-name": "k0s", "controllers": "*,bootstrapsigner,tokencleaner", "leader-elect": "true",
		"use-service-account-credentials": "true", "node-cidr-mask-size": "24",
	}
	for name, value := range node.SplitArgs(c.Options.ControllerManagerArgs) {
		args[name[2:]] = value
	}
	return c.completeArgs("kube-controller-manager", args, c.Config.Spec.ControllerManager.ExtraArgs)
}

func (c *Controller) schedulerArgs() map[string]string {
	conf := c.Vars.Pki("scheduler.conf")
	args := map[string]string{
		"authentication-kubeconfig": conf, "authorization-kubeconfig": conf, "kubeconfig": conf,
		"bind-address": "127.0.0.1", "leader-elect": "true", "profiling": "false", "v": "1",
	}
	return c.completeArgs("kube-scheduler", args, c.Config.Spec.Scheduler.ExtraArgs)
}

func (c *Controller) completeArgs(component string, args, extra map[string]string) map[string]string {
	for name, value := range extra {
		args[name] = value
	}
	if c.Options.Single {
		args["leader-elect"] = "false"
	}
	if gates := c.Config.Spec.FeatureGatesOf(component); gates != "" {
		args["feature-gates"] = gates
	}
	return args
}

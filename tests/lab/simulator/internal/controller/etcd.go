// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package controller

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"mke4k.core/tests/lab/simulator/internal/etcd"
	"mke4k.core/tests/lab/simulator/internal/joinapi"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/pki"
	"mke4k.core/tests/lab/simulator/internal/service"
)

func uidOf(user string) int { return service.UID(user) }

func (c *Controller) etcdName() (string, error) {
	if storage := c.Config.Spec.Storage.Etcd; storage.ExtraArgs["name"] != "" {
		return storage.ExtraArgs["name"], nil
	}
	return os.Hostname()
}

func (c *Controller) peerURL() string {
	return etcd.PeerURL(c.Config.Spec.Storage.Etcd.PeerAddress)
}

// startEtcd runs etcd. With --single k0s uses SQLite through kine; here it is an etcd of one member.
func (c *Controller) startEtcd(ctx context.Context) error {
	if c.Config.Spec.Storage.Type != "etcd" {
		logs.Warn("the simulator has no kine; it keeps the data in an etcd of one member")
		c.Config.Spec.Storage.Etcd = localEtcd()
	}
	name, err := c.etcdName()
	if err != nil {
		return err
	}
	initial, err := c.joinEtcd(ctx, name)
	if err != nil {
		return fmt.Errorf("failed to sync etcd config: %w", err)
	}
	if err := c.etcdCertificates(); err != nil {
		return fmt.Errorf("failed to create etcd certs: %w", err)
	}
	if err := chownTree(c.Vars.EtcdDataDir, uidOf(etcdUser)); err != nil {
		return err
	}
	args := c.etcdArgs(name)
	if initial != "" {
		args["initial-cluster"], args["initial-cluster-state"] = initial, "existing"
	}
	for flag, value := range c.Config.Spec.Storage.Etcd.ExtraArgs {
		args[flag] = value
	}
	logs.Info("Starting etcd")
	c.etcd = c.child("etcd", etcdUser, render(args))
	if err := c.etcd.Start(); err != nil {
		return err
	}
	return c.waitEtcd(ctx)
}

func (c *Controller) etcdArgs(name string) map[string]string {
	peer := c.peerURL()
	pkiFile := func(file string) string { return c.Vars.Pki("etcd", file) }
	return map[string]string{
		"data-dir": c.Vars.EtcdDataDir, "name": name, "log-level": "warn",
		"listen-client-urls": "https://127.0.0.1:2379", "advertise-client-urls": "https://127.0.0.1:2379",
		"client-cert-auth": "true", "listen-peer-urls": peer, "initial-advertise-peer-urls": peer,
		"tls-min-version": "TLS1.2", "trusted-ca-file": pkiFile("ca.crt"), "cert-file": pkiFile("server.crt"),
		"key-file": pkiFile("server.key"), "peer-trusted-ca-file": pkiFile("ca.crt"),
		"peer-key-file": pkiFile("peer.key"), "peer-cert-file": pkiFile("peer.crt"), "peer-client-cert-auth": "true",
		"enable-pprof": "false", "cipher-suites": cipherSuites,
		// Hosts of the lab share one disk; syncing it would only measure that disk.
		"unsafe-no-fsync": "true",
	}
}

func (c *Controller) waitEtcd(ctx context.Context) error {
	client, err := etcd.New(c.Vars)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	return kubeapi.Wait(ctx, 100*time.Millisecond, func(ctx context.Context) error {
		limited, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		return client.Healthy(limited)
	})
}

// joinEtcd asks the cluster for a place in etcd and returns --initial-cluster.
func (c *Controller) joinEtcd(ctx context.Context, name string) (string, error) {
	if exists(c.Vars.EtcdDatabase()) {
		logs.Warn("etcd db file(s) already exist, not gonna run join process")
		return "", nil
	}
	if c.join == nil {
		return "", nil
	}
	logs.Info("Synchronizing etcd config with existing cluster via " + c.join.Address())
	var answer *joinapi.EtcdResponse
	err := retry(ctx, time.Second, time.Minute, func(ctx context.Context) error {
		var err error
		answer, err = c.join.JoinEtcd(ctx, joinapi.EtcdRequest{Node: name, PeerAddress: c.peerURL()})
		return err
	})
	if err != nil {
		return "", fmt.Errorf("failed to synchronize etcd config with existing cluster via %s: %w", c.join.Address(), err)
	}
	err = errors.Join(pki.Write(c.Vars.Pki("etcd", "ca.key"), answer.CA.Key, 0o640),
		pki.Write(c.Vars.Pki("etcd", "ca.crt"), answer.CA.Cert, 0o640))
	return strings.Join(answer.InitialCluster, ","), err
}

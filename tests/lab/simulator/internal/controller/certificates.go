// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package controller

import (
	"net"
	"os"
	"time"

	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/pki"
	"mke4k.core/tests/lab/simulator/internal/service"
)

// Names of the system users; k0s does not take them from the configuration here either.
const (
	etcdUser      = "etcd"
	apiUser       = "kube-apiserver"
	schedulerUser = "kube-scheduler"
	konnUser      = "konnectivity-server"
)

type leaf struct {
	name, cn, o string
	names       []string
	uid         int
	kubeconfig  string
}

// certificates makes the cluster CA and every certificate below it; leaves are new at each start.
func (c *Controller) certificates() error {
	authorities := c.Config.Spec.API.CA
	expires, leafExpires, err := lifetimes(authorities)
	if err != nil {
		return err
	}
	ca, err := pki.EnsureCA(c.Vars.Pki("ca"), "kubernetes-ca", expires)
	if err != nil {
		return err
	}
	front, err := pki.EnsureCA(c.Vars.Pki("front-proxy-ca"), "kubernetes-front-proxy-ca", expires)
	if err != nil {
		return err
	}
	api := service.UID(apiUser)
	if err := pki.EnsureKeyPair(c.Vars.Pki("sa"), api); err != nil {
		return err
	}
	// kube-controller-manager runs as this user and signs with the key.
	if err := pki.Chown(api, c.Vars.Pki("ca.key")); err != nil {
		return err
	}
	frontClient := leaf{name: "front-proxy-client", cn: "front-proxy-client", o: "front-proxy-client", uid: api}
	if err := c.issue(front, frontClient, leafExpires); err != nil {
		return err
	}
	names, err := c.serverNames()
	if err != nil {
		return err
	}
	const scheduler, manager = "system:kube-scheduler", "system:kube-controller-manager"
	for _, one := range []leaf{
		{name: "admin", cn: "kubernetes-admin", o: "system:masters", kubeconfig: c.Vars.AdminKubeConfigPath},
		{name: "konnectivity", cn: "kubernetes-konnectivity", o: "system:masters", uid: service.UID(konnUser),
			kubeconfig: c.Vars.KonnectivityKubeConfigPath},
		{name: "ccm", cn: manager, o: manager, uid: api, kubeconfig: c.Vars.Pki("ccm.conf")},
		{name: "scheduler", cn: scheduler, o: scheduler, uid: service.UID(schedulerUser),
			kubeconfig: c.Vars.Pki("scheduler.conf")},
		{name: "apiserver-kubelet-client", cn: "apiserver-kubelet-client", o: "system:masters", uid: api},
		{name: "server", cn: "kubernetes", o: "kubernetes", uid: api, names: names},
		{name: "k0s-api", cn: "k0s-api", o: "kubernetes", uid: api, names: names},
	} {
		if err := c.issue(ca, one, leafExpires); err != nil {
			return err
		}
	}
	return nil
}

func lifetimes(ca *config.CA) (authority, leaf time.Duration, err error) {
	if authority, err = time.ParseDuration(orElse(ca.ExpiresAfter, "87600h")); err != nil {
		return 0, 0, err
	}
	leaf, err = time.ParseDuration(orElse(ca.CertificatesExpireAfter, "8760h"))
	return authority, leaf, err
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

func (c *Controller) issue(ca *pki.CA, one leaf, expires time.Duration) error {
	certificate, key, err := ca.Issue(pki.Request{CN: one.cn, O: one.o, Names: one.names, Expires: expires})
	if err != nil {
		return err
	}
	keyFile, certificateFile := c.Vars.Pki(one.name+".key"), c.Vars.Pki(one.name+".crt")
	if err := pki.Write(keyFile, key, 0o640); err != nil {
		return err
	}
	if err := pki.Write(certificateFile, certificate, 0o644); err != nil {
		return err
	}
	if err := pki.Chown(one.uid, keyFile, certificateFile); err != nil {
		return err
	}
	if one.kubeconfig == "" {
		return nil
	}
	user := kubeapi.User{CertificateData: certificate, KeyData: key}
	text, err := kubeapi.NewKubeconfig("local", "Default", "user", c.Config.Spec.API.LocalURL(), ca.PEM, user).Bytes()
	if err != nil {
		return err
	}
	mode := os.FileMode(0o640)
	if one.name == "admin" {
		mode = 0o600
	}
	if err := pki.Write(one.kubeconfig, text, mode); err != nil {
		return err
	}
	return pki.Chown(one.uid, one.kubeconfig)
}

func (c *Controller) serverNames() ([]string, error) {
	names := []string{
		"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster",
		"kubernetes.svc." + c.Config.Spec.Network.ClusterDomain, "localhost", "127.0.0.1", "::1",
	}
	names = append(names, c.Config.Spec.API.Names()...)
	internal, err := firstOf(c.Config.Spec.Network.ServiceCIDR)
	if err != nil {
		return nil, err
	}
	names = append(names, internal)
	if balancing := c.Config.Spec.Network.ControlPlaneLoadBalancing; balancing != nil && balancing.Keepalived != nil {
		for _, instance := range balancing.Keepalived.VRRPInstances {
			for _, address := range instance.VirtualIPs {
				ip, _, err := net.ParseCIDR(address)
				if err != nil {
					return nil, err
				}
				names = append(names, ip.String())
			}
		}
	}
	return names, nil
}

// firstOf is the first address of a range, the API's address inside the cluster.
func firstOf(cidr string) (string, error) {
	_, network, err := net.ParseCIDR(cidr)
	if err != nil {
		return "", err
	}
	ip := append(net.IP{}, network.IP...)
	ip[len(ip)-1]++
	return ip.String(), nil
}

// etcdCertificates makes etcd's CA, unless joining brought one, and its certificates.
func (c *Controller) etcdCertificates() error {
	settings := c.Config.Spec.Storage.Etcd
	authorities := settings.CA
	if authorities == nil {
		authorities = &config.CA{}
	}
	expires, leafExpires, err := lifetimes(authorities)
	if err != nil {
		return err
	}
	ca, err := pki.EnsureCA(c.Vars.Pki("etcd", "ca"), "etcd-ca", expires)
	if err != nil {
		return err
	}
	etcd, local := service.UID(etcdUser), []string{"127.0.0.1", "localhost"}
	for _, one := range []leaf{
		{name: "apiserver-etcd-client", cn: "apiserver-etcd-client", o: "apiserver-etcd-client", names: local,
			uid: service.UID(apiUser)},
		{name: "etcd/server", cn: "etcd-server", o: "etcd-server", names: local, uid: etcd},
		{name: "etcd/peer", cn: settings.PeerAddress, o: "etcd-peer", names: []string{settings.PeerAddress}, uid: etcd},
	} {
		if err := c.issue(ca, one, leafExpires); err != nil {
			return err
		}
	}
	if err := pki.EnsureKeyPair(c.Vars.Pki("etcd", "jwt"), etcd); err != nil {
		return err
	}
	return pki.Chown(etcd, c.Vars.EtcdCertDir, c.Vars.Pki("etcd", "ca.crt"), c.Vars.Pki("etcd", "ca.key"))
}

// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package controller

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
)

const cipherSuites = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384," +

	"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256," +
	"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"

func localEtcd() *config.Etcd {
	return &config.Etcd{PeerAddress: "127.0.0.1", CA: &config.CA{}}
}

func render(args map[string]string) []string {
	var list []string
	for name, value := range args {
		list = append(list, "--"+name+"="+value)
	}
	slices.Sort(list)
	return list
}

func chownTree(root string, uid int) error {
	if os.Geteuid() != 0 {
		return nil
	}
	return filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, uid, -1)
	})
}

// startAPI runs kube-apiserver with the flags that k0s gives it, and the user's own.
func (c *Controller) startAPI(ctx context.Context) error {
	api := c.Config.Spec.API
	args := c.apiArgs()
	for name, value := range api.ExtraArgs {
		if _, found := args[name]; found {
			logs.Warn("overriding apiserver flag with user provided value: " + name)
		}
		args[name] = value
	}
	if gates := c.Config.Spec.FeatureGatesOf("kube-apiserver"); gates != "" {
		args["feature-gates"] = gates
	}
	logs.Info("Starting kube-apiserver")
	c.api = c.child("kube-apiserver", apiUser, render(args))
	if err := c.api.Start(); err != nil {
		return err
	}
	kubeconfig, err := kubeapi.LoadKubeconfig(c.Vars.AdminKubeConfigPath)
	if err != nil {
		return err
	}
	if c.client, err = kubeapi.NewClient(kubeconfig); err != nil {
		return err
	}
	return c.waitAPI(ctx)
}

func (c *Controller) waitAPI(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	return kubeapi.Wait(ctx, 100*time.Millisecond, func(ctx context.Context) error {
		limited, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		var text []byte
		return c.client.Do(limited, http.MethodGet, "/readyz?verbose", "", nil, &text)
	})
}

func (c *Controller) apiArgs() map[string]string {
	api, file := c.Config.Spec.API, c.Vars.Pki
	args := map[string]string{
		"advertise-address": api.Address, "secure-port": strconv.Itoa(api.Port), "authorization-mode": "Node,RBAC",
		"client-ca-file": file("ca.crt"), "enable-bootstrap-token-auth": "true", "anonymous-auth": "false",
		"kubelet-client-certificate":      file("apiserver-kubelet-client.crt"),
		"kubelet-client-key":              file("apiserver-kubelet-client.key"),
		"kubelet-certificate-authority":   file("ca.crt"),
		"kubelet-preferred-address-types": "InternalIP,ExternalIP,Hostname",
		"proxy-client-cert-file":          file("front-proxy-client.crt"),
		"proxy-client-key-file":           file("front-proxy-client.key"),
		"requestheader-allowed-names":     "front-proxy-client",
		"requestheader-client-ca-file":    file("front-proxy-ca.crt"),
		"service-account-key-file":        file("sa.pub"), "service-account-signing-key-file": file("sa.key"),
		"service-account-issuer":             "https://kubernetes.default.svc",
		"service-account-jwks-uri":           "https://kubernetes.default.svc/openid/v1/jwks",
		"service-cluster-ip-range":           c.Config.Spec.Network.ServiceCIDR,
		"tls-min-version":                    "VersionTLS12",
		"tls-cipher-suites":                  cipherSuites,
		"tls-cert-file":                      file("server.crt"),
		"tls-private-key-file":               file("server.key"),
		"profiling":                          "false",
		"v":                                  "1",
		"enable-admission-plugins":           "NodeRestriction",
		"api-audiences":                      "https://kubernetes.default.svc",
		"allow-privileged":                   "true",
		"requestheader-extra-headers-prefix": "X-Remote-Extra-",
		"requestheader-group-headers":        "X-Remote-Group",
		"requestheader-username-headers":     "X-Remote-User",
		"etcd-servers":                       "https://127.0.0.1:2379",
		"etcd-cafile":                        file("etcd", "ca.crt"),
		"etcd-certfile":                      file("apiserver-etcd-client.crt"),
		"etcd-keyfile":                       file("apiserver-etcd-client.key"),
	}
	if api.OnlyBindToAddress {
		args["bind-address"] = api.Address
	}
	if dual := c.Config.Spec.Network.DualStack; dual.Enabled {
		args["service-cluster-ip-range"] += "," + dual.IPv6ServiceCIDR
	}
	if api.ExternalAddress != "" && !c.disabled("endpoint-reconciler") {
		args["endpoint-reconciler-type"] = "none"
	}
	return args
}

// nodeAddress is where other machines reach this one.
func nodeAddress(args map[string]string, fallback string) string {
	if given := args["--node-ip"]; net.ParseIP(given) != nil {
		return given
	}
	return fallback
}

// NodeAddress is the address that a node reports.
func NodeAddress(kubeletArgs map[string]string) string {
	return nodeAddress(kubeletArgs, config.Default().Spec.API.Address)
}

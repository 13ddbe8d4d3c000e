// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package node plays the kubelet: it joins, registers a Node, keeps it Ready and lets pods seem to run.
package node

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"mke4k.core/tests/lab/simulator/internal/fault"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/pki"
	"mke4k.core/tests/lab/simulator/internal/token"
)

const (
	requests         = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
	bootstrapTries   = 10
	certificateLimit = 60 * time.Second
)

// Source gives the credentials with which a new node asks for its own.
type Source func() (*kubeapi.Kubeconfig, error)

// FromToken reads a worker's join token.
func FromToken(text string) (*kubeapi.Kubeconfig, error) {
	content, err := token.Decode(text)
	if err != nil {
		return nil, fmt.Errorf("failed to decode join token: %w", err)
	}
	kubeconfig, err := kubeapi.ParseKubeconfig(content)
	if err != nil {
		return nil, fmt.Errorf("failed to load kubeconfig from join token: %w", err)
	}
	if user := kubeconfig.Contexts[0].Context.User; user != token.WorkerUser {
		return nil, fmt.Errorf("wrong token type %s, expected type: %s", user, token.WorkerUser)
	}
	return kubeconfig, nil
}

// Bootstrap writes kubelet.conf unless it is there.
func (n *Node) Bootstrap(ctx context.Context, source Source) error {
	if _, err := os.Stat(n.Vars.KubeletAuthConfigPath); err == nil {
		return nil
	}
	if source == nil {
		return errors.New("neither regular nor bootstrap kubeconfig files exist and no join token given; " +
			"dunno how to make kubelet authenticate to API server")
	}
	kubeconfig, err := source()
	if err != nil {
		return fmt.Errorf("failed to get bootstrap kubeconfig: %w", err)
	}
	logs.Info("Bootstrapping client configuration", "component", "bootstrap-kubelet", "node_name", n.Name)
	delay := time.Second
	for attempt := 1; ; attempt++ {
		err := n.requestCertificate(ctx, kubeconfig)
		if err == nil {
			logs.Info("Successfully bootstrapped client configuration", "component", "bootstrap-kubelet")
			return nil
		}
		if attempt == bootstrapTries || ctx.Err() != nil {
			return fmt.Errorf("failed to bootstrap client configuration: %w", err)
		}
		logs.Warn("Failed to bootstrap client configuration", "component", "bootstrap-kubelet", "error", err.Error())
		select {
		case <-ctx.Done():
		case <-time.After(delay):
			delay *= 2
		}
	}
}

func (n *Node) requestCertificate(ctx context.Context, bootstrap *kubeapi.Kubeconfig) error {
	if fault.Read().Join == "refuse" {
		return errors.New("failed to run Kubelet: cannot create certificate signing request: Unauthorized")
	}
	client, err := kubeapi.NewClient(bootstrap)
	if err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	name, object, err := n.signingRequest(key)
	if err != nil {
		return err
	}
	if err := client.Create(ctx, requests, object, nil); err != nil {
		return fmt.Errorf("cannot create certificate signing request: %w", err)
	}
	waiting, cancel := context.WithTimeout(ctx, certificateLimit)
	defer cancel()
	var certificate []byte
	err = kubeapi.Wait(waiting, 200*time.Millisecond, func(ctx context.Context) error {
		var answer struct{ Status struct{ Certificate []byte } }
		if err := client.Get(ctx, requests+"/"+name, &answer); err != nil {
			return err
		}
		if certificate = answer.Status.Certificate; len(certificate) == 0 {
			return errors.New("certificate signing request " + name + " is not signed yet")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return n.storeCertificate(bootstrap, certificate, key)
}

func (n *Node) signingRequest(key *ecdsa.PrivateKey) (string, kubeapi.Object, error) {
	subject := pkix.Name{CommonName: "system:node:" + n.Name, Organization: []string{"system:nodes"}}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: subject}, key)
	if err != nil {
		return "", nil, err
	}
	digest := sha256.Sum256(der)
	name := "node-csr-" + hex.EncodeToString(digest[:16])
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
	return name, kubeapi.Object{
		"apiVersion": "certificates.k8s.io/v1", "kind": "CertificateSigningRequest",
		"metadata": map[string]any{"name": name},
		"spec": map[string]any{
			"request":    base64.StdEncoding.EncodeToString(text),
			"signerName": "kubernetes.io/kube-apiserver-client-kubelet",
			"usages":     []string{"digital signature", "client auth"},
		},
	}, nil
}

func (n *Node) storeCertificate(bootstrap *kubeapi.Kubeconfig, certificate []byte, key *ecdsa.PrivateKey) error {
	dir := filepath.Join(n.Vars.KubeletRootDir, "pki")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	content := append(certificate, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})...)
	file := "kubelet-client-" + time.Now().Format("2006-01-02-15-04-05") + ".pem"
	if err := pki.Write(filepath.Join(dir, file), content, 0o600); err != nil {
		return err
	}
	current := filepath.Join(dir, "kubelet-client-current.pem")
	if err := os.Remove(current); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Symlink(file, current); err != nil {
		return err
	}
	cluster := bootstrap.Clusters[0].Cluster
	kubeconfig := kubeapi.NewKubeconfig("default-cluster", "default-context", "default-auth", cluster.Server,
		cluster.CAData, kubeapi.User{CertificateFile: current, KeyFile: current})
	text, err := kubeconfig.Bytes()
	if err != nil {
		return err
	}
	return pki.Write(n.Vars.KubeletAuthConfigPath, text, 0o600)
}

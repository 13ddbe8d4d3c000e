// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package controller

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"strings"
	"time"

	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/pki"
)

const (
	requestPath   = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
	kubeletSigner = "kubernetes.io/kube-apiserver-client-kubelet"
)

type signingRequest struct {
	Metadata struct{ Name string }
	Spec     struct {
		Request    []byte
		SignerName string
		Groups     []string
	}
	Status struct {
		Certificate []byte
		Conditions  []map[string]any
	}
}

// signCertificates stands in for kube-controller-manager: it signs what bootstrap tokens and nodes ask for.
func (c *Controller) signCertificates(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(500 * time.Millisecond):
		}
		if !c.leader.held.Load() {
			continue
		}
		limited, cancel := context.WithTimeout(ctx, 10*time.Second)
		if err := c.signPending(limited); err != nil && ctx.Err() == nil {
			logs.Warn("Failed to sign certificates", "error", err.Error())
		}
		cancel()
	}
}

func (c *Controller) signPending(ctx context.Context) error {
	var list struct{ Items []signingRequest }
	if err := c.client.Get(ctx, requestPath+"?fieldSelector=spec.signerName="+kubeletSigner, &list); err != nil {
		return err
	}
	for _, item := range list.Items {
		if len(item.Status.Certificate) > 0 || !trusted(item.Spec.Groups) {
			continue
		}
		if err := c.sign(ctx, item); err != nil {
			return err
		}
	}
	return nil
}

func trusted(groups []string) bool {
	for _, group := range groups {
		if group == "system:bootstrappers" || group == "system:nodes" || group == "system:masters" {
			return true
		}
	}
	return false
}

func (c *Controller) sign(ctx context.Context, item signingRequest) error {
	block, _ := pem.Decode(item.Spec.Request)
	if block == nil {
		return errors.New("PEM block type must be CERTIFICATE REQUEST")
	}
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return err
	}
	if err := request.CheckSignature(); err != nil {
		return err
	}
	if !strings.HasPrefix(request.Subject.CommonName, "system:node:") {
		return errors.New("not a node's name: " + request.Subject.CommonName)
	}
	ca, err := pki.LoadCA(c.Vars.Pki("ca"))
	if err != nil {
		return err
	}
	wanted := pki.Request{CN: request.Subject.CommonName, O: "system:nodes", Expires: 8760 * time.Hour}
	certificate, err := ca.Sign(wanted, request.PublicKey)
	if err != nil {
		return err
	}
	path := requestPath + "/" + item.Metadata.Name
	approval := kubeapi.Object{"status": map[string]any{"conditions": []map[string]any{{
		"type": "Approved", "status": "True", "reason": "AutoApproved", "message": "approved by the simulator",
	}}}}
	const kind = "application/merge-patch+json"
	if err := c.client.Do(ctx, http.MethodPatch, path+"/approval", kind, approval, nil); err != nil {
		return err
	}
	signed := kubeapi.Object{"status": map[string]any{"certificate": certificate}}
	return c.client.Do(ctx, http.MethodPatch, path+"/status", kind, signed, nil)
}

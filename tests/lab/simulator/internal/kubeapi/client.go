// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package kubeapi

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// Object is any Kubernetes object.
type Object = map[string]any

// Error is an answer that is not a success.
type Error struct {
	Code    int
	Reason  string
	Message string
}

func (e *Error) Error() string {
	if e.Message != "" {
		return e.Message
	}
	return fmt.Sprintf("the server answered %d", e.Code)
}

// IsCode tells whether err is an answer with this code.
func IsCode(err error, code int) bool {
	var answer *Error
	return errors.As(err, &answer) && answer.Code == code
}

// Client talks to one server as one user.
type Client struct {
	Server string
	token  string
	http   *http.Client
}

// NewClient uses the credentials of a kubeconfig.
func NewClient(k *Kubeconfig) (*Client, error) {
	cluster, user := k.Clusters[0].Cluster, k.Users[0].User
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(cluster.CAData) {
		return nil, errors.New("unable to load root certificates: no CA in kubeconfig")
	}
	settings := &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	certificate, err := user.certificate()
	if err != nil {
		return nil, err
	}
	if certificate != nil {
		settings.Certificates = []tls.Certificate{*certificate}
	}
	transport := &http.Transport{TLSClientConfig: settings, IdleConnTimeout: 30 * time.Second}
	return &Client{Server: cluster.Server, token: user.Token, http: &http.Client{Transport: transport}}, nil
}

// NewClientFromFile uses a kubeconfig file.
func NewClientFromFile(path string) (*Client, error) {
	k, err := LoadKubeconfig(path)
	if err != nil {
		return nil, err
	}
	return NewClient(k)
}

func (u User) certificate() (*tls.Certificate, error) {
	cert, key := u.CertificateData, u.KeyData
	var err error
	if u.CertificateFile != "" {
		if cert, err = os.ReadFile(u.CertificateFile); err != nil {
			return nil, err
		}
	}
	if u.KeyFile != "" {
		if key, err = os.ReadFile(u.KeyFile); err != nil {
			return nil, err
		}
	}
	if len(cert) == 0 || len(key) == 0 {
		return nil, nil
	}
	pair, err := tls.X509KeyPair(cert, key)
	return &pair, err
}

// Get reads into target.
func (c *Client) Get(ctx context.Context, path string, target any) error {
	return c.Do(ctx, http.MethodGet, path, "", nil, target)
}

// Create posts an object.
func (c *Client) Create(ctx context.Context, path string, object, target any) error {
	return c.Do(ctx, http.MethodPost, path, "application/json", object, target)
}

// Replace puts an object.
func (c *Client) Replace(ctx context.Context, path string, object, target any) error {
	return c.Do(ctx, http.MethodPut, path, "application/json", object, target)
}

// Merge sends a merge patch.
func (c *Client) Merge(ctx context.Context, path string, patch, target any) error {
	return c.Do(ctx, http.MethodPatch, path, "application/merge-patch+json", patch, target)
}

// Apply sends a server-side apply as manager k0s.
func (c *Client) Apply(ctx context.Context, path string, object any) error {
	return c.Do(ctx, http.MethodPatch, path+"?fieldManager=k0s&force=true", "application/apply-patch+yaml", object, nil)
}

// Delete removes an object.
func (c *Client) Delete(ctx context.Context, path string, options any) error {
	return c.Do(ctx, http.MethodDelete, path, "application/json", options, nil)
}

// Do sends one request and decodes the answer.
func (c *Client) Do(ctx context.Context, method, path, kind string, body, target any) error {
	answer, err := c.send(ctx, method, path, kind, body)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode >= 300 {
		return toError(answer.StatusCode, content)
	}
	switch into := target.(type) {
	case nil:
		return nil
	case *[]byte:
		*into = content
		return nil
	}
	return json.Unmarshal(content, target)
}

func (c *Client) send(ctx context.Context, method, path, kind string, body any) (*http.Response, error) {
	var reader io.Reader
	if body != nil {
		content, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		reader = bytes.NewReader(content)
	}
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.Server, "/")+path, reader)
	if err != nil {
		return nil, err
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	request.Header.Set("User-Agent", "k0s")
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	return c.http.Do(request)
}

func toError(code int, content []byte) error {
	var status struct{ Reason, Message string }
	if json.Unmarshal(content, &status) != nil {
		status.Message = strings.TrimSpace(string(content))
	}
	return &Error{Code: code, Reason: status.Reason, Message: status.Message}
}

// Wait calls step every interval until it returns no error or ctx ends; then it returns the last error.
func Wait(ctx context.Context, interval time.Duration, step func(context.Context) error) error {
	for {
		err := step(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(interval):
		}
	}
}

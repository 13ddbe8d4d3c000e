// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package etcd talks to the local etcd through its JSON gateway.
package etcd

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
	"strconv"
	"time"

	"mke4k.core/tests/lab/simulator/internal/vars"
)

const endpoint = "https://127.0.0.1:2379"

// Client is a client of the local etcd.
type Client struct{ http *http.Client }

// Member is one member of the cluster.
type Member struct {
	ID         string   `json:"ID"`
	Name       string   `json:"name"`
	PeerURLs   []string `json:"peerURLs"`
	ClientURLs []string `json:"clientURLs"`
}

// Hex is the member's ID as etcd prints it.
func (m Member) Hex() string {
	number, err := strconv.ParseUint(m.ID, 10, 64)
	if err != nil {
		return m.ID
	}
	return strconv.FormatUint(number, 16)
}

// New reads the certificates of the API server's etcd client.
func New(v *vars.Vars) (*Client, error) {
	certificate, err := tls.LoadX509KeyPair(v.Pki("apiserver-etcd-client.crt"), v.Pki("apiserver-etcd-client.key"))
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(v.Pki("etcd", "ca.crt"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(ca) {
		return nil, errors.New("no certificate in " + v.Pki("etcd", "ca.crt"))
	}
	settings := &tls.Config{Certificates: []tls.Certificate{certificate}, RootCAs: pool, MinVersion: tls.VersionTLS12}
	return &Client{http: &http.Client{Transport: &http.Transport{TLSClientConfig: settings}}}, nil
}

func (c *Client) post(ctx context.Context, path string, body any) (*http.Response, error) {
	content, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint+path, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode == http.StatusOK {
		return answer, nil
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	var failure struct{ Message string }
	if json.Unmarshal(text, &failure) != nil || failure.Message == "" {
		failure.Message = string(text)
	}
	return nil, errors.New(failure.Message)
}

func (c *Client) call(ctx context.Context, path string, body, target any) error {
	answer, err := c.post(ctx, path, body)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	return json.NewDecoder(answer.Body).Decode(target)
}

// Members lists the members.
func (c *Client) Members(ctx context.Context) ([]Member, error) {
	var list struct{ Members []Member }
	err := c.call(ctx, "/v3/cluster/member/list", map[string]any{"linearizable": true}, &list)
	return list.Members, err
}

// MembersPatiently waits for an etcd that does not answer, as k0s' own client does.
func (c *Client) MembersPatiently(ctx context.Context) ([]Member, error) {
	for {
		members, err := c.Members(ctx)
		if err == nil {
			return members, nil
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(time.Second):
		}
	}
}

// Add adds a member and returns --initial-cluster for it.
func (c *Client) Add(ctx context.Context, name, peerURL string) ([]string, error) {
	var added struct {
		Member  Member
		Members []Member
	}
	if err := c.call(ctx, "/v3/cluster/member/add", map[string]any{"peerURLs": []string{peerURL}}, &added); err != nil {
		return nil, err
	}
	var initial []string
	for _, member := range added.Members {
		if member.ID == added.Member.ID {
			member.Name = name
		}
		initial = append(initial, member.Name+"="+member.PeerURLs[0])
	}
	return initial, nil
}

// Remove removes the member with this peer URL.
func (c *Client) Remove(ctx context.Context, peerURL string) error {
	members, err := c.MembersPatiently(ctx)
	if err != nil {
		return fmt.Errorf("etcd member list failed: %w", err)
	}
	for _, member := range members {
		for _, url := range member.PeerURLs {
			if url == peerURL {
				return c.RemoveID(ctx, member.ID)
			}
		}
	}
	return fmt.Errorf("peer not found: %s", peerURL)
}

// RemoveID removes the member with this decimal ID.
func (c *Client) RemoveID(ctx context.Context, id string) error {
	var removed struct{ Members []Member }
	return c.call(ctx, "/v3/cluster/member/remove", map[string]any{"ID": id}, &removed)
}

// Healthy makes etcd read with quorum.
func (c *Client) Healthy(ctx context.Context) error {
	var found struct{ Header map[string]any }
	return c.call(ctx, "/v3/kv/range", map[string]any{"key": "aGVhbHRo"}, &found)
}

// Snapshot writes the database, followed by its checksum.
func (c *Client) Snapshot(ctx context.Context, target io.Writer) error {
	answer, err := c.post(ctx, "/v3/maintenance/snapshot", map[string]any{})
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	decoder := json.NewDecoder(answer.Body)
	for {
		var part struct {
			Result struct{ Blob []byte }
			Error  *struct{ Message string }
		}
		if err := decoder.Decode(&part); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if part.Error != nil {
			return errors.New(part.Error.Message)
		}
		if _, err := target.Write(part.Result.Blob); err != nil {
			return err
		}
	}
}

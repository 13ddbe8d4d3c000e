// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package joinapi is the API through which controllers join, and its client.
package joinapi

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/etcd"
	"mke4k.core/tests/lab/simulator/internal/fault"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/token"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

// CA carries the keys that all controllers share.
type CA struct {
	Key   []byte `json:"key"`
	Cert  []byte `json:"cert"`
	SAKey []byte `json:"saKey"`
	SAPub []byte `json:"saPub"`
}

// EtcdRequest asks for a new member.
type EtcdRequest struct {
	Node        string `json:"node"`
	PeerAddress string `json:"peerAddress"`
}

// EtcdResponse has what the new member needs.
type EtcdResponse struct {
	CA             CA       `json:"ca"`
	InitialCluster []string `json:"initialCluster"`
}

// Server serves the join API of one controller.
type Server struct {
	Vars   *vars.Vars
	Config *config.ClusterConfig
	Client *kubeapi.Client
	http   *http.Server
}

// Start serves until Stop.
func (s *Server) Start() error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1beta1/ca", s.authorized(s.ca))
	mux.HandleFunc("POST /v1beta1/etcd/members", s.authorized(s.members))
	host := ""
	if s.Config.Spec.API.OnlyBindToAddress {
		host = s.Config.Spec.API.Address
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(s.Config.Spec.API.K0sAPIPort)))
	if err != nil {
		return err
	}
	s.http = &http.Server{
		Handler: mux, TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		WriteTimeout: 15 * time.Second, ReadTimeout: 15 * time.Second,
	}
	go func() {
		err := s.http.ServeTLS(listener, s.Vars.Pki("k0s-api.crt"), s.Vars.Pki("k0s-api.key"))
		if !errors.Is(err, http.ErrServerClosed) {
			logs.Error("join API ended", "error", err.Error())
		}
	}()
	return nil
}

// Stop ends the server.
func (s *Server) Stop() error { return s.http.Close() }

func (s *Server) authorized(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		valid, err := false, error(nil)
		if found && fault.Read().Join != "refuse" {
			valid, err = token.Valid(r.Context(), s.Client, text, "controller-join")
		}
		if err != nil {
			logs.Error("Failed to check a join token", "error", err.Error())
		}
		if !valid {
			fail(w, errors.New("go away"), http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}

func (s *Server) ca(w http.ResponseWriter, _ *http.Request) {
	var answer CA
	files := map[string]*[]byte{
		"ca.key": &answer.Key, "ca.crt": &answer.Cert, "sa.key": &answer.SAKey, "sa.pub": &answer.SAPub,
	}
	for name, target := range files {
		content, err := os.ReadFile(s.Vars.Pki(name))
		if err != nil {
			fail(w, err, http.StatusInternalServerError)
			return
		}
		*target = content
	}
	reply(w, answer)
}

func (s *Server) members(w http.ResponseWriter, r *http.Request) {
	answer, err := s.addMember(r)
	if err != nil {
		fail(w, err, http.StatusInternalServerError)
		return
	}
	reply(w, answer)
}

func (s *Server) addMember(r *http.Request) (*EtcdResponse, error) {
	var request EtcdRequest
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		return nil, err
	}
	if request.Node == "" || request.PeerAddress == "" {
		return nil, errors.New("node and peerAddress cannot be empty")
	}
	logs.Info("etcd API, adding new member: " + request.PeerAddress)
	client, err := etcd.New(s.Vars)
	if err != nil {
		return nil, err
	}
	var answer EtcdResponse
	if answer.InitialCluster, err = client.Add(r.Context(), request.Node, request.PeerAddress); err != nil {
		return nil, err
	}
	if answer.CA.Cert, err = os.ReadFile(s.Vars.Pki("etcd", "ca.crt")); err != nil {
		return nil, err
	}
	answer.CA.Key, err = os.ReadFile(s.Vars.Pki("etcd", "ca.key"))
	return &answer, err
}

func reply(w http.ResponseWriter, answer any) {
	w.Header().Set("content-type", "application/json")
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		logs.Error("Failed to answer a joining controller", "error", err.Error())
	}
}

func fail(w http.ResponseWriter, err error, code int) {
	logs.Error(err.Error())
	w.Header().Set("content-type", "text/plain")
	w.WriteHeader(code)
	if _, err := w.Write([]byte(err.Error())); err != nil {
		logs.Error("Failed to answer a joining controller", "error", err.Error())
	}
}

// Client is the joining side.
type Client struct{ api *kubeapi.Client }

// NewClient reads a controller's join token.
func NewClient(text string) (*Client, error) {
	content, err := token.Decode(text)
	if err != nil {
		return nil, errors.Join(errors.New("failed to decode token"), err)
	}
	kubeconfig, err := kubeapi.ParseKubeconfig(content)
	if err != nil {
		return nil, err
	}
	if user := kubeconfig.Contexts[0].Context.User; user != token.ControllerUser {
		return nil, errors.New("wrong token type " + user + ", expected type: " + token.ControllerUser)
	}
	api, err := kubeapi.NewClient(kubeconfig)
	return &Client{api: api}, err
}

// Address is where the token points.
func (c *Client) Address() string { return c.api.Server }

// CA fetches the shared keys.
func (c *Client) CA(ctx context.Context) (*CA, error) {
	var answer CA
	if err := refused(); err != nil {
		return nil, err
	}
	return &answer, named(c.api.Get(ctx, "/v1beta1/ca", &answer))
}

// JoinEtcd adds this host to etcd.
func (c *Client) JoinEtcd(ctx context.Context, request EtcdRequest) (*EtcdResponse, error) {
	var answer EtcdResponse
	if err := refused(); err != nil {
		return nil, err
	}
	return &answer, named(c.api.Create(ctx, "/v1beta1/etcd/members", request, &answer))
}

func refused() error {
	if fault.Read().Join == "refuse" {
		return named(&kubeapi.Error{Code: http.StatusUnauthorized})
	}
	return nil
}

// named gives a rejected token the words of Kubernetes' own client.
func named(err error) error {
	if kubeapi.IsCode(err, http.StatusUnauthorized) {
		return errors.New("the server has asked for the client to provide credentials")
	}
	return err
}

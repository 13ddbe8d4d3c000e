// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package status serves and asks k0s' status socket.
package status

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

// Status has the fields of k0s' own status.
type Status struct {
	Version                     string
	Pid                         int
	PPid                        int
	Role                        string
	SysInit                     string
	StubFile                    string
	Output                      string
	Workloads                   bool
	SingleNode                  bool
	Args                        []string
	WorkerToAPIConnectionStatus Connection
	ClusterConfig               *config.ClusterConfig
	K0sVars                     *vars.Vars
}

// Connection tells whether the kubelet's credentials work.
type Connection struct {
	Message string
	Success bool
}

// Components is what k0s tells of its components: nothing.
type Components struct {
	HealthProbes map[string]any `json:"healthProbes"`
	Events       map[string]any `json:"events"`
}

// Server answers on the socket.
type Server struct {
	Status   Status
	NodeName string
	listener net.Listener
	http     *http.Server
}

// Listen makes the socket; requests wait until Serve.
func (s *Server) Listen() error {
	path := s.Status.K0sVars.StatusSocketPath
	if connection, err := net.Dial("unix", path); err == nil {
		return errors.Join(errors.New("another process listens at "+path), connection.Close())
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	var err error
	s.listener, err = net.Listen("unix", path)
	return err
}

// Serve answers until Stop.
func (s *Server) Serve() {
	mux := http.NewServeMux()
	mux.HandleFunc("/status", func(w http.ResponseWriter, r *http.Request) { s.answer(w, s.current(r.Context())) })
	mux.HandleFunc("/components", func(w http.ResponseWriter, _ *http.Request) {
		s.answer(w, Components{HealthProbes: map[string]any{}, Events: map[string]any{}})
	})
	s.http = &http.Server{Handler: mux}
	go func() {
		if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			logs.Error("status server ended", "error", err.Error())
		}
	}()
}

// Stop ends the server and removes the socket.
func (s *Server) Stop() error {
	if s.http == nil {
		return s.listener.Close()
	}
	return s.http.Close()
}

func (s *Server) answer(w http.ResponseWriter, content any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(content); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

func (s *Server) current(ctx context.Context) Status {
	now := s.Status
	if !now.Workloads {
		return now
	}
	if err := tryKubelet(ctx, now.K0sVars.KubeletAuthConfigPath, s.NodeName); err != nil {
		now.WorkerToAPIConnectionStatus.Message = err.Error()
	} else {
		now.WorkerToAPIConnectionStatus.Success = true
	}
	return now
}

func tryKubelet(ctx context.Context, kubeconfig, node string) error {
	client, err := kubeapi.NewClientFromFile(kubeconfig)
	if err != nil {
		return fmt.Errorf("failed to create kube-api client required for kube-api status reports, "+
			"probably kubelet failed to init: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var content []byte
	return client.Get(ctx, "/api/v1/nodes?fieldSelector=metadata.name%3D"+node, &content)
}

// Ask reads the status of the running k0s.
func Ask(socket string) (*Status, error) {
	var answer Status
	return &answer, ask(socket, "status", &answer)
}

// AskComponents reads what k0s tells of its components.
func AskComponents(socket string, count int) (*Components, error) {
	var answer Components
	return &answer, ask(socket, fmt.Sprintf("components?maxCount=%d", count), &answer)
}

func ask(socket, path string, target any) error {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "unix", socket)
	}
	client := http.Client{Transport: &http.Transport{DialContext: dial}}
	answer, err := client.Get("http://localhost/" + path)
	if err != nil {
		return fmt.Errorf("status: can't get %q via %q: %w", path, socket, err)
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("status: can't get %q via %q: status code %d", path, socket, answer.StatusCode)
	}
	return json.Unmarshal(content, target)
}

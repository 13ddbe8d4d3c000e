// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package charts

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mke4k.core/tests/lab/simulator/internal/config"
)

// registryWith answers every request of the right user with 404, and says what it was asked.
func registryWith(t *testing.T, user string) (*httptest.Server, string) {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, _, ok := r.BasicAuth(); !ok || name != user {
			w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(server.Close)
	ca := filepath.Join(t.TempDir(), "ca.crt")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(ca, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return server, ca
}

func pull(t *testing.T, h *helm, name, version string) error {
	t.Helper()
	client, err := h.registries.client(name)
	if err != nil {
		return err
	}
	_, err = h.locate(name, version, client)
	return err
}

func TestLoginsAndAuthorities(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	t.Setenv("HELM_REGISTRY_CONFIG", filepath.Join(t.TempDir(), "none.json"))
	server, ca := registryWith(t, "alice")
	name := strings.Replace(server.URL, "https://", "oci://", 1) + "/charts/app"
	known := config.Repository{Name: "lab", URL: strings.Replace(server.URL, "https", "oci", 1), CAFile: ca, Username: "alice", Password: "x"}
	unknown := known
	unknown.CAFile = ""
	for _, test := range []struct {
		text       string
		repository config.Repository
		logins     bool
		want       string
	}{
		{"no CA", unknown, false, "x509: certificate signed by unknown authority"},
		{"logins are ignored", known, false, "basic credential not found"},
		{"logins are used", known, true, "charts/app:1.0.0: not found"},
	} {
		h := &helm{cache: t.TempDir(), registries: registries{logins: test.logins}}
		if err := h.registries.set([]config.Repository{test.repository}); err != nil {
			t.Fatal(err)
		}
		err := pull(t, h, name, "1.0.0")
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "can't locate chart `oci://") {
			t.Errorf("%s: got %v", test.text, err)
		}
	}
}

func TestRepositoriesThatCantBe(t *testing.T) {
	var r registries
	for url, want := range map[string]string{
		"https://charts.example": "OCI registries only", "oci://r.example/charts": "must not contain a path",
	} {
		if err := r.set([]config.Repository{{Name: "x", URL: url}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", url, err)
		}
	}
	if client, err := r.client("oci://elsewhere/x"); client != nil || err != nil {
		t.Errorf("got %v, %v", client, err)
	}
	if err := r.set([]config.Repository{{Name: "x", URL: "oci://r.example", CAFile: "/no/such/ca"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.client("oci://r.example/x"); err == nil || !strings.Contains(err.Error(), "can't load CA file /no/such/ca") {
		t.Errorf("got %v", err)
	}
}

// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package images

import (
	"context"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReferences(t *testing.T) {
	for text, want := range map[string]string{
		"pause":                      "docker.io/library/pause:latest",
		"rancher/x:1":                "docker.io/rancher/x:1",
		"10.0.0.1:5000/a/b":          "10.0.0.1:5000/a/b:latest",
		"localhost/a:2":              "localhost/a:2",
		"quay.io/a/b:3@sha256:00":    "quay.io/a/b:3@sha256:00",
		"quay.io/a/b@sha256:00":      "quay.io/a/b@sha256:00",
		"10.77.0.1:5000/mke/pause:4": "10.77.0.1:5000/mke/pause:4",
	} {
		if got := ParseReference(text).String(); got != want {
			t.Errorf("%s: got %s", text, got)
		}
	}
}

type lab struct {
	settings Settings
	host     string
	dir      string
	asked    []string
}

// start serves the manifest of app:1 to alice.
func start(t *testing.T) *lab {
	t.Helper()
	l := &lab{dir: t.TempDir()}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.asked = append(l.asked, r.Method+" "+r.URL.String())
		name, _, _ := r.BasicAuth()
		switch {
		case name != "alice":
			w.Header().Set("WWW-Authenticate", `Basic realm="lab"`)
			w.WriteHeader(http.StatusUnauthorized)
		case !strings.HasSuffix(r.URL.Path, "/app/manifests/1"):
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	l.host = strings.TrimPrefix(server.URL, "https://")
	l.settings.DropIns = filepath.Join(l.dir, "containerd.d")
	certs := filepath.Join(l.dir, "certs.d")
	l.write(t, "containerd.d/registry.toml",
		"version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \""+certs+"\"\n")
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	l.write(t, "certs.d/"+l.host+"/ca.crt", string(ca))
	return l
}

func (l *lab) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(l.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (l *lab) hosts(t *testing.T, registry, lines string) {
	l.write(t, "certs.d/"+registry+"/hosts.toml", fmt.Sprintf("server = \"https://%s\"\n%s\n[host]\n", l.host, lines))
}

func nobody(string) (Login, bool)  { return Login{}, false }
func alice(string) (Login, bool)   { return Login{Username: "alice", Password: "x"}, true }
func mallory(string) (Login, bool) { return Login{Username: "mallory"}, true }

func TestWhatContainerdSays(t *testing.T) {
	l := start(t)
	for _, test := range []struct {
		lines, image string
		logins       Logins
		want         string
	}{
		{`ca = "ca.crt"`, "app:1", alice, ""},
		{`ca = "ca.crt"`, "app:2", alice, "rpc error: code = NotFound desc = failed to pull and unpack image \"H/app:2\": " +
			"failed to resolve reference \"H/app:2\": H/app:2: not found"},
		{`ca = "ca.crt"`, "app:1", nobody, "failed to pull and unpack image \"H/app:1\": failed to resolve " +
			"reference \"H/app:1\": pull access denied, repository does not exist or may require authorization: " +
			"authorization failed: no basic auth credentials"},
		{`ca = "ca.crt"`, "app:1", mallory, "unexpected status from HEAD request to https://H/v2/app/manifests/1: 401 Unauthorized"},
		{``, "app:1", alice, "failed to do request: Head \"https://H/v2/app/manifests/1\": tls: failed to verify certificate: " +
			"x509: certificate signed by unknown authority"},
		{`skip_verify = true`, "app:1", alice, ""},
		{"ca = \"ca.crt\"\n[header]\nAuthorization = \"Basic YWxpY2U6eA==\"", "app:1", nobody, ""},
		{`ca = "other.crt"`, "app:1", alice, "unable to load ca cert file"},
	} {
		l.hosts(t, l.host, test.lines)
		err := l.settings.Check(context.Background(), l.host+"/"+test.image, test.logins)
		want := strings.ReplaceAll(test.want, "H/", l.host+"/")
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s %s: got %v", test.lines, test.image, err)
		}
	}
}

func TestFileWithoutHostsIsNotRead(t *testing.T) {
	l := start(t)
	for _, text := range []string{"", "server = \"https://" + l.host + "\"\n[header]\nAuthorization = \"Basic YWxpY2U6eA==\"\n", "server = ["} {
		if text != "" {
			l.write(t, "certs.d/"+l.host+"/hosts.toml", text)
		}
		// The authority of the folder counts, the header of the file does not.
		if err := l.settings.Check(context.Background(), l.host+"/app:1", alice); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		err := l.settings.Check(context.Background(), l.host+"/app:1", nobody)
		if err == nil || !strings.Contains(err.Error(), "no basic auth credentials") {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func TestRegistryIsAskedAgainWithoutItsCA(t *testing.T) {
	l := start(t)
	l.write(t, "certs.d/"+l.host+"/hosts.toml", "[host.\"https://"+l.host+"\"]\nca = \"ca.crt\"\n")
	if err := l.settings.Check(context.Background(), l.host+"/app:1", alice); err != nil {
		t.Error(err)
	}
	err := l.settings.Check(context.Background(), l.host+"/app:2", alice)
	if err == nil || !strings.Contains(err.Error(), "x509: certificate signed by unknown authority") {
		t.Errorf("got %v", err)
	}
}

func TestMirrorIsAskedInsteadOfTheRegistry(t *testing.T) {
	l := start(t)
	l.write(t, "certs.d/quay.example/hosts.toml", fmt.Sprintf(
		"[host.\"https://%s/v2/mirror\"]\nca = \"%s/certs.d/%s/ca.crt\"\noverride_path = true\n", l.host, l.dir, l.host))
	if err := l.settings.Check(context.Background(), "quay.example/app:1", alice); err != nil {
		t.Error(err)
	}
	if got := l.asked[len(l.asked)-1]; got != "HEAD /v2/mirror/app/manifests/1?ns=quay.example" {
		t.Errorf("asked %s", got)
	}
}

func TestWhoIsChecked(t *testing.T) {
	l := start(t)
	l.hosts(t, "known.example", "")
	for image, want := range map[string]bool{
		"quay.io/a:1": false, "pause": false, "known.example/a:1": true, "10.9.8.7:5000/a": true,
	} {
		if l.settings.Known(image) != want {
			t.Errorf("%s: got %v", image, !want)
		}
	}
	if err := l.settings.Check(context.Background(), "quay.io/a:1", nobody); err != nil {
		t.Error(err)
	}
}

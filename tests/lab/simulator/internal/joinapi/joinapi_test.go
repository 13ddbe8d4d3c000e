// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package joinapi

import (
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/token"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

// fakeAPI is an API server with one bootstrap token in it.
func fakeAPI(t *testing.T, role string) *kubeapi.Client {
	t.Helper()
	data, _ := token.Secret(role, "abcdef", "0123456789abcdef", 0)["stringData"].(map[string]string)
	encoded := map[string][]byte{}
	for name, value := range data {
		encoded[name] = []byte(value)
	}
	api := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/namespaces/kube-system/secrets/bootstrap-token-abcdef" {
			http.NotFound(w, r)
			return
		}
		if err := json.NewEncoder(w).Encode(map[string]any{"data": encoded}); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(api.Close)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: api.Certificate().Raw})
	client, err := kubeapi.NewClient(kubeapi.NewKubeconfig("k0s", "k0s", "admin", api.URL, ca, kubeapi.User{}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func ask(t *testing.T, s *Server, bearer string) *httptest.ResponseRecorder {
	t.Helper()
	t.Setenv("K0S_SIMULATOR_FILE", filepath.Join(t.TempDir(), "none"))
	recorder := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodGet, "/v1beta1/ca", nil)
	request.Header.Set("Authorization", bearer)
	s.authorized(s.ca)(recorder, request)
	return recorder
}

func TestOnlyControllerTokensGetTheKeys(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"ca.key", "ca.crt", "sa.key", "sa.pub"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		role, bearer string
		code         int
	}{
		{"controller", "Bearer abcdef.0123456789abcdef", 200},
		{"controller", "Bearer abcdef.0123456789abcdeX", 401},
		{"controller", "Bearer xxxxxx.0123456789abcdef", 401},
		{"controller", "", 401},
		{"worker", "Bearer abcdef.0123456789abcdef", 401},
	} {
		server := &Server{Vars: &vars.Vars{CertRootDir: dir}, Client: fakeAPI(t, test.role)}
		got := ask(t, server, test.bearer)
		if got.Code != test.code {
			t.Errorf("%s %q: got %d %s", test.role, test.bearer, got.Code, got.Body)
		}
		var answer CA
		if test.code == 200 && (json.Unmarshal(got.Body.Bytes(), &answer) != nil || string(answer.SAPub) != "sa.pub") {
			t.Errorf("got %s", got.Body)
		}
	}
}

func TestWorkerTokensCanNotJoinControllers(t *testing.T) {
	kubeconfig := kubeapi.NewKubeconfig("k0s", "k0s", token.WorkerUser, "https://x:6443", []byte("CA"), kubeapi.User{})
	content, err := kubeconfig.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	text, err := token.Encode(content)
	if err != nil {
		t.Fatal(err)
	}
	wanted := "wrong token type kubelet-bootstrap, expected type: controller-bootstrap"
	if _, err := NewClient(text); err == nil || err.Error() != wanted {
		t.Errorf("got %v", err)
	}
}

// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package token

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"mke4k.core/tests/lab/simulator/internal/kubeapi"
)

func TestTokenRoundTrip(t *testing.T) {
	kubeconfig := kubeapi.NewKubeconfig("k0s", "k0s", WorkerUser, "https://10.0.0.1:6443", []byte("CA"),
		kubeapi.User{Token: "abcdef.0123456789abcdef"})
	text, err := kubeconfig.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := Encode(text)
	if err != nil {
		t.Fatal(err)
	}
	// Base64 of a gzip header: what people recognise a k0s token by.
	if !strings.HasPrefix(encoded, "H4sI") {
		t.Errorf("got %s", encoded)
	}
	decoded, err := Decode(encoded)
	if err != nil {
		t.Fatal(err)
	}
	read, err := kubeapi.ParseKubeconfig(decoded)
	if err != nil {
		t.Fatal(err)
	}
	if read.Users[0].User.Token != "abcdef.0123456789abcdef" || read.Contexts[0].Context.User != WorkerUser ||
		string(read.Clusters[0].Cluster.CAData) != "CA" {
		t.Errorf("got %+v", read)
	}
}

func TestDecodeRefusesOtherText(t *testing.T) {
	for _, text := range []string{"", "# overwritten", "aGVsbG8="} {
		if _, err := Decode(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

func TestSecretsAreBootstrapTokens(t *testing.T) {
	id, secret, err := Random()
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^[a-z0-9]{6}\.[a-z0-9]{16}$`).MatchString(id + "." + secret) {
		t.Errorf("got %s.%s", id, secret)
	}
	for role, usage := range map[string]string{
		"worker": "usage-bootstrap-authentication", "controller": "usage-controller-join",
	} {
		object := Secret(role, id, secret, time.Hour)
		data, _ := object["stringData"].(map[string]string)
		if object["type"] != "bootstrap.kubernetes.io/token" || data[usage] != "true" || data["expiration"] == "" {
			t.Errorf("%s: got %v", role, object)
		}
	}
	data, _ := Secret("worker", id, secret, 0)["stringData"].(map[string]string)
	if _, found := data["expiration"]; found {
		t.Error("--expiry 0s means no expiry")
	}
}

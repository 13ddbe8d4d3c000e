// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package pki

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestLeavesAreSignedByTheCA(t *testing.T) {
	base := filepath.Join(t.TempDir(), "ca")
	ca, err := EnsureCA(base, "kubernetes-ca", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	text, _, err := ca.Issue(Request{
		CN: "kubernetes", O: "system:masters", Names: []string{"localhost", "127.0.0.1", "localhost"}, Expires: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ParseCertificate(text)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(ca.Certificate)
	for _, name := range []string{"localhost", "127.0.0.1"} {
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: name}); err != nil {
			t.Error(err)
		}
	}
	if leaf.Subject.CommonName != "kubernetes" || leaf.Subject.Organization[0] != "system:masters" || len(leaf.DNSNames) != 1 {
		t.Errorf("got %+v", leaf.Subject)
	}
}

func TestCAStaysAndIsPrivate(t *testing.T) {
	base := filepath.Join(t.TempDir(), "ca")
	first, err := EnsureCA(base, "kubernetes-ca", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	second, err := EnsureCA(base, "kubernetes-ca", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if !first.Certificate.Equal(second.Certificate) {
		t.Error("a second start must keep the CA")
	}
	info, err := os.Stat(base + ".key")
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
}

func TestKeyPairStays(t *testing.T) {
	base := filepath.Join(t.TempDir(), "sa")
	var texts []string
	for range 2 {
		if err := EnsureKeyPair(base, 0); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(base + ".key")
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Error("a second start must keep the key of service accounts")
	}
}

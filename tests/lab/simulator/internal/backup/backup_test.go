// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"mke4k.core/tests/lab/simulator/internal/vars"
)

func TestConfigName(t *testing.T) {
	if got := ConfigName("/b/k0s_backup_2026-11-21T03_00_00_000Z.tar.gz"); got != "k0s_2026-11-21T03_00_00_000Z.yaml" {
		t.Errorf("got %s", got)
	}
	if got := ConfigName("-"); got != "-" {
		t.Errorf("got %s", got)
	}
}

func TestArchiveHoldsWhatK0sPutsIn(t *testing.T) {
	root := t.TempDir()
	v := &vars.Vars{
		DataDir: root, CertRootDir: root + "/pki", ManifestsDir: root + "/manifests", OCIBundleDir: root + "/images",
		HelmHome: root + "/helmhome", StartupConfigPath: root + "/k0s.yaml",
	}
	for _, name := range []string{"pki/ca.key", "manifests/a/b.yaml", "k0s.yaml", "etcd-snapshot.db"} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var buffer bytes.Buffer
	if err := archive(&buffer, v, root+"/etcd-snapshot.db"); err != nil {
		t.Fatal(err)
	}
	packed := filepath.Join(t.TempDir(), "b.tar.gz")
	if err := os.WriteFile(packed, buffer.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	target := t.TempDir()
	if err := unpack(packed, target); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"pki/ca.key", "manifests/a/b.yaml", "k0s.yaml", "etcd-snapshot.db"} {
		if content, err := os.ReadFile(filepath.Join(target, name)); err != nil || string(content) != name {
			t.Errorf("%s: got %q, %v", name, content, err)
		}
	}
}

func TestEntriesCanNotLeaveTheDirectory(t *testing.T) {
	var buffer bytes.Buffer
	zipped := gzip.NewWriter(&buffer)
	writer := tar.NewWriter(zipped)
	if err := writer.WriteHeader(&tar.Header{Name: "../evil", Mode: 0o600}); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	packed := filepath.Join(t.TempDir(), "b.tar.gz")
	if err := os.WriteFile(packed, buffer.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := unpack(packed, t.TempDir()); err == nil {
		t.Error("an entry outside was unpacked")
	}
}

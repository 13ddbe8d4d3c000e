// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package etcd

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

const peer = "https://10.0.0.2:2380"

func snapshotFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "db")
	database, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = database.Update(func(tx *bolt.Tx) error {
		for _, name := range []string{"key", "members", "members_removed", "cluster", "meta"} {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		return tx.Bucket([]byte("members")).Put([]byte("8e9e05c52164694d"), []byte(`{"id":10276657743932975437,"name":"old"}`))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := database.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	if err := os.WriteFile(path, append(content, sum[:]...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRestoreMakesAClusterOfThisMemberAlone(t *testing.T) {
	target := filepath.Join(t.TempDir(), "etcd")
	if err := Restore(snapshotFile(t), target, "n1", peer); err != nil {
		t.Fatal(err)
	}
	if logs, err := filepath.Glob(filepath.Join(target, "member", "wal", "*.wal")); err != nil || len(logs) == 0 {
		t.Errorf("a member that joins later has no log to begin with: %v %v", logs, err)
	}
	database, err := bolt.Open(filepath.Join(target, "member", "snap", "db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = database.Close() }()
	err = database.View(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("members")).ForEach(func(_, value []byte) error {
			if !strings.Contains(string(value), peer) {
				t.Errorf("an old member is still there: %s", value)
			}
			return nil
		})
	})
	if err != nil {
		t.Error(err)
	}
}

func TestRestoreRefusesADamagedSnapshot(t *testing.T) {
	path := snapshotFile(t)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content[100] ^= 1
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Restore(path, filepath.Join(t.TempDir(), "etcd"), "n1", peer); err == nil {
		t.Error("nobody saw that the snapshot is damaged")
	}
}

func TestHexIsWhatEtcdPrints(t *testing.T) {
	if got := (Member{ID: "255"}).Hex(); got != "ff" {
		t.Errorf("got %s", got)
	}
}

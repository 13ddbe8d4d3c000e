// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package etcd

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"
)

func snapshot(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "db")
	database, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = database.Update(func(tx *bolt.Tx) error {
		for _, name := range []string{"key", "members", "members_removed", "cluster", "meta"} {
			bucket, err := tx.CreateBucket([]byte(name))
			if err != nil {
				return err
			}
			if err := bucket.Put([]byte("consistent_index"), []byte("7")); err != nil {
				return err
			}
		}
		return nil
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
	withSum := append(content, bytes.Repeat([]byte{1}, checksumSize)...)
	if err := os.WriteFile(path, withSum, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRestoreForgetsMembersAndKeepsKeys(t *testing.T) {
	target := filepath.Join(t.TempDir(), "member", "snap", "db")
	if err := RestoreDatabase(snapshot(t), target); err != nil {
		t.Fatal(err)
	}
	database, err := bolt.Open(target, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = database.View(func(tx *bolt.Tx) error {
		if tx.Bucket([]byte("members")) != nil || tx.Bucket([]byte("cluster")) != nil {
			t.Error("the old membership is still there")
		}
		if tx.Bucket([]byte("meta")).Get([]byte("consistent_index")) != nil {
			t.Error("the position in the old log is still there")
		}
		if tx.Bucket([]byte("key")).Get([]byte("consistent_index")) == nil {
			t.Error("keys are lost")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if err := database.Close(); err != nil {
		t.Error(err)
	}
}

func TestHexIsWhatEtcdPrints(t *testing.T) {
	if got := (Member{ID: "255"}).Hex(); got != "ff" {
		t.Errorf("got %s", got)
	}
}

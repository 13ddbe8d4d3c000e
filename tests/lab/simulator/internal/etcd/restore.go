// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package etcd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
)

const checksumSize = 32

// RestoreDatabase turns a snapshot into the database of a new cluster with one member: membership and the
// position in the old log are forgotten, the keys stay.
func RestoreDatabase(snapshot, target string) error {
	content, err := os.ReadFile(snapshot)
	if err != nil {
		return err
	}
	if len(content)%512 == checksumSize {
		content = content[:len(content)-checksumSize]
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(target, content, 0o600); err != nil {
		return err
	}
	database, err := bolt.Open(target, 0o600, &bolt.Options{Timeout: 5 * time.Second})
	if err != nil {
		return fmt.Errorf("snapshot %s is no etcd database: %w", snapshot, err)
	}
	return errors.Join(database.Update(forget), database.Close())
}

func forget(tx *bolt.Tx) error {
	for _, name := range []string{"members", "members_removed", "cluster"} {
		if tx.Bucket([]byte(name)) == nil {
			continue
		}
		if err := tx.DeleteBucket([]byte(name)); err != nil {
			return err
		}
	}
	meta := tx.Bucket([]byte("meta"))
	if meta == nil {
		return nil
	}
	for _, key := range []string{"consistent_index", "term", "confState"} {
		if err := meta.Delete([]byte(key)); err != nil {
			return err
		}
	}
	return nil
}

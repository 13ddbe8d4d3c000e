// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package images

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Imported is an image that came from an archive, with the archive's path and the time of that file.
type Imported struct {
	Name, Digest, Path string
	Time               time.Time
}

// List tells what k0s has imported from a folder, in the order of the archives.
func List(dir string) []Imported {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var found []Imported
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		path := filepath.Join(dir, entry.Name())
		listed := map[string]bool{"": true}
		for _, name := range namesIn(path) {
			if listed[name] {
				continue
			}
			listed[name] = true
			digest := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(name)))
			found = append(found, Imported{Name: name, Digest: digest, Path: path, Time: info.ModTime()})
		}
	}
	return found
}

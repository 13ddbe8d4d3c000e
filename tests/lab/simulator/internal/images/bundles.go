// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package images

import (
	"archive/tar"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// Bundles knows the images in the archives that k0s imports from a folder.
type Bundles struct {
	Dir string

	mutex sync.Mutex
	read  map[string]bundle
}

type bundle struct {
	size  int64
	names []string
}

// Has tells whether an archive holds the image; one that can't be read holds nothing, as for k0s.
func (b *Bundles) Has(image string) bool {
	entries, err := os.ReadDir(b.Dir)
	if err != nil {
		return false
	}
	wanted := ParseReference(image).String()
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.read == nil {
		b.read = map[string]bundle{}
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		known, found := b.read[entry.Name()]
		if !found || known.size != info.Size() {
			known = bundle{size: info.Size(), names: namesIn(filepath.Join(b.Dir, entry.Name()))}
			b.read[entry.Name()] = known
		}
		for _, name := range known.names {
			if ParseReference(name).String() == wanted {
				return true
			}
		}
	}
	return false
}

// namesIn reads docker's manifest.json and OCI's index.json.
func namesIn(path string) []string {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer func() { _ = file.Close() }()
	var names []string
	for reader := tar.NewReader(file); ; {
		header, err := reader.Next()
		if err != nil {
			return names
		}
		switch filepath.Clean(header.Name) {
		case "manifest.json":
			var list []struct{ RepoTags []string }
			if decode(reader, &list) == nil {
				for _, one := range list {
					names = append(names, one.RepoTags...)
				}
			}
		case "index.json":
			var index struct {
				Manifests []struct{ Annotations map[string]string }
			}
			if decode(reader, &index) == nil {
				for _, one := range index.Manifests {
					names = append(names, one.Annotations["io.containerd.image.name"], one.Annotations["org.opencontainers.image.ref.name"])
				}
			}
		}
	}
}

func decode(reader io.Reader, target any) error { return json.NewDecoder(reader).Decode(target) }

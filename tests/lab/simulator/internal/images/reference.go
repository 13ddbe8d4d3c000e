// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package images says what containerd would say when it pulls an image: it asks the registry for the manifest, with
// the settings of the host, and downloads nothing.
package images

import "strings"

// Reference is an image's name in full.
type Reference struct {
	Host, Path, Tag, Digest string
}

// ParseReference completes a name as the container runtime does.
func ParseReference(image string) Reference {
	name, digest, _ := strings.Cut(image, "@")
	tag := ""
	if colon := strings.LastIndexByte(name, ':'); colon > strings.LastIndexByte(name, '/') {
		name, tag = name[:colon], name[colon+1:]
	}
	host, path, found := strings.Cut(name, "/")
	if !found || !strings.ContainsAny(host, ".:") && host != "localhost" {
		host, path = "docker.io", name
		if !found {
			path = "library/" + name
		}
	}
	if tag == "" && digest == "" {
		tag = "latest"
	}
	return Reference{Host: host, Path: path, Tag: tag, Digest: digest}
}

// String is the name as containerd writes it.
func (r Reference) String() string {
	text := r.Host + "/" + r.Path
	if r.Tag != "" {
		text += ":" + r.Tag
	}
	if r.Digest != "" {
		text += "@" + r.Digest
	}
	return text
}

// Object is the manifest's name in the registry's API.
func (r Reference) Object() string {
	if r.Digest != "" {
		return r.Digest
	}
	return r.Tag
}

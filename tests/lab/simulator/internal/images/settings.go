// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package images

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// endpoint is one place from which a registry's images come.
type endpoint struct {
	url     *url.URL
	headers map[string]string
	tls     *tls.Config
}

// Settings are the container runtime's on this host.
type Settings struct {
	// DropIns is the folder of containerd's own files, which name the folder of the registries' settings.
	DropIns string
}

type hostSettings struct {
	Capabilities []string       `toml:"capabilities"`
	CA           any            `toml:"ca"`
	SkipVerify   bool           `toml:"skip_verify"`
	OverridePath bool           `toml:"override_path"`
	Header       map[string]any `toml:"header"`
}

type hostFile struct {
	hostSettings
	Server string                  `toml:"server"`
	Hosts  map[string]hostSettings `toml:"host"`
}

// hostDir has the settings of one registry; empty when there are none.
func (s Settings) hostDir(host string) (string, error) {
	files, err := filepath.Glob(filepath.Join(s.DropIns, "*.toml"))
	if err != nil {
		return "", err
	}
	for _, file := range files {
		var parsed map[string]any
		if _, err := toml.DecodeFile(file, &parsed); err != nil {
			return "", fmt.Errorf("%s: %w", file, err)
		}
		for _, dir := range filepath.SplitList(configPath(parsed)) {
			for _, name := range []string{host, strings.ReplaceAll(host, ":", "_") + "_", "_default"} {
				path := filepath.Join(dir, name)
				if info, err := os.Stat(path); err == nil && info.IsDir() {
					return path, nil
				}
			}
		}
	}
	return "", nil
}

// configPath looks in a file for both generations of containerd.
func configPath(parsed map[string]any) string {
	plugins, _ := parsed["plugins"].(map[string]any)
	for _, name := range []string{"io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images"} {
		plugin, _ := plugins[name].(map[string]any)
		registry, _ := plugin["registry"].(map[string]any)
		if path, ok := registry["config_path"].(string); ok && path != "" {
			return path
		}
	}
	return ""
}

// endpoints are tried in order. None means: nobody checks this registry, its images are there.
func (s Settings) endpoints(host string) ([]endpoint, error) {
	dir, err := s.hostDir(host)
	if err != nil {
		return nil, err
	}
	own := &url.URL{Scheme: "https", Host: host, Path: "/v2"}
	if dir == "" {
		name, _, err := net.SplitHostPort(host)
		if err != nil {
			name = host
		}
		if net.ParseIP(name) == nil {
			return nil, nil
		}
		return []endpoint{{url: own, tls: &tls.Config{}}}, nil
	}
	return readHostFile(filepath.Join(dir, "hosts.toml"), own)
}

// readHostFile keeps the order of the file. The registry itself comes last, with what the top of the file says and
// not with what a host of the same name has: containerd asks it again, then perhaps without its CA.
func readHostFile(file string, own *url.URL) ([]endpoint, error) {
	var parsed hostFile
	described, err := toml.DecodeFile(file, &parsed)
	if err != nil || !described.IsDefined("host") {
		return certificateFiles(filepath.Dir(file), own)
	}
	var list []endpoint
	for _, key := range described.Keys() {
		if len(key) != 2 || key[0] != "host" {
			continue
		}
		one := parsed.Hosts[key[1]]
		if len(one.Capabilities) > 0 && !slices.Contains(one.Capabilities, "resolve") {
			continue
		}
		location, err := locate(key[1], one.OverridePath)
		if err == nil {
			list, err = one.add(list, location, file)
		}
		if err != nil {
			return nil, err
		}
	}
	if parsed.Server != "" {
		if own, err = locate(parsed.Server, parsed.OverridePath); err != nil {
			return nil, err
		}
	}
	return parsed.add(list, own, file)
}

// certificateFiles is what containerd falls back to without a hosts.toml, and with one that it can't read or that has
// no host: the authorities that lie in the folder, and nothing else.
func certificateFiles(dir string, own *url.URL) ([]endpoint, error) {
	found, err := filepath.Glob(filepath.Join(dir, "*.crt"))
	if err != nil {
		return nil, err
	}
	var authorities []any
	for _, file := range found {
		authorities = append(authorities, file)
	}
	return hostSettings{CA: authorities}.add(nil, own, filepath.Join(dir, "hosts.toml"))
}

func (h hostSettings) add(list []endpoint, location *url.URL, file string) ([]endpoint, error) {
	settings, err := trust(filepath.Dir(file), h.CA, h.SkipVerify)
	if err != nil {
		return nil, err
	}
	headers := map[string]string{}
	for key, value := range h.Header {
		headers[key] = fmt.Sprint(value)
	}
	return append(list, endpoint{url: location, headers: headers, tls: settings}), nil
}

func locate(text string, whole bool) (*url.URL, error) {
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	location, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	location.Path = strings.TrimSuffix(location.Path, "/")
	if !whole && !strings.HasSuffix(location.Path, "/v2") {
		location.Path += "/v2"
	}
	return location, nil
}

func trust(dir string, ca any, skip bool) (*tls.Config, error) {
	settings := &tls.Config{InsecureSkipVerify: skip}
	var files []string
	switch named := ca.(type) {
	case string:
		files = []string{named}
	case []any:
		for _, one := range named {
			files = append(files, fmt.Sprint(one))
		}
	}
	if len(files) == 0 {
		return settings, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	for _, file := range files {
		if !filepath.IsAbs(file) {
			file = filepath.Join(dir, file)
		}
		content, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("unable to load ca cert file: %w", err)
		}
		if err != nil {
			return nil, err
		}
		pool.AppendCertsFromPEM(content)
	}
	settings.RootCAs = pool
	return settings, nil
}

// Known tells whether anybody checks the registry of the image.
func (s Settings) Known(image string) bool {
	endpoints, err := s.endpoints(ParseReference(image).Host)
	return err != nil || len(endpoints) > 0
}

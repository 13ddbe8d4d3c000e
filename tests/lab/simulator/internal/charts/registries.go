// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package charts

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"sync"

	"helm.sh/helm/v3/pkg/registry"
	"k8s.io/client-go/util/cert"
	"oras.land/oras-go/v2/registry/remote/auth"

	"mke4k.core/tests/lab/simulator/internal/config"
)

// registries are those that spec.extensions.helm.repositories names.
type registries struct {
	// logins tells whether this version of k0s uses the user names and passwords of repositories.
	logins bool

	mutex sync.Mutex
	known map[string]config.Repository
}

// set replaces those that are known; one that is no OCI registry is not for the simulator.
func (r *registries) set(list []config.Repository) error {
	known := map[string]config.Repository{}
	var errs []error
	for _, one := range list {
		location, err := url.Parse(one.URL)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("can't init repository %q: can't parse repository URL: %w", one.URL, err))
		case !registry.IsOCI(one.URL):
			errs = append(errs, fmt.Errorf("can't init repository %q: the simulator knows OCI registries only", one.URL))
		case location.Path != "" && location.Path != "/":
			errs = append(errs, fmt.Errorf("can't init repository %q: repository URL %s must not contain a path", one.URL, one.URL))
		default:
			known[location.Host] = one
		}
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.known = known
	return errors.Join(errs...)
}

// client is for the registry of a chart; nil, which is Helm's own default, when nothing is said about it. The CA
// is read at each call.
func (r *registries) client(chartName string) (*registry.Client, error) {
	location, err := url.Parse(chartName)
	if err != nil {
		return nil, nil
	}
	r.mutex.Lock()
	one, found := r.known[location.Host]
	r.mutex.Unlock()
	if !found {
		return nil, nil
	}
	settings := &tls.Config{InsecureSkipVerify: one.Insecure != nil && *one.Insecure}
	if one.CAFile != "" {
		if settings.RootCAs, err = cert.NewPool(one.CAFile); err != nil {
			return nil, fmt.Errorf("can't load CA file %s: %w", one.CAFile, err)
		}
	}
	if one.CertFile != "" || one.KeyFile != "" {
		return nil, fmt.Errorf("repository %s sets certificate and key files, but mTLS is not supported for OCI registries", one.Name)
	}
	transport := &http.Transport{TLSClientConfig: settings, Proxy: http.ProxyFromEnvironment}
	options := []registry.ClientOption{
		registry.ClientOptWriter(os.Stdout),
		registry.ClientOptEnableCache(true),
		registry.ClientOptHTTPClient(&http.Client{Transport: transport}),
	}
	if r.logins && one.Username != "" {
		login := auth.StaticCredential(location.Host, auth.Credential{Username: one.Username, Password: one.Password})
		options = append(options, registry.ClientOptAuthorizer(auth.Client{
			Client: &http.Client{Transport: transport}, Credential: login, Cache: auth.NewCache(),
		}))
	}
	client, err := registry.NewClient(options...)
	if err != nil {
		return nil, fmt.Errorf("can't create registry client for repository %s: %w", one.Name, err)
	}
	return client, nil
}

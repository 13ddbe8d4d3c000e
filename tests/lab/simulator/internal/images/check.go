// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package images

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const dialLimit = 30 * time.Second

var manifestTypes = []string{
	"application/vnd.docker.distribution.manifest.v2+json",
	"application/vnd.docker.distribution.manifest.list.v2+json",
	"application/vnd.oci.image.manifest.v1+json",
	"application/vnd.oci.image.index.v1+json", "*/*",
}

// Login is a user of a registry.
type Login struct {
	Username, Password string
}

// Logins finds the login for a registry's host.
type Logins func(host string) (Login, bool)

// Check pulls an image as far as its manifest. The error is the whole text that the kubelet shows.
func (s Settings) Check(ctx context.Context, image string, logins Logins) error {
	reference := ParseReference(image)
	cause := s.resolve(ctx, reference, logins)
	if cause == nil {
		return nil
	}
	text := fmt.Sprintf("failed to pull and unpack image %q: failed to resolve reference %q: %s", reference, reference, cause.text)
	if cause.missing {
		text = "rpc error: code = NotFound desc = " + text
	}
	return errors.New(text)
}

type failure struct {
	missing bool
	text    string
}

func (s Settings) resolve(ctx context.Context, reference Reference, logins Logins) *failure {
	endpoints, err := s.endpoints(reference.Host)
	if err != nil {
		return &failure{text: err.Error()}
	}
	var first *failure
	for _, one := range endpoints {
		cause := one.head(ctx, reference, logins)
		if cause == nil {
			return nil
		}
		// As in containerd, the first real trouble is told and not that the last place lacks the image.
		if first == nil || first.missing && !cause.missing {
			first = cause
		}
	}
	return first
}

func (e endpoint) head(ctx context.Context, reference Reference, logins Logins) *failure {
	location := *e.url
	location.Path += "/" + reference.Path + "/manifests/" + reference.Object()
	if location.Host != reference.Host {
		location.RawQuery = url.Values{"ns": {reference.Host}}.Encode()
	}
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: e.tls, DisableKeepAlives: true,
		DialContext: (&net.Dialer{Timeout: dialLimit}).DialContext,
	}}
	answer, err := e.ask(ctx, client, location.String(), Login{})
	if err != nil {
		return &failure{text: "failed to do request: " + err.Error()}
	}
	if answer.StatusCode == http.StatusUnauthorized && strings.HasPrefix(answer.Header.Get("WWW-Authenticate"), "Basic") {
		login, found := logins(reference.Host)
		if !found {
			return &failure{text: "pull access denied, repository does not exist or may require authorization: " +
				"authorization failed: no basic auth credentials"}
		}
		if answer, err = e.ask(ctx, client, location.String(), login); err != nil {
			return &failure{text: "failed to do request: " + err.Error()}
		}
	}
	switch {
	case answer.StatusCode == http.StatusNotFound:
		return &failure{missing: true, text: reference.String() + ": not found"}
	case answer.StatusCode >= 300:
		return &failure{text: fmt.Sprintf("unexpected status from HEAD request to %s: %s", location.String(), answer.Status)}
	}
	return nil
}

func (e endpoint) ask(ctx context.Context, client *http.Client, location string, login Login) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, location, nil)
	if err != nil {
		return nil, err
	}
	request.Header["Accept"] = []string{strings.Join(manifestTypes, ", ")}
	request.Header.Set("User-Agent", "containerd/1.7.30")
	for name, value := range e.headers {
		request.Header.Set(name, value)
	}
	if login.Username != "" {
		request.SetBasicAuth(login.Username, login.Password)
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	return answer, answer.Body.Close()
}

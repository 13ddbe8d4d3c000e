// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package node

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"mke4k.core/tests/lab/simulator/internal/images"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/pods"
)

const (
	pullLimit = 2 * time.Minute
	// patience is how long all other pods wait for one pull.
	patience = 300 * time.Millisecond
)

// puller asks the registries for images, each once for all pods.
type puller struct {
	client   *kubeapi.Client
	settings images.Settings
	bundles  *images.Bundles

	mutex    sync.Mutex
	present  map[string]bool
	attempts map[string]*attempt
}

type attempt struct {
	done chan struct{}
	err  error
}

func (p *puller) Pull(pod *pods.Pod, c pods.Container) (bool, string) {
	name := images.ParseReference(c.Image).String()
	p.mutex.Lock()
	present := p.present[name]
	p.mutex.Unlock()
	if c.ImagePullPolicy != "Always" && (present || p.bundles.Has(c.Image)) {
		return true, ""
	}
	if c.ImagePullPolicy == "Never" {
		if !p.settings.Known(c.Image) {
			return true, ""
		}
		return true, fmt.Sprintf("Container image %q is not present with pull policy of Never", c.Image)
	}
	key := pod.Metadata.UID + " " + name
	one := p.attempt(key, pod, c.Image)
	select {
	case <-one.done:
	case <-time.After(patience):
		return false, ""
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	delete(p.attempts, key)
	if one.err != nil {
		return true, one.err.Error()
	}
	p.present[name] = true
	return true, ""
}

func (p *puller) attempt(key string, pod *pods.Pod, image string) *attempt {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if known := p.attempts[key]; known != nil {
		return known
	}
	one := &attempt{done: make(chan struct{})}
	p.attempts[key] = one
	namespace := pod.Metadata.Namespace
	var secrets []string
	for _, secret := range pod.Spec.ImagePullSecrets {
		secrets = append(secrets, secret.Name)
	}
	go func() {
		defer close(one.done)
		ctx, cancel := context.WithTimeout(context.Background(), pullLimit)
		defer cancel()
		one.err = p.settings.Check(ctx, image, func(host string) (images.Login, bool) {
			return p.login(ctx, namespace, secrets, host)
		})
	}()
	return one
}

// login looks into the pod's image pull secrets.
func (p *puller) login(ctx context.Context, namespace string, secrets []string, host string) (images.Login, bool) {
	for _, name := range secrets {
		var secret struct{ Data map[string][]byte }
		if p.client.Get(ctx, "/api/v1/namespaces/"+namespace+"/secrets/"+name, &secret) != nil {
			continue
		}
		if login, found := loginIn(secret.Data[".dockerconfigjson"], host); found {
			return login, true
		}
	}
	return images.Login{}, false
}

func loginIn(content []byte, host string) (images.Login, bool) {
	var file struct {
		Auths map[string]struct{ Auth, Username, Password string }
	}
	if json.Unmarshal(content, &file) != nil {
		return images.Login{}, false
	}
	for name, one := range file.Auths {
		if strings.TrimSuffix(strings.TrimPrefix(name, "https://"), "/") != host {
			continue
		}
		if one.Username == "" {
			decoded, err := base64.StdEncoding.DecodeString(one.Auth)
			if err != nil {
				return images.Login{}, false
			}
			one.Username, one.Password, _ = strings.Cut(string(decoded), ":")
		}
		return images.Login{Username: one.Username, Password: one.Password}, true
	}
	return images.Login{}, false
}

// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestRecordedMessages(t *testing.T) {
	for name, test := range map[string]struct{ text, wanted string }{
		"provider": {"spec: {network: {provider: foo}}",
			`spec: network: provider: Unsupported value: "foo": supported values: "kuberouter", "calico", "custom"`},
		"port": {"spec: {api: {port: 99999}}",
			"spec: api: port: Invalid value: 99999: must be between 1 and 65535, inclusive"},
		"san":     {`spec: {api: {sans: ["a b"]}}`, `spec: api: sans[0]: Invalid value: "a b": invalid IP address / DNS name`},
		"cidr":    {"spec: {network: {podCIDR: bad}}", `spec: network: podCIDR: Invalid value: "bad": invalid CIDR address`},
		"storage": {"spec: {storage: {type: zz}}", `spec: storage: type: Unsupported value: "zz": supported values: "etcd", "kine"`},
		"proxy":   {"spec: {network: {kubeProxy: {mode: x}}}", "spec: network: unsupported mode x for kubeProxy config"},
		"profile": {"spec: {workerProfiles: [{name: a, values: {clusterDNS: []}}]}",
			"spec: workerProfiles: field `clusterDNS` is prohibited to override in worker profile"},
		"local load balancing": {
			"spec: {network: {nodeLocalLoadBalancing: {enabled: true}}, api: {externalAddress: lb.example}}",
			"spec: network.nodeLocalLoadBalancing.enabled: Forbidden: node-local load balancing cannot be used in " +
				"conjunction with an external Kubernetes API server address"},
	} {
		read, err := Parse([]byte(test.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := errors.Join(read.Validate()...); got == nil || got.Error() != test.wanted {
			t.Errorf("%s: got %v, wanted %s", name, got, test.wanted)
		}
	}
}

func TestUnknownFields(t *testing.T) {
	for text, wanted := range map[string]string{
		"spec: {bogus: 1}":                 `unknown field "bogus"`,
		"bogus: 1":                         `unknown field "bogus"`,
		"spec: {konnectivity: {bogus: 1}}": `unknown field "bogus"`,
		// As in k0s: types with defaults of their own let them pass.
		"spec: {api: {bogus: 1}}":     "",
		"spec: {network: {bogus: 1}}": "",
	} {
		_, err := Parse([]byte(text))
		switch {
		case wanted == "" && err != nil:
			t.Errorf("%s: got %v", text, err)
		case wanted != "" && (err == nil || !strings.Contains(err.Error(), wanted)):
			t.Errorf("%s: got %v, wanted %s", text, err, wanted)
		}
	}
}

func TestOverlappingRangesAreNoErrorToK0s(t *testing.T) {
	read, err := Parse([]byte("spec: {network: {podCIDR: 10.96.0.0/16, serviceCIDR: 10.96.0.0/12}}"))
	if err != nil || len(read.Validate()) > 0 {
		t.Errorf("got %v, %v", err, read.Validate())
	}
}

func TestDefaultsAreFilledIn(t *testing.T) {
	read, err := Parse([]byte("spec: {api: {address: 10.0.0.1}, storage: {etcd: {peerAddress: 10.0.0.2}}, network: {provider: calico}}"))
	if err != nil {
		t.Fatal(err)
	}
	s := read.Spec
	if s.API.Port != 6443 || s.API.K0sAPIPort != 9443 || s.Storage.Type != "etcd" || s.Storage.Etcd.PeerAddress != "10.0.0.2" {
		t.Errorf("got %+v %+v", s.API, s.Storage)
	}
	if s.Network.Calico == nil || s.Network.Calico.VxlanVNI != 4096 || s.Network.KubeRouter != nil {
		t.Errorf("got %+v", s.Network)
	}
	if read.Metadata.Name != "k0s" || read.Metadata.Namespace != "kube-system" {
		t.Errorf("got %+v", read.Metadata)
	}
}

func TestAddresses(t *testing.T) {
	for _, test := range []struct{ external, url, join string }{
		{"", "https://10.0.0.1:6443", "https://10.0.0.1:9443"},
		{"lb.example", "https://lb.example:6443", "https://lb.example:9443"},
		{"lb.example:443", "https://lb.example:443", "https://lb.example:443"},
	} {
		api := &API{Address: "10.0.0.1", ExternalAddress: test.external, Port: 6443, K0sAPIPort: 9443}
		if api.URL() != test.url || api.JoinURL() != test.join {
			t.Errorf("%q: got %s and %s", test.external, api.URL(), api.JoinURL())
		}
	}
}

func TestImagesMoveToTheRepository(t *testing.T) {
	read, err := Parse([]byte("spec: {images: {repository: reg.example:5000/k0s}}"))
	if err != nil {
		t.Fatal(err)
	}
	list := read.ImageList(false)
	if !slices.Contains(list, "reg.example:5000/k0s/k0sproject/pause:3.10.1") {
		t.Errorf("got %v", list)
	}
	if len(Default().ImageList(true)) != len(Default().ImageList(false))+2 {
		t.Errorf("--all must add the push gateway and Envoy, got %v", Default().ImageList(true))
	}
}

func TestFeatureGates(t *testing.T) {
	read, err := Parse([]byte("spec: {featureGates: [{name: A, enabled: true}, {name: B, enabled: false, components: [kubelet]}]}"))
	if err != nil {
		t.Fatal(err)
	}
	if got := read.Spec.FeatureGatesOf("kubelet"); got != "A=true,B=false" {
		t.Errorf("got %s", got)
	}
	if got := read.Spec.FeatureGatesOf("kube-apiserver"); got != "A=true" {
		t.Errorf("got %s", got)
	}
}

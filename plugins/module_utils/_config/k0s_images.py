# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The images of k0s by its version, in the words of `k0s airgap list-images`.

For those who have no k0s binary at hand that would tell it. Only the versions of the releases are here.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Dict, Mapping, Tuple

_FOLDER = "quay.io/k0sproject"
_UPSTREAM_PAUSE = "registry.k8s.io/pause:3.9"

# kube-proxy has the version of Kubernetes; the pause image came from elsewhere until 1.32.
_TAGS: Mapping[str, Mapping[str, str]] = {
    "v1.31.1+k0s.1": {
        "apiserver-network-proxy-agent": "v0.30.3",
        "pushgateway-ttl": "1.4.0-k0s.0",
        "metrics-server": "v0.7.2",
        "kube-proxy": "v1.31.1",
        "coredns": "1.11.3",
        "envoy-distroless": "v1.31.1",
    },
    "v1.32.3+k0s.0": {
        "apiserver-network-proxy-agent": "v0.31.0",
        "pushgateway-ttl": "1.4.0-k0s.0",
        "metrics-server": "v0.7.2",
        "kube-proxy": "v1.32.3",
        "coredns": "1.12.0",
        "envoy-distroless": "v1.31.5",
    },
    "v1.32.6+k0s.0": {
        "apiserver-network-proxy-agent": "v0.31.0",
        "pushgateway-ttl": "1.4.0-k0s.0",
        "metrics-server": "v0.7.2",
        "kube-proxy": "v1.32.6",
        "coredns": "1.12.2",
        "envoy-distroless": "v1.31.5",
    },
    "v1.32.11+k0s.0": {
        "apiserver-network-proxy-agent": "v0.31.0",
        "pushgateway-ttl": "1.4.0-k0s.0",
        "metrics-server": "v0.7.2",
        "kube-proxy": "v1.32.11",
        "coredns": "1.12.4",
        "envoy-distroless": "v1.31.10",
    },
    "v1.33.13+k0s.0": {
        "apiserver-network-proxy-agent": "v0.32.0",
        "pushgateway-ttl": "1.4.0-k0s.0",
        "metrics-server": "v0.7.2-1",
        "pause": "3.10.1",
        "kube-proxy": "v1.33.13",
        "coredns": "1.12.4",
        "envoy-distroless": "v1.32.8",
    },
    "v1.35.4+k0s.0": {
        "apiserver-network-proxy-agent": "v0.34.0-k0s.2",
        "pushgateway-ttl": "1.4.0-k0s.0",
        "metrics-server": "v0.8.1-0",
        "pause": "3.10.1",
        "kube-proxy": "v1.35.4",
        "coredns": "1.14.2-0",
        "envoy-distroless": "v1.37.2",
    },
}


def k0s_images(version: str) -> Dict[str, str]:
    """References by their short names, empty for a version that is not known here."""
    tags = _TAGS.get(version)
    if tags is None:
        return {}
    found = {name: f"{_FOLDER}/{name}:{tag}" for name, tag in tags.items()}
    return {"pause": _UPSTREAM_PAUSE, **found}


def by_short_name(references: Tuple[str, ...]) -> Dict[str, str]:
    """What a k0s lists, by short names."""
    return {text.rpartition("/")[2].partition(":")[0]: text for text in references}

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services of MKE that an MkeConfig asks for. Pure, and made up where Mirantis documents nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Tuple

NAMESPACE = "mke"
CERT_MANAGER = "cert-manager"
CERTIFICATES = "mke-certificates"
AUTHENTICATION = "authentication"


@dataclass(frozen=True)
class Service:
    """A chart that mke-operator brings into the cluster, after the services that it depends on."""

    name: str
    version: str
    depends_on: Tuple[str, ...] = (CERTIFICATES,)
    namespace: str = NAMESPACE


_SYSTEM = (
    Service(CERT_MANAGER, "1.18.1", ()),
    Service(CERTIFICATES, "0.2.0", (CERT_MANAGER,)),
    Service("nginx", "4.12.1"),
    Service("dex-web-static", "0.1.0"),
    Service(AUTHENTICATION, "0.23.0"),
    Service("dex-http-server", "0.3.0", (AUTHENTICATION,)),
    Service("monitoring", "57.2.0"),
    Service("prometheus-service-monitors", "0.1.0", ("monitoring",)),
    Service("node-feature-discovery", "0.17.2"),
    Service("ui", "1.10.1", (AUTHENTICATION,)),
)


def services(spec: Mapping[str, Any]) -> List[Service]:
    """The system's services, and the user's own behind them."""
    without = () if (spec.get("ingressController") or {}).get("enabled", True) else ("nginx",)
    found = [service for service in _SYSTEM if service.name not in without]
    for item in spec.get("services") or ():
        version = str(item.get("template", "")).rpartition("-")[2]
        found.append(Service(item["name"], version, (CERTIFICATES,), item.get("namespace") or NAMESPACE))
    return found


# What the operator fills in where the file says nothing.
DEFAULTS = {
    "tracking": {"enabled": True},
    "driftDetection": {"enabled": True},
    "policyController": {"opaGatekeeper": {"enabled": False}},
    "devicePlugins": {"nvidiaGPU": {"enabled": False}},
}

PASSWORD_CRD = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "passwords.dex.coreos.com"},
    "spec": {
        "group": "dex.coreos.com",
        "names": {"kind": "Password", "listKind": "PasswordList", "plural": "passwords", "singular": "password"},
        "scope": "Namespaced",
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
            }
        ],
    },
}

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network as a cluster shows it, for tests."""

from __future__ import annotations

from typing import Any, Dict

from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import Expectations, Pool
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.seen import Seen

POOL = Pool("10.20.0.0/16", "Always", "Never")
INSTALLATION: Dict[str, Any] = {
    "registry": "registry.example.com/mke/",
    "calicoNetwork": {"bgp": "Disabled", "linuxDataplane": "Iptables", "ipPools": [{"cidr": "10.20.0.0/16"}]},
}
TIGERA = Expectations("tigera", "v3.30.200", INSTALLATION, {"vxlanPort": 4789, "vxlanVNI": 4096}, (POOL,))
K0S = Expectations("k0s-calico", "", {}, {"vxlanPort": 4789, "vxlanVNI": 4096}, (POOL,))
CUSTOM = Expectations("custom")
KUBEROUTER = Expectations("kuberouter")


def named(name: str, namespace: str = "", **fields: Any) -> Dict[str, Any]:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"metadata": metadata, **fields}


def pool(cidr: str = "10.20.0.0/16", **spec: Any) -> Dict[str, Any]:
    return named("pool", spec={"cidr": cidr, "blockSize": 26, "vxlanMode": "Always", **spec})


def proxy(mode: str = "iptables") -> Dict[str, Any]:
    return named("kube-proxy", "kube-system", data={"config.conf": f'clusterCIDR: 10.0.0.0/8\nmode: "{mode}"\n'})


def daemon(name: str, namespace: str, **environment: Any) -> Dict[str, Any]:
    variables = [{"name": key, "value": value} for key, value in environment.items()]
    variables.append({"name": "NODENAME", "valueFrom": {}})
    container = {"image": f"quay.io/calico/{name}:v3.27.3@sha256:00", "env": variables}
    return named(name, namespace, spec={"template": {"spec": {"containers": [container]}}})


def condition(kind: str, status: str = "True", **fields: Any) -> Dict[str, Any]:
    return {"type": kind, "status": status, **fields}


def status(name: str, *conditions: Dict[str, Any]) -> Dict[str, Any]:
    return named(name, status={"conditions": list(conditions)})


def seen(**changes: Any) -> Seen:
    """As TIGERA asks for."""
    asked: Dict[str, Any] = {
        "installation": named("default", spec={**INSTALLATION, "controlPlaneReplicas": 2}),
        "felix": named("default", spec={"vxlanPort": 4789, "vxlanVNI": 4096, "healthPort": 9099}),
        "pools": (pool(),),
        "proxy": proxy(),
        **changes,
    }
    return Seen(**asked)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pods' network as a table for people. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.releases import K0S_CALICO, TIGERA
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import (
    CUSTOM,
    KUBEROUTER,
    Expectations,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.text_table import text_table
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.seen import (
    Seen,
    environment_of,
    name_of,
    pool_of,
    spec_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import MET, find_condition, in_words
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.workloads import node_ready

_PROVIDERS = {TIGERA: "calico", K0S_CALICO: "calico (k0s)", KUBEROUTER: "kuberouter (k0s)", CUSTOM: "custom"}


def described(expected: Expectations, seen: Seen) -> Dict[str, Any]:
    """The settings that count, as they are in the cluster; empty or 0 where it has none."""
    felix, pools = spec_of(seen.felix), [pool_of(item) for item in seen.pools]
    variables = environment_of(seen.node_daemon)
    network = spec_of(seen.installation).get("calicoNetwork") or {}
    ready = [name_of(node) for node in seen.nodes if node_ready()(node).state == MET]
    return {
        "engine": expected.engine,
        "version": _version(seen),
        "pools": [
            {"cidr": pool.cidr, "encapsulation": pool.encapsulation, "block_size": pool.block_size} for pool in pools
        ],
        "vxlan_port": int(felix.get("vxlanPort") or variables.get("FELIX_VXLANPORT") or 0),
        "vxlan_vni": int(felix.get("vxlanVNI") or variables.get("FELIX_VXLANVNI") or 0),
        "linux_dataplane": str(network.get("linuxDataplane") or ""),
        "kube_proxy_mode": seen.proxy_mode,
        "nodes": len(seen.nodes),
        "nodes_ready": len(ready),
        "tigerastatus": [{"name": name_of(item), **_state(item)} for item in seen.statuses],
    }


def network_table(network: Dict[str, Any]) -> List[str]:
    return text_table([("NETWORK", "VALUE"), *_rows(network)])


def _rows(network: Dict[str, Any]) -> Iterator[Tuple[str, str]]:
    yield "provider", _PROVIDERS.get(network["engine"], network["engine"])
    if network["version"]:
        yield "version", network["version"]
    for pool in network["pools"]:
        yield "pods", f"{pool['cidr']}, {pool['encapsulation']}, blocks of /{pool['block_size']}"
    if network["vxlan_port"] or network["vxlan_vni"]:
        yield "VXLAN", f"port {network['vxlan_port'] or '?'}, VNI {network['vxlan_vni'] or '?'}"
    if network["linux_dataplane"]:
        yield "dataplane", network["linux_dataplane"]
    yield "kube-proxy", network["kube_proxy_mode"] or "none"
    yield "nodes ready", f"{network['nodes_ready']} of {network['nodes']}"
    for item in network["tigerastatus"]:
        yield f"tigerastatus {item['name']}", "available" if item["available"] else item["message"] or "not available"


def _state(status: Any) -> Dict[str, Any]:
    found = {kind: find_condition(status, kind) for kind in ("Available", "Degraded", "Progressing")}
    if (found["Available"] or {}).get("status") == "True":
        return {"available": True, "message": ""}
    bad = [item for item in (found["Degraded"], found["Progressing"]) if item and item.get("status") == "True"]
    return {"available": False, "message": "; ".join(in_words(item) for item in bad)}


def _version(seen: Seen) -> str:
    """What the operator says, else the tag of calico-node's image."""
    told = ((seen.installation or {}).get("status") or {}).get("calicoVersion")
    if told:
        return str(told)
    template = spec_of(seen.node_daemon).get("template") or {}
    images = [str(item.get("image") or "") for item in spec_of(template).get("containers") or ()]
    last = images[0].rpartition("/")[2] if images else ""
    return last.partition("@")[0].partition(":")[2]

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of the pods' network, and in what shape. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import Pool
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref

INSTALLATION = Ref("operator.tigera.io/v1", "Installation", "default")
TIGERA_STATUS = Kind("operator.tigera.io/v1", "TigeraStatus")
IP_POOL = Kind("crd.projectcalico.org/v1", "IPPool")
FELIX = Ref("crd.projectcalico.org/v1", "FelixConfiguration", "default")
NODE = Kind("v1", "Node")
DAEMON_SET = Kind("apps/v1", "DaemonSet")
PROXY_CONFIG = Ref("v1", "ConfigMap", "kube-proxy", "kube-system")
# Says that pods have reached each other once; a run that was ended before the probe is told from one after it.
CONFIRMED = Ref("v1", "ConfigMap", "mke4k-network", "kube-system")
K0S_CALICO_NODE = Ref("apps/v1", "DaemonSet", "calico-node", "kube-system")
KUBE_ROUTER = Ref("apps/v1", "DaemonSet", "kube-router", "kube-system")

Manifest = Mapping[str, Any]
_MODE = re.compile(r'^mode:[ \t]*"?([A-Za-z0-9]*)"?[ \t]*$', re.MULTILINE)


@dataclass(frozen=True)
class Seen:
    """The network as it is; every part may be missing."""

    installation: Optional[Manifest] = None
    felix: Optional[Manifest] = None
    pools: Tuple[Manifest, ...] = ()
    statuses: Tuple[Manifest, ...] = ()
    nodes: Tuple[Manifest, ...] = ()
    node_daemon: Optional[Manifest] = None
    proxy: Optional[Manifest] = None
    confirmed: bool = False
    daemon_sets: Tuple[Manifest, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, objects: Mapping[Ref, Manifest]) -> Seen:
        return cls(
            installation=objects.get(INSTALLATION),
            felix=objects.get(FELIX),
            pools=_of_kind(objects, IP_POOL),
            statuses=_of_kind(objects, TIGERA_STATUS),
            nodes=_of_kind(objects, NODE),
            node_daemon=objects.get(K0S_CALICO_NODE) or objects.get(KUBE_ROUTER),
            proxy=objects.get(PROXY_CONFIG),
            confirmed=CONFIRMED in objects,
            daemon_sets=_of_kind(objects, DAEMON_SET),
        )

    @property
    def proxy_mode(self) -> str:
        """The mode of kube-proxy, empty where there is none."""
        for text in ((self.proxy or {}).get("data") or {}).values():
            found = _MODE.search(str(text))
            if found:
                # Without a mode kube-proxy takes this one on Linux.
                return found.group(1) or "iptables"
        return "iptables" if self.proxy else ""


def name_of(manifest: Manifest) -> str:
    return str((manifest.get("metadata") or {}).get("name") or "")


def namespace_of(manifest: Manifest) -> str:
    return str((manifest.get("metadata") or {}).get("namespace") or "")


def spec_of(manifest: Optional[Manifest]) -> Manifest:
    return (manifest or {}).get("spec") or {}


def pool_of(manifest: Manifest) -> Pool:
    """An IPPool; where it leaves a mode out, that one is off."""
    spec = spec_of(manifest)
    vxlan, ipip = str(spec.get("vxlanMode") or "Never"), str(spec.get("ipipMode") or "Never")
    return Pool(str(spec.get("cidr")), vxlan, ipip, int(spec.get("blockSize") or 26))


def environment_of(daemon: Optional[Manifest]) -> Dict[str, str]:
    """The plain variables of all containers of a DaemonSet."""
    template: Manifest = spec_of(daemon).get("template") or {}
    containers: List[Manifest] = list(spec_of(template).get("containers") or ())
    variables = [variable for container in containers for variable in container.get("env") or ()]
    return {str(item.get("name")): str(item["value"]) for item in variables if "value" in item}


def _of_kind(objects: Mapping[Ref, Manifest], kind: Kind) -> Tuple[Manifest, ...]:
    return tuple(item for ref, item in objects.items() if ref.of_kind == kind)

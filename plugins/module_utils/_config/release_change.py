# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it means for a live cluster to become the MKE release of mke4.yaml. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.immutable import compare
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import Release, UnknownRelease, release

# Before this release MKE's services and k0rdent were laid out in another way; upstream installs them anew.
_REINSTALLED_UNTIL = "v4.1.0"
# With this release the Gateway takes over from ingress-nginx.
_GATEWAY_SINCE = "v4.1.3"


@dataclass(frozen=True)
class ReleaseChange:
    """`current` is empty where the cluster says none that is known."""

    current: str
    target: str
    findings: Tuple[Finding, ...] = ()

    def text(self) -> str:
        if not self.current:
            return f"The cluster does not tell its MKE release; it becomes {self.target}."
        if self.current == self.target:
            return f"MKE stays {self.target}."
        return f"MKE goes from {self.current} to {self.target}."


def release_change(cluster: Cluster, live: Optional[Mapping[str, Any]]) -> ReleaseChange:
    """From the release that the live MkeConfig names, None where there is no MkeConfig, to that of mke4.yaml."""
    said = (live or {}).get("spec") or {}
    current = _known(said.get("version"))
    findings: List[Finding] = list(compare(cluster, live)) if live is not None else []
    if current is not None and current.name != cluster.release.name:
        findings += _consequences(current, cluster.release)
    return ReleaseChange(current.name if current else "", cluster.release.name, tuple(findings))


def _known(version: Any) -> Optional[Release]:
    try:
        return release(version) if isinstance(version, str) else None
    except UnknownRelease:
        return None


def _consequences(current: Release, target: Release) -> Iterator[Finding]:
    if not current.between(since="v4.1.1"):
        yield Finding(
            WARNING,
            "platform-reinstalled",
            "spec.version",
            f"from {_REINSTALLED_UNTIL} on the way up, MKE's services and k0rdent are installed anew, which takes much"
            " longer than other upgrades; dashboards and children cannot be reached meanwhile",
            "plan a window for it; workloads keep running",
        )
    if not current.between(since=_GATEWAY_SINCE) and target.between(since=_GATEWAY_SINCE):
        yield Finding(
            WARNING,
            "ingress-becomes-gateway",
            "spec.ingressController",
            f"{target.name} serves MKE through a Gateway; ingress-nginx stays for those who have it enabled",
            "move Ingress objects of your own, then set ingressController.enabled to false",
        )

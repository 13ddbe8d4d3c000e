# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits until a node that was changed does its work again.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Callable, Optional

from ansible_collections.mke4k.core.plugins.module_utils._config.versions import version_parts
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.objects import Manifest, node_ref, status_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import MET, PENDING, Check, Verdict, in_turn
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.workloads import node_ready


def until_ready(
    api: Api, name: str, version: str, timeout: float, progress: Optional[Callable[[str], None]] = None
) -> None:
    """Ready, with the kubelet of that k0s version: the old one's last word may still be that all is well."""
    wait_all(api, [Wanted(node_ref(name), in_turn(kubelet_at_least(version), node_ready()))], timeout, progress)


def kubelet_at_least(version: str) -> Check:
    """k0s may bring a kubelet of a later patch, and says nothing of its own builds in the kubelet's version."""
    wanted = version_parts(version)

    def check(node: Optional[Manifest]) -> Verdict:
        found = str((status_of(node).get("nodeInfo") or {}).get("kubeletVersion") or "")
        parts = version_parts(found)
        if wanted is None or (parts is not None and parts[:3] >= wanted[:3]):
            return Verdict(MET)
        return Verdict(PENDING, f"its kubelet is {found or 'not there'} yet, and not of k0s {version}")

    return check

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What converging refuses, whoever asks: it would lose data or leave two k0s on a host. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Optional

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, NodeState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.versions import refused_step

_RESET = "Reset the host first (mke4k.core.k0s_reset), then run again"


def refusal(spec: NodeSpec, state: NodeState) -> Optional[str]:
    """Why this host may not become what is wanted; None where it may."""
    service, running = state.service, state.running
    if service is not None and service.name != spec.service:
        return (
            f"the host has the service {service.name} and cannot become a {spec.role}: k0s cannot change it. {_RESET}"
        )
    if running is None:
        return None
    if running.role and (running.role == "worker") == spec.is_controller:
        return f"k0s runs as {running.role} and cannot become a {spec.role}: k0s cannot change it. {_RESET}"
    if running.single_node != (spec.role == "single"):
        kind = "a single node" if running.single_node else "a member of a cluster"
        return f"k0s runs as {kind} and cannot become a {spec.role}: their storage differs. {_RESET}"
    if service is None:
        return (
            f"k0s {running.version} runs (process {running.pid}) without a service {spec.service}, so it cannot be "
            "restarted. Stop that process and run again"
        )
    if running.data_dir and running.data_dir != spec.data_dir:
        return f"k0s keeps its data in {running.data_dir}, not in {spec.data_dir}, and cannot move it. {_RESET}"
    return refused_step(running.version, spec.version) if running.version else None

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters in which some hosts have an older k0s."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, NodeState, RunningState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.build import make_plan
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Plan
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.plan.nodes import (
    VERSION,
    bare,
    converged,
    spec,
    stopped,
)

OLD = "v1.33.12+k0s.0"
OLDER = "v1.32.13+k0s.0"


def running(name: str, wanted: NodeSpec, version: str = OLD, **values: Any) -> NodeState:
    """A host that would be as wanted but for the version of its k0s."""
    state = converged(name, wanted, **values)
    if state.binary is None or state.running is None:
        raise AssertionError("a converged host runs")
    return replace(
        state,
        binary=replace(state.binary, version=version, sha256="b" * 64),
        running=RunningState(version=version, role=wanted.role, pid=100, started_at=1000.0),
    )


def cluster(roles: str = "cccww", versions: str = "ooooo", **options: Any) -> Plan:
    """A host for each letter: its role (c, w, b for both), its k0s (o old, n new, x older, - stopped, . none)."""
    specs, states = {}, {}
    for number, (letter, version) in enumerate(zip(roles, versions), 1):
        name = f"n{number}"
        specs[name] = spec({"c": "controller", "b": "controller+worker", "w": "worker"}[letter])
        states[name] = state_of(version, name, specs[name])
    addresses = {name: f"10.0.0.{number}" for number, name in enumerate(specs, 1)}
    return make_plan(specs, states, addresses, **options)


def state_of(version: str, name: str, wanted: NodeSpec) -> NodeState:
    if version == ".":
        return bare(name)
    if version == "-":
        return replace(stopped(name, wanted), binary=running(name, wanted).binary)
    return running(name, wanted, {"o": OLD, "n": VERSION, "x": OLDER}[version])

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts in the states that the tests of the plan start from."""

from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import changes_for, sha256_of
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import (
    BinaryState,
    ConfigState,
    NodeSpec,
    NodeState,
    RunningState,
    ServiceState,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member

VERSION = "v1.33.13+k0s.0"


def spec(role: str = "controller+worker", **values: Any) -> NodeSpec:
    arguments = ("--enable-worker=true",) if role == "controller+worker" else ()
    config = "" if role == "worker" else "spec: {}\n"
    return NodeSpec(**{"role": role, "version": VERSION, "config": config, "arguments": arguments, **values})


def bare(name: str) -> NodeState:
    return NodeState(hostname=name)


def converged(name: str, wanted: NodeSpec, **values: Any) -> NodeState:
    """The state of a host that runs exactly as wanted."""
    defaults: dict[str, Any] = {
        "hostname": name,
        "binary": BinaryState(path="/usr/local/bin/k0s", sha256="a" * 64, version=VERSION),
        "service": ServiceState(
            name=wanted.service,
            enabled=True,
            active=True,
            arguments=wanted.all_arguments + ("--token-file=/etc/k0s/k0stoken",),
        ),
        "running": RunningState(version=VERSION, role=wanted.role, pid=100, started_at=1000.0),
        "config": ConfigState("/etc/k0s/k0s.yaml", sha256_of(wanted.config)) if wanted.is_controller else None,
        "joined": True,
        "ready": True,
        "ca_sha256": "c" * 64,
    }
    return NodeState(**{**defaults, **values})


def stopped(name: str, wanted: NodeSpec, **values: Any) -> NodeState:
    return converged(name, wanted, running=None, ready=None, **values)


def member(name: str, wanted: NodeSpec, state: NodeState, address: str = "") -> Member:
    number = int(name.lstrip("n") or 0)
    return Member(name, address or f"10.0.0.{number}", wanted, state, tuple(changes_for(wanted, state)))

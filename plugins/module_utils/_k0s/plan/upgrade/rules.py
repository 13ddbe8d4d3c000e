# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reasons not to begin an upgrade that the hosts and the user's choice tell. Pure.

k0s supports one minor between controllers, and between them and workers (k0s documentation, "Version Skew Policy").

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Iterator, List, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import nearest
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.model import Choice
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.select import (
    is_behind,
    is_upgraded,
    version_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.versions import K0sVersion


def upgrade_findings(members: Sequence[Member], choice: Choice) -> List[Finding]:
    """Everything that forbids this upgrade or should be known about it."""
    found = [*_names_are_known(members, choice), *_canaries_are_workers(members, choice)]
    found += _newcomers(members, choice)
    found += _controllers_come_first(members, choice)
    found += _nobody_falls_behind(members, choice)
    return found


def _names_are_known(members: Sequence[Member], choice: Choice) -> Iterator[Finding]:
    known = [member.name for member in members]
    canary = () if isinstance(choice.canary, int) else choice.canary
    for variable, names in (("mke4k_nodes", choice.only), ("mke4k_canary", canary)):
        for name in names:
            if name not in known:
                near = nearest(name, known)
                hint = f"; did you mean {near}?" if near else ""
                yield Finding(
                    ERROR,
                    "node-unknown",
                    variable,
                    f"{name} is no host of this cluster{hint}",
                    f"name hosts as the inventory does: {', '.join(known)}",
                )


def _canaries_are_workers(members: Sequence[Member], choice: Choice) -> Iterator[Finding]:
    if isinstance(choice.canary, int):
        return
    for member in members:
        if member.name in choice.canary and member.is_controller:
            yield Finding(
                ERROR,
                "canary-is-controller",
                "mke4k_canary",
                f"{member.name} is a {member.spec.role}; controllers come first anyway, one at a time",
                "name workers",
            )


def _newcomers(members: Sequence[Member], choice: Choice) -> Iterator[Finding]:
    for member in members:
        if member.joins and choice.has(member.name):
            yield Finding(
                WARNING,
                "not-a-member",
                f"host {member.name}",
                "has not joined the cluster, so there is nothing to upgrade on it",
                "run mke4k.core.install when the upgrade is done",
            )


def _controllers_come_first(members: Sequence[Member], choice: Choice) -> Iterator[Finding]:
    """A kubelet must not be newer than an API server that it may ask."""
    chosen = [member for member in members if not member.is_controller and is_upgraded(member, choice)]
    workers = [member.name for member in chosen if is_behind(member)]
    if not workers:
        return
    for member in members:
        if member.is_controller and is_behind(member) and not is_upgraded(member, choice):
            yield Finding(
                ERROR,
                "controllers-first",
                f"host {member.name}",
                f"would keep k0s {version_of(member)} while {', '.join(workers)} would get {member.spec.version};"
                " a worker must not be newer than a controller",
                "upgrade the controllers first: leave mke4k_nodes and --limit away, or name all controllers in them",
            )


def _nobody_falls_behind(members: Sequence[Member], choice: Choice) -> Iterator[Finding]:
    """Those who stay must not be more than one minor older than those who go on."""
    if not any(is_upgraded(member, choice) and is_behind(member) for member in members):
        return
    for member in members:
        if is_behind(member) and not is_upgraded(member, choice) and _minors_behind(member) > 1:
            yield Finding(
                ERROR,
                "skew-too-wide",
                f"host {member.name}",
                f"would keep k0s {version_of(member)}, more than one minor older than {member.spec.version}",
                "upgrade this host to the minor in between first, or remove it from the cluster",
            )


def _minors_behind(member: Member) -> int:
    try:
        present, wanted = K0sVersion(version_of(member)), K0sVersion(member.spec.version)
    except ValueError:
        return 0
    return wanted.minor - present.minor

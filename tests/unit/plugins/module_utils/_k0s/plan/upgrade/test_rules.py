# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why an upgrade may not begin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.guards import guard_findings, versions_are_kept
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.model import Choice
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.rules import upgrade_findings

from .clusters import cluster

REFUSALS = [
    ("nothing forbids it", "cccww", "ooooo", Choice(), []),
    ("the rest of an ended one", "cccww", "nnono", Choice(), []),
    ("a part of the controllers", "cccww", "ooooo", Choice(only=("n1",)), []),
    ("workers before controllers", "cw", "oo", Choice(only=("n2",)), [("controllers-first", "host n1")]),
    ("workers after controllers", "cccww", "nnnoo", Choice(only=("n4",)), []),
    ("a name that nobody has", "cccww", "ooooo", Choice(only=("n1", "m1")), [("node-unknown", "mke4k_nodes")]),
    ("a canary that nobody has", "cccww", "ooooo", Choice(canary=("n9",)), [("node-unknown", "mke4k_canary")]),
    ("a canary that is a controller", "cw", "oo", Choice(canary=("n1",)), [("canary-is-controller", "mke4k_canary")]),
    ("a host that has not joined", "cw", "o.", Choice(), [("not-a-member", "host n2")]),
    ("a worker of unknown version", "cw", "nx", Choice(only=("n1",)), []),
]


@pytest.mark.parametrize(
    ("roles", "versions", "choice", "told"), [item[1:] for item in REFUSALS], ids=[item[0] for item in REFUSALS]
)
def test_an_upgrade_is_refused_for_what_would_break_the_cluster(
    roles: str, versions: str, choice: Choice, told: list[tuple[str, str]]
) -> None:
    found = upgrade_findings(list(cluster(roles, versions).members.values()), choice)
    assert [(item.name, item.path) for item in found] == told


def test_every_controller_that_would_be_older_than_a_worker_is_named() -> None:
    found = upgrade_findings(list(cluster("cccww", "noooo").members.values()), Choice(only=("n4",)))
    assert [item.path for item in found] == ["host n2", "host n3"]
    assert "n4 would get v1.33.13+k0s.0" in found[0].message


def test_a_member_that_stays_two_minors_behind_forbids_the_step() -> None:
    plan = cluster("cww", "oox")
    members = [_next_minor(member) for member in plan.members.values()]
    found = upgrade_findings(members, Choice(only=("n1", "n2")))
    assert [(item.name, item.path) for item in found] == [("skew-too-wide", "host n3")]


def _next_minor(member: Member) -> Member:
    return replace(member, spec=replace(member.spec, version="v1.34.4+k0s.0"))


def test_an_installation_does_not_change_the_version_of_a_member() -> None:
    members = list(cluster("cww", "oo.").members.values())
    found = versions_are_kept(members)
    assert [(item.name, item.path) for item in found] == [
        ("version-changes", "host n1"),
        ("version-changes", "host n2"),
    ]
    assert "mke4k.core.upgrade" in found[0].remedy


def test_an_installation_may_bring_another_build_of_the_same_version_and_new_hosts() -> None:
    assert versions_are_kept(list(cluster("ccw", "nn.").members.values())) == []


def test_a_step_that_no_upgrade_may_do_is_told_once() -> None:
    members = [_next_minor(member) for member in cluster("c", "x").members.values()]
    assert [item.name for item in guard_findings(members)] == ["k0s-version-step"]
    assert versions_are_kept(members) == []

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reasons not to go on."""

from __future__ import annotations

from dataclasses import replace
from typing import List, Sequence

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import RunningState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.guards import (
    guard_findings,
    present_role,
    somebody_takes_hosts_in,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member

from .nodes import bare, converged, member, spec, stopped


def names(members: Sequence[Member]) -> List[str]:
    return [finding.name for finding in guard_findings(members)]


def running(version: str) -> RunningState:
    return RunningState(version=version, role="controller", pid=1)


def test_a_converged_cluster_and_a_new_one_give_no_finding() -> None:
    wanted = spec()
    assert names([member(f"n{number}", wanted, converged(f"n{number}", wanted)) for number in (1, 2, 3)]) == []
    assert names([member(f"n{number}", wanted, bare(f"n{number}")) for number in (1, 2, 3)]) == []


@pytest.mark.parametrize("present", ["controller", "controller+worker", "single", "worker"])
@pytest.mark.parametrize("wanted", ["controller", "controller+worker", "single", "worker"])
def test_a_changed_role_is_refused(present: str, wanted: str) -> None:
    extra = {"single": ("--single=true",)}.get(present, ())
    was = spec(present, **({"arguments": extra} if extra else {}))
    controller = spec()
    state = converged("n2", was)
    assert present_role(state) == present
    members = [member("n1", controller, converged("n1", controller)), member("n2", spec(wanted), state)]
    assert ("k0s-role-changed" in names(members)) == (present != wanted)


@pytest.mark.parametrize(
    ("version", "refused"),
    [
        ("v1.33.13+k0s.0", False),
        ("v1.33.12+k0s.0", False),
        ("v1.32.1+k0s.0", False),
        ("v1.33.13+k0s.1", True),
        ("v1.34.0+k0s.0", True),
        ("v1.31.9+k0s.0", True),
    ],
)
def test_downgrades_and_leaps_over_a_minor_release_are_refused(version: str, refused: bool) -> None:
    wanted = spec()
    state = replace(converged("n1", wanted), running=running(version))
    assert names([member("n1", wanted, state)]) == (["k0s-version-step"] if refused else [])


def test_a_stopped_member_may_not_be_downgraded_either() -> None:
    wanted = spec(version="v1.32.1+k0s.0")
    assert names([member("n1", wanted, stopped("n1", wanted))]) == ["k0s-version-step"]


def test_k0s_that_no_service_started_is_reported() -> None:
    wanted = spec()
    assert "k0s-without-service" in names([member("n1", wanted, replace(converged("n1", wanted), service=None))])


def test_controllers_of_two_clusters_are_told_apart_by_their_ca() -> None:
    wanted = spec()
    members = [
        member("n1", wanted, converged("n1", wanted)),
        member("n2", wanted, converged("n2", wanted, ca_sha256="d" * 64)),
    ]
    findings = guard_findings(members)
    assert [finding.name for finding in findings] == ["k0s-two-clusters"]
    assert "n1 (CA cccccccccccc); n2 (CA dddddddddddd)" in findings[0].message


def test_a_worker_of_a_cluster_without_controllers_here_is_refused() -> None:
    worker = spec("worker")
    members = [member("n1", spec(), bare("n1")), member("n2", worker, converged("n2", worker))]
    assert names(members) == ["k0s-worker-of-another-cluster"]


def test_a_joining_controller_whose_address_is_still_an_etcd_member_is_refused_with_the_command_that_helps() -> None:
    wanted = spec()
    etcd = {"healthy": True, "members": [{"name": "old", "peer_url": "https://10.0.0.2:2380"}]}
    members = [member("n1", wanted, converged("n1", wanted, etcd=etcd)), member("n2", wanted, bare("n2"))]
    findings = guard_findings(members)
    assert [finding.name for finding in findings] == ["etcd-member-stale"]
    assert "mke4k.core.remove_nodes -e mke4k_nodes=n2" in findings[0].remedy


def test_an_unhealthy_etcd_forbids_changes_of_controllers_only() -> None:
    wanted, worker = spec(), spec("worker")
    sick = converged("n1", wanted, etcd={"healthy": False, "error": "no answer within 3 s"})
    assert names([member("n1", wanted, sick), member("n2", wanted, bare("n2"))]) == ["etcd-unhealthy"]
    assert names([member("n1", wanted, sick), member("n2", worker, bare("n2"))]) == []


def test_two_hosts_with_one_address_or_one_name_are_refused() -> None:
    wanted = spec()
    members = [member("n1", wanted, bare("a"), "10.0.0.1"), member("n2", wanted, bare("a"), "10.0.0.1")]
    assert names(members) == ["node-address-duplicate", "hostname-duplicate"]


def test_a_host_that_nobody_can_take_in_is_not_touched() -> None:
    controller, worker = spec(), spec("worker")
    members = [member("n1", controller, bare("n1")), member("n2", worker, bare("n2"))]
    found = somebody_takes_hosts_in(members, ["n2"])
    assert [(finding.name, finding.path) for finding in found] == [("no-controller", "host n2")]
    assert "(n1) is part of this run" in found[0].message
    assert somebody_takes_hosts_in(members, ["n1", "n2"]) == []
    assert somebody_takes_hosts_in([member("n1", controller, converged("n1", controller)), members[1]], ["n2"]) == []


def test_a_controller_with_data_of_a_member_that_left_may_not_start_a_second_cluster() -> None:
    wanted = spec()
    etcd = {"healthy": True, "members": [{"name": "n1", "peer_url": "https://10.0.0.1:2380"}]}
    members = [member("n1", wanted, converged("n1", wanted, etcd=etcd)), member("n2", wanted, stopped("n2", wanted))]
    findings = guard_findings(members)
    assert [finding.name for finding in findings] == ["etcd-data-stale"]
    assert "mke4k.core.remove_nodes -e mke4k_nodes=n2" in findings[0].remedy


def test_a_member_that_is_only_stopped_may_start_again() -> None:
    wanted = spec()
    peers = [{"name": f"n{number}", "peer_url": f"https://10.0.0.{number}:2380"} for number in (1, 2)]
    etcd = {"healthy": True, "members": peers}
    members = [member("n1", wanted, converged("n1", wanted, etcd=etcd)), member("n2", wanted, stopped("n2", wanted))]
    assert names(members) == []

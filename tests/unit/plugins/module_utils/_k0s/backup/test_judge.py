# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a backup may be restored to these hosts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.judge import (
    Target,
    findings,
    former_nodes,
    former_objects,
    overwrites,
    plan_text,
)

TARGET = Target(
    cluster="mke",
    release="v4.1.2",
    k0s_version="v1.33.13+k0s.0",
    network={"pod_cidr": "192.168.0.0/16", "service_cidr": "10.96.0.0/16"},
    files=("/var/lib/k0s/encryption.cfg",),
    hosts=("n3", "n4"),
)
MANIFEST: Dict[str, Any] = {
    "cluster": "mke",
    "release": "v4.1.2",
    "k0s_version": "v1.33.13+k0s.0",
    "created": "2026-11-21T12:00:00Z",
    "network": {"pod_cidr": "192.168.0.0/16", "service_cidr": "10.96.0.0/16"},
    "external_address": "",
    "files": [{"path": "/var/lib/k0s/encryption.cfg", "sha256": "0"}],
    "hosts": [{"name": "a", "node": "n1", "role": "controller"}, {"name": "b", "node": "n2", "role": "worker"}],
    "census": {"keys": 8, "revision": 120},
}


def names(target: Target = TARGET, **values: Any) -> Dict[str, str]:
    return {item.name: item.severity for item in findings({**MANIFEST, **values}, target)}


def test_new_hosts_may_take_it() -> None:
    assert names() == {}


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"cluster": "other"}, "restore-other-cluster"),
        ({"release": "v4.1.1"}, "restore-release"),
        ({"k0s_version": "v1.32.6+k0s.0"}, "restore-k0s-version"),
        ({"network": {"pod_cidr": "10.244.0.0/16"}}, "restore-network"),
        ({"files": []}, "restore-file-missing"),
    ],
)
def test_another_cluster_is_refused(values: Dict[str, Any], name: str) -> None:
    assert names(**values) == {name: "error"}


def test_another_address_of_the_api_is_only_told() -> None:
    assert names(external_address="mke.example.com") == {"restore-external-address": "warning"}


def test_a_running_cluster_is_refused_by_host() -> None:
    found = findings(MANIFEST, replace(TARGET, running=("n3",), with_data=("n3", "n4")))
    assert [(item.name, item.path) for item in found] == [
        ("restore-over-running", "host n3"),
        ("restore-over-data", "host n4"),
    ]
    assert "mke4k_restore_over_running=mke" in found[0].text()


def test_the_name_of_the_cluster_allows_to_reset_it() -> None:
    busy = replace(TARGET, running=("n3",), with_data=("n3",))
    assert names(replace(busy, over_running="mke")) == {}
    assert overwrites(replace(busy, over_running="mke"))
    assert names(replace(busy, over_running="other")) == {"restore-over-running": "error"}
    assert not overwrites(replace(TARGET, over_running="mke"))


def test_a_run_that_was_ended_goes_on() -> None:
    assert names(replace(TARGET, running=("n3",), with_data=("n3", "n4"), restored=True)) == {}


def test_hosts_that_do_not_come_back() -> None:
    former = former_nodes(MANIFEST, ["n2", "n3"])
    assert former == ["n1"]
    assert [(item["kind"], item["metadata"]["name"]) for item in former_objects(MANIFEST, ["n1", "n2"])] == [
        ("EtcdMember", "n1"),
        ("ControlNode", "n1"),
    ]


def test_the_plan_says_what_is_lost_and_who_joins() -> None:
    text = plan_text(MANIFEST, replace(TARGET, running=("n3",), over_running="mke"), "x.tar", "n3", ["n1"])
    assert text == [
        "x.tar: mke v4.1.2, k0s v1.33.13+k0s.0, of 2026-11-21T12:00:00Z, 8 keys at revision 120",
        "all hosts are reset, and what the cluster on n3 has gained since the backup is lost",
        "n3 becomes the first controller again; every key of the backup is looked for",
        "then join: n4",
        "no longer part of the cluster: n1",
    ]
    assert plan_text(MANIFEST, replace(TARGET, restored=True), "x.tar", "n3", [])[1:] == [
        "n3 has this backup already; the run goes on from there"
    ]

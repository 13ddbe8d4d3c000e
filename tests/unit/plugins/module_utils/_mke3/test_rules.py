# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List, Optional

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._mke3.facts import (
    Backup,
    Mke3,
    backups_of,
    managers_of,
    version_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._mke3.rules import judge, may_become

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=timezone.utc)
GOOD = Mke3(
    version=(3, 8, 2),
    cluster_config={"calico_kdd": True, "kube_proxy_mode": "iptables"},
    managers=("m1", "m2", "m3"),
    backups=(Backup("b.tar", "SUCCESS", NOW - timedelta(days=1)),),
    cert_managers=(),
)


def names(mke: Mke3, target: str = "v4.1.2", kubeconfs: Optional[List[str]] = None) -> List[str]:
    return [finding.name for finding in judge(mke, target, NOW, 7, kubeconfs or [])]


def test_an_mke3_that_is_as_it_should_be_has_no_finding() -> None:
    assert names(GOOD) == []


@pytest.mark.parametrize(
    ("version", "target", "allowed"),
    [
        ((3, 7, 14), "v4.1.2", False),
        ((3, 7, 15), "v4.1.2", True),
        ((3, 8, 0), "v4.1.5", True),
        ((3, 9, 1), "v4.1.2", False),
        ((3, 6, 30), "v4.1.2", False),
        ((3, 9, 1), "v4.2.0", True),
        ((3, 8, 4), "v4.2.0", False),
    ],
)
def test_only_some_releases_may_become_an_mke_4k(version: Any, target: str, allowed: bool) -> None:
    assert may_become(version, target) is allowed
    assert ("mke3-version" in names(replace(GOOD, version=version), target)) is not allowed


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"calico_kdd": False}, ["mke3-calico-etcd"]),
        ({"calico_kdd": True, "kube_proxy_mode": "ipvs"}, ["mke3-proxier"]),
        ({"calico_kdd": True, "calico_ebpf_enabled": True}, ["mke3-ebpf"]),
        ({"calico_kdd": True, "calico_ebpf_enabled": False}, []),
        ({"unmanaged_cni": True}, ["mke3-unmanaged-cni"]),
        ({}, []),
    ],
)
def test_the_network_has_to_be_one_that_can_be_migrated(config: Dict[str, Any], found: List[str]) -> None:
    assert names(replace(GOOD, cluster_config=config)) == found


@pytest.mark.parametrize(
    ("backups", "found"),
    [
        (None, []),
        ((), ["mke3-backup"]),
        ((Backup("b", "IN_PROGRESS", None),), ["mke3-backup"]),
        ((Backup("b", "FAILED", NOW),), ["mke3-backup"]),
        ((Backup("b", "SUCCESS", NOW - timedelta(days=8)),), ["mke3-backup"]),
        ((Backup("b", "SUCCESS", NOW - timedelta(days=8)), Backup("c", "SUCCESS", NOW)), []),
    ],
)
def test_there_has_to_be_a_recent_backup(backups: Any, found: List[str]) -> None:
    assert names(replace(GOOD, backups=backups)) == found


def test_what_else_is_in_the_way_is_named() -> None:
    assert names(replace(GOOD, cert_managers=("cert-manager/cert-manager",))) == ["mke3-cert-manager"]
    assert names(replace(GOOD, managers=("m1", "m2")), "v4.1.1") == ["mke3-two-managers"]
    assert names(replace(GOOD, managers=("m1", "m2"))) == []
    assert names(GOOD, kubeconfs=["~/.mke/mke.kubeconf"]) == ["mke3-kubeconf"]


def test_what_could_not_be_read_is_told_and_is_no_error() -> None:
    (finding,) = judge(replace(GOOD, unread={"backups": "500"}), "v4.1.2", NOW, 7, [])
    assert (finding.name, finding.is_error, finding.path) == ("mke3-not-checked", False, "backups")


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ({"Version": "ucp/3.7.15"}, (3, 7, 15)),
        ({"Version": "20.10.13"}, ()),
        (
            {
                "Version": "23.0.8",
                "Components": [
                    {"Name": "Kubernetes", "Version": "1.27.4"},
                    {"Name": "Universal Control Plane", "Version": "3.7.12"},
                ],
            },
            (3, 7, 12),
        ),
        ({}, ()),
    ],
)
def test_the_version_is_that_of_mke_and_not_of_its_engine(answer: Dict[str, Any], version: Any) -> None:
    assert version_of(answer) == version


def test_backups_and_managers_are_read_as_mke_lists_them() -> None:
    done, running = backups_of(
        [
            {"fileName": "b2.tar", "backupState": "SUCCESS", "completed_at": "2026-11-20T21:56:01.184Z"},
            {"id": "x", "backupState": "IN_PROGRESS", "completed_at": "0001-01-01T00:00:00Z"},
        ]
    )
    assert done.completed == datetime(2026, 11, 20, 21, 56, 1, tzinfo=timezone.utc)
    assert (running.name, running.completed) == ("x", None)
    nodes = [
        {"ID": "a", "Spec": {"Role": "manager"}, "Description": {"Hostname": "m1"}},
        {"ID": "b", "Spec": {"Role": "manager"}},
        {"ID": "c", "Spec": {"Role": "worker"}},
    ]
    assert managers_of(nodes) == ("m1", "b")

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which backups stay, and which is the newest."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List

import pytest
from hypothesis import given, strategies

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.shelf import (
    is_manifest,
    name_for,
    newest,
    outdated,
    stamp,
)

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=timezone.utc)


def manifest(days: int, cluster: str = "mke") -> Dict[str, Any]:
    created = NOW - timedelta(days=days)
    return {
        "format": 1,
        "name": name_for(cluster, created),
        "cluster": cluster,
        "created": stamp(created),
        "archive": {"file": "x.tar"},
    }


def removed(days: List[int], keep: int = 0, keep_days: int = 0) -> List[str]:
    found = outdated([manifest(each) for each in days], "mke", name_for("mke", NOW), keep, keep_days, NOW)
    return [item["created"][:10] for item in found]


@pytest.mark.parametrize(
    ("keep", "keep_days", "gone"),
    [
        (0, 0, []),
        (3, 0, ["2026-11-11"]),
        (1, 0, ["2026-11-20", "2026-11-19", "2026-11-11"]),
        (9, 5, ["2026-11-11"]),
        (0, 1, ["2026-11-19", "2026-11-11"]),
    ],
)
def test_the_newest_stay(keep: int, keep_days: int, gone: List[str]) -> None:
    assert removed([2, 0, 10, 1], keep, keep_days) == gone


def test_backups_of_other_clusters_are_left_alone() -> None:
    others = [manifest(50, "other"), manifest(60, "other"), manifest(0)]
    assert outdated(others, "mke", name_for("mke", NOW), 1, 1, NOW) == []


@given(strategies.lists(strategies.integers(0, 40), max_size=12), strategies.integers(0, 5), strategies.integers(0, 9))
def test_the_one_just_made_always_stays(days: List[int], keep: int, keep_days: int) -> None:
    made = name_for("mke", NOW)
    found = outdated([manifest(each) for each in [*days, 0]], "mke", made, keep, keep_days, NOW)
    assert made not in [item["name"] for item in found]


def test_the_newest_of_a_cluster() -> None:
    found = newest([manifest(3), manifest(1), manifest(0, "other")], "mke")
    assert found is not None
    assert found["created"] == "2026-11-20T12:00:00Z"
    assert newest([manifest(0, "other")], "mke") is None


@pytest.mark.parametrize("found", [None, [], "text", {}, {"format": 2}, {**manifest(0), "archive": "x"}, {"format": 1}])
def test_other_files_are_no_manifests(found: Any) -> None:
    assert not is_manifest(found)
    assert is_manifest(manifest(0))

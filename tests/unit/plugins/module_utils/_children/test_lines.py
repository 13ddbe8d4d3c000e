# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children import lines
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    CLUSTER_DEPLOYMENT,
    MKE_CHILD_CONFIG,
    Family,
    Outcome,
    Progress,
)

from .follow.objects import control_plane, made, named, workers

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=timezone.utc)
SPEC = {"version": "v4.1.3", "infrastructure": {"controlPlaneNumber": 3, "workersNumber": 2}}


def born(seconds: int) -> str:
    return (NOW - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_table_at_the_end_has_a_line_a_child() -> None:
    root = made(MKE_CHILD_CONFIG, spec=SPEC, creationTimestamp=born(725))
    counted: dict[str, Any] = {"control_plane": control_plane(3, 3), "machine_deployments": named([workers(2, 1)])}
    by_kcm = made(CLUSTER_DEPLOYMENT, status={"k8sVersion": "v1.32.6"}, creationTimestamp=born(30))
    outcomes = [
        Outcome("prod", "ready", Progress("Ready", 11, 11, reached=True), family=Family("prod", root)),
        Outcome("test", "unfinished", Progress("WorkersReady", 8, 11, "1/2"), family=Family("test", root, **counted)),
        Outcome("dev", "failed", Progress("VpcReady", 0, 11), family=Family("dev", None, by_kcm), message="x" * 200),
        Outcome("old", "gone", Progress("Gone", reached=True)),
    ]
    assert lines.table(outcomes, NOW) == [
        f"NAME  PHASE              READY  NODES  VERSION  MESSAGE{' ' * 75}AGE",
        f"prod  Ready              yes    5      v4.1.3   {' ' * 82}12m",
        f"test  WorkersReady 8/11  no     4/5    v4.1.3   1/2{' ' * 79}12m",
        f"dev   VpcReady 0/11      no            v1.32.6  {'x' * 79}…  30s",
        "old   Gone               no",
    ]


def test_there_is_no_table_of_nothing() -> None:
    assert lines.table([]) == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0s"),
        (59, "59s"),
        (60, "1m"),
        (3599, "59m"),
        (3600, "1h"),
        (3900, "1h5m"),
        (86400, "1d"),
        (100 * 86400 + 7200, "100d2h"),
    ],
)
def test_ages_are_written_as_kubectl_does(seconds: int, words: str) -> None:
    assert lines.age_in_words(seconds) == words


def test_a_clock_that_is_behind_makes_no_negative_ages() -> None:
    root = made(MKE_CHILD_CONFIG, creationTimestamp=born(-5))
    assert lines.table([Outcome("p", "ready", Progress("Ready"), family=Family("p", root))], NOW)[1].endswith("0s")

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a cluster as jobs: made with one k0s, upgraded to the next, and taken away."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.lab import K0s, k0s_to_upgrade, lab_k0s, lab_name

from .clusters import MKE4
from .ground import Ground, good, unchanged

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def versions() -> tuple[K0s, K0s]:
    """The k0s before the upgrade and the one after it."""
    name = lab_name("upgrade")
    return k0s_to_upgrade(name, lab_k0s(name))


def answers(hosts: Ground, k0s: K0s) -> dict[str, Any]:
    """A job has no home of its own: what it keeps has its place on a volume."""
    return {**MKE4, **k0s.variables(), "mke4k_backup_dest": str(hosts.work / "backups")}


def test_a_cluster_is_made(hosts: Ground, versions: tuple[K0s, K0s]) -> None:
    good(hosts.launch("install", answers=answers(hosts, versions[0])))


def test_an_upgrade_is_looked_at_done_and_not_done_again(hosts: Ground, versions: tuple[K0s, K0s]) -> None:
    newer = answers(hosts, versions[1])
    good(hosts.launch("upgrade", step="check", check=True, marked=False, answers=newer))
    ran = good(hosts.launch("upgrade", answers=newer))
    assert sorted(ran.events.hosts("changed")) == ["10.77.0.11", "10.77.0.12"]
    assert ran.events.stats()["mke4k_management_cluster"]["k0s_version"] == versions[1].version
    assert list((hosts.work / "backups").glob("*.json"))
    unchanged(hosts.launch("upgrade", step="again", marked=False, answers=newer))
    unchanged(hosts.launch("install", step="after", answers=newer))


def test_the_cluster_goes(hosts: Ground, versions: tuple[K0s, K0s]) -> None:
    asked = {**answers(hosts, versions[1]), "mke4k_confirm": "mke"}
    good(hosts.launch("reset", answers=asked))
    unchanged(hosts.launch("reset", step="again", answers=asked))

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks for hosts as jobs, in the order in which a user comes to them: from a check to the end of the cluster.

Hosts are reached as a user who is not root, by a machine credential: a key in the agent, and a password for sudo.
"""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from .clusters import INVENTORY, MKE4, OF_GROUPS
from .ground import Ground, good, refused, unchanged
from .variables import playbooks

# Playbooks that have a test of their own here, and those of test_children.py.
HERE = {"preflight", "install", "status", "kubeconfig", "reset"}
OF_CHILDREN = {"children", "remove_children"}


def slice_of(*names: str) -> dict[str, Any]:
    """The inventory of a job slice: AWX hands each a part of the hosts, and says so nowhere."""
    groups = {group: [name for name in members if name in names] for group, members in INVENTORY["groups"].items()}
    return {"hosts": {name: INVENTORY["hosts"][name] for name in names}, "groups": groups}


def test_the_hosts_are_checked_before_anything_is_installed(hosts: Ground) -> None:
    good(hosts.launch("preflight", answers=MKE4))


def test_a_check_of_an_install_shows_the_plan(hosts: Ground) -> None:
    good(hosts.launch("install", step="check", check=True, marked=False, answers=MKE4))


def test_an_install_makes_the_cluster_and_hands_its_name_on(hosts: Ground) -> None:
    ran = good(hosts.launch("install", answers=MKE4))
    assert ran.events.stats()["mke4k_management_cluster"]["name"] == "mke"


def test_a_second_install_changes_nothing_also_where_all_is_one_text(hosts: Ground) -> None:
    unchanged(hosts.launch("install", step="again", marked=False, answers=MKE4))
    unchanged(hosts.launch("install", step="text", answers={"mke4k_config": yaml.safe_dump(MKE4)}))


@pytest.mark.thorough
def test_a_limit_leaves_the_cluster_as_it_is(hosts: Ground) -> None:
    unchanged(hosts.launch("install", step="limit", limit="n2", answers=OF_GROUPS, **INVENTORY))


def test_a_job_slice_is_refused_with_the_reason(hosts: Ground) -> None:
    refused(hosts.launch("install", step="slice", answers=OF_GROUPS, **slice_of("n2")), "controller")


@pytest.mark.thorough
def test_the_state_of_the_cluster_is_shown(hosts: Ground) -> None:
    unchanged(hosts.launch("status", answers=MKE4))


@pytest.mark.thorough
def test_a_kubeconfig_is_written_where_it_is_asked_for_and_shown_nowhere(hosts: Ground) -> None:
    asked = {**MKE4, "mke4k_kubeconfig": str(hosts.work / "mke.kubeconf")}
    good(hosts.launch("kubeconfig", answers=asked))
    assert (hosts.work / "mke.kubeconf").stat().st_mode & 0o777 == 0o600


@pytest.mark.thorough
@pytest.mark.parametrize("verb", sorted(set(playbooks()) - HERE - OF_CHILDREN))
def test_any_other_playbook_ends_a_check_well_or_says_what_it_lacks(hosts: Ground, verb: str) -> None:
    ran = hosts.launch(verb, step="check", check=True, answers=MKE4)
    assert ran.code == 0 or all(len(failure) > 20 for failure in ran.events.failures()), ran.told()
    assert ran.code == 0 or ran.events.failures(), ran.told()


def test_a_reset_takes_the_cluster_away(hosts: Ground) -> None:
    asked = {**MKE4, "mke4k_confirm": "mke"}
    good(hosts.launch("reset", step="check", check=True, answers=asked))
    good(hosts.launch("reset", answers=asked))
    unchanged(hosts.launch("reset", step="again", marked=False, answers=asked))


def test_a_job_that_was_refused_is_relaunched_on_failed_hosts(hosts: Ground) -> None:
    """A worker is out of reach: nothing is begun with a part of a new cluster, so all hosts count as failed."""
    lost = {**INVENTORY["hosts"], "n2": {**INVENTORY["hosts"]["n2"], "ansible_port": 2}}
    failed = hosts.launch("install", step="lost", answers=OF_GROUPS, hosts=lost, groups=INVENTORY["groups"])
    assert failed.code != 0, failed.told()
    assert not any(failed.events.hosts("changed").values()), failed.events.changes()
    again = ",".join(failed.events.failed_hosts())
    answers = {**OF_GROUPS, "awx_job_launch_type": "relaunch"}
    ran = good(hosts.launch("install", step="relaunch", limit=again, answers=answers, **INVENTORY))
    assert all(ran.events.hosts("changed").get(host) for host in INVENTORY["hosts"]), ran.told()

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which hosts the playbook remove_nodes works on."""

from __future__ import annotations

import json

import pytest
import yaml

from tests.integration.input.conftest import ROOT, Workplace

LOCAL = {"ansible_connection": "local"}
CONFIG = {
    "apiVersion": "mke.mirantis.com/v1alpha1",
    "kind": "MkeConfig",
    "metadata": {"name": "ours", "namespace": "mke"},
    "spec": {"version": "v4.1.2"},
}
OURS = {"mke4k_controllers_group": "ours", "mke4k_workers_group": "our_workers", "mke4k_config": CONFIG}


@pytest.fixture
def removals(workplace: Workplace) -> Workplace:
    """The playbook, with a task that keeps the hosts of its play in place of what it does to them."""
    groups = {"ours": {"hosts": {"one": LOCAL}}, "our_workers": {"hosts": {"two": LOCAL}}}
    spares = {"spares": {"hosts": {"three": LOCAL, "four": LOCAL}}}
    workplace.write("hosts.yml", {**groups, **spares})
    first, second = yaml.safe_load((ROOT / "playbooks" / "remove_nodes.yml").read_text(encoding="utf-8"))
    keep = {"content": "{{ ansible_play_hosts_all | sort | to_json }}", "dest": "{{ playbook_dir }}/{{ kept }}.json"}
    copy = {"ansible.builtin.copy": {**keep, "mode": "0600"}, "run_once": True}
    workplace.write("removal.yml", [first, {**second, "tasks": [copy]}])
    return workplace


def hosts_of(removals: Workplace, *nodes: str) -> list[list[str]]:
    """The hosts of one removal after the other, all in one run."""
    imports = [
        {"ansible.builtin.import_playbook": "removal.yml", "vars": {"mke4k_nodes": names, "kept": f"kept-{number}"}}
        for number, names in enumerate(nodes)
    ]
    removals.write("both.yml", imports)
    ran = removals.run("ansible-playbook", "-i", "hosts.yml", "both.yml", "-e", json.dumps(OURS))
    assert ran.code == 0, ran.output
    return [json.loads((removals.folder / f"kept-{number}.json").read_text()) for number, _names in enumerate(nodes)]


def test_a_host_that_only_the_inventory_has_is_taken_in(removals: Workplace) -> None:
    assert hosts_of(removals, "three,n9") == [["one", "three", "two"]]


def test_a_second_removal_of_a_run_has_no_hosts_of_the_first(removals: Workplace) -> None:
    assert hosts_of(removals, "three", "two, four", "two") == [
        ["one", "three", "two"], ["four", "one", "two"], ["one", "two"],
    ]  # fmt: skip


def test_the_hosts_are_listed_before_anything_is_run(removals: Workplace) -> None:
    ran = removals.run("ansible-playbook", "-i", "hosts.yml", "removal.yml", "--list-hosts", "-e", json.dumps(OURS))
    assert ran.code == 0, ran.output
    assert "hosts (2)" in ran.output, ran.output

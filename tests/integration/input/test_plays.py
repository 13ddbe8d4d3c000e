# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles in plays that others have written: a play in which a role cannot work is refused before any host is touched."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import yaml

from tests.integration.input.conftest import ROOT, Ran, Workplace

CONFIG = {
    "apiVersion": "mke.mirantis.com/v1alpha1",
    "kind": "MkeConfig",
    "metadata": {"name": "ours", "namespace": "mke"},
    "spec": {"version": "v4.1.2"},
}
GROUPS = {"mke4k_controllers_group": "our_controllers", "mke4k_workers_group": "our_workers"}
LOCAL = {"ansible_connection": "local"}
# They work on the control node, before a play of hosts; or need what an entry before them has read.
NOT_OF_A_PLAY_OF_HOSTS = {
    ("k0s", "inventory"), ("k0s", "leaving"), ("k0s", "stats"), ("child_clusters", "mothership"),
}  # fmt: skip
# They see no host but the one through which the API is asked, so that a batch of a play does for them.
OF_THE_API = {("k0s", entry) for entry in ("lock", "unlock", "backup", "drift")}


def entry_points() -> Sequence[tuple[str, str]]:
    found = []
    for path in sorted((ROOT / "roles").glob("*/meta/argument_specs.yml")):
        specs = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]
        found += [(path.parents[1].name, entry) for entry in specs]
    return [entry for entry in found if entry not in NOT_OF_A_PLAY_OF_HOSTS]


def inventory(workplace: Workplace, **of_workers: Any) -> None:
    groups = {
        "our_controllers": {"hosts": {"one": LOCAL}, "vars": {"mke4k_config": CONFIG}},
        "our_workers": {"hosts": {"two": LOCAL}, "vars": {"mke4k_config": CONFIG, **of_workers}},
    }
    workplace.write("hosts.yml", groups)


def told(workplace: Workplace, entries: Sequence[tuple[str, str]], play: Mapping[str, Any]) -> Mapping[str, Any]:
    """What each entry point says on each host, all of them in one play with these keywords."""
    tasks = [
        {
            "block": [{"ansible.builtin.import_role": {"name": f"mke4k.core.{role}", "tasks_from": entry}}],
            "rescue": [{"ansible.builtin.set_fact": {f"said_{role}_{entry}": "{{ ansible_failed_result.msg }}"}}],
        }
        for role, entry in entries
    ]
    said = "{{ dict(ansible_play_hosts_all | zip(ansible_play_hosts_all | map('extract', hostvars))) | to_json }}"
    last = {"hosts": "all", "gather_facts": False, "tasks": [
        {"ansible.builtin.copy": {"content": said, "dest": str(workplace.folder / "said.json"), "mode": "0600"},
         "run_once": True, "no_log": True}
    ]}  # fmt: skip
    variables = {**GROUPS, "k0s_lock_verb": "install", "k0s_confirm": "ours"}
    workplace.write(
        "play.yml", [{"hosts": "all", "gather_facts": False, "vars": variables, **play, "tasks": tasks}, last]
    )
    ran = workplace.run("ansible-playbook", "-i", "hosts.yml", "play.yml")
    assert ran.code == 0, ran.output
    found = json.loads((workplace.folder / "said.json").read_text())
    return {f"{role}.{entry}": [found[host].get(f"said_{role}_{entry}", "") for host in ("one", "two")]
            for role, entry in entries}  # fmt: skip


def alone(workplace: Workplace, role: str, entry: str, **keywords: Any) -> Ran:
    """A play of all hosts with one entry point that has to be refused."""
    task = {"ansible.builtin.import_role": {"name": f"mke4k.core.{role}", "tasks_from": entry}}
    workplace.write("play.yml", [{"hosts": "all", "gather_facts": False, "tasks": [task], **keywords}])
    ran = workplace.run("ansible-playbook", "-i", "hosts.yml", "play.yml")
    assert ran.code == 2, ran.output
    assert "changed=1" not in ran.output
    return ran


@pytest.mark.parametrize(
    ("role", "strategy"),
    [
        ("k0s", "free"), ("k0s", "ansible.builtin.host_pinned"), ("preflight", "free"), ("calico", "free"),
        ("aws_credentials", "free"), ("child_clusters", "free"),
    ],
)  # fmt: skip
def test_hosts_that_do_not_wait_for_each_other_are_refused(workplace: Workplace, role: str, strategy: str) -> None:
    inventory(workplace)
    ran = alone(workplace, role, "main", strategy=strategy, vars=GROUPS)
    assert f"with strategy {strategy} hosts do not wait" in ran.output


def test_every_entry_point_begins_with_what_refuses_them() -> None:
    for role, entry in entry_points():
        first = first_task(role, entry)
        assert first.get("run_once"), (role, entry, first)
        assert next(name for name in first if name.startswith("mke4k.core.")), (role, entry, first)


def first_task(role: str, entry: str) -> dict[str, Any]:
    """The first task of an entry point that is an action of the collection, through what it imports and includes."""
    for task in yaml.safe_load((ROOT / "roles" / role / "tasks" / f"{entry}.yml").read_text(encoding="utf-8")):
        found: dict[str, Any] = task["block"][0] if "block" in task else task
        files = [found[name] for name in found if name.endswith((".import_tasks", ".include_tasks"))]
        if files and ("when" not in found or "reset_plan.yml" in files):
            return first_task(role, str(files[0]).removesuffix(".yml"))
        if "ansible.builtin.include_role" in found:
            return first_task("k0s", found["ansible.builtin.include_role"]["tasks_from"])
        if any(name.startswith("mke4k.core.") for name in found):
            return found
    raise AssertionError(f"{role}, {entry}: no task of the collection")


def test_batches_of_hosts_are_refused_by_every_entry_point_that_sees_the_cluster_as_a_whole(
    workplace: Workplace,
) -> None:
    inventory(workplace)
    entries = [entry for entry in entry_points() if entry[0] in ("k0s", "preflight") and entry not in OF_THE_API]
    said = told(workplace, entries, {"serial": 1})
    wrong = {entry: messages for entry, messages in said.items() if not all("`serial`" in text for text in messages)}
    assert wrong == {}


@pytest.mark.parametrize("entry", ["main", "reset"])
def test_hosts_of_two_clusters_in_one_play_are_refused(workplace: Workplace, entry: str) -> None:
    inventory(workplace, mke4k_config={**CONFIG, "metadata": {"name": "theirs", "namespace": "mke"}})
    ran = alone(workplace, "k0s", entry, vars={**GROUPS, "k0s_confirm": "ours"})
    assert "hosts of several clusters are in this play: mke4k_config of two is not that of one" in ran.output


def test_one_host_may_run_on_by_itself(workplace: Workplace) -> None:
    """Nobody waits for it; that it is no host for k0s is found when it is read."""
    inventory(workplace)
    said = told(
        workplace, [("k0s", "main")], {"hosts": "one", "strategy": "free", "vars": {**GROUPS, "k0s_become": False}}
    )
    assert said["k0s.main"][0]
    assert "linear" not in said["k0s.main"][0]


@pytest.mark.parametrize(
    ("verb", "tag", "roles"),
    [
        ("install", "calico", {"k0s", "calico"}),
        ("upgrade", "mke_operator", {"k0s", "mke_operator"}),
        ("status", "k0rdent", {"k0s", "k0rdent"}),
        ("children", "child_clusters", {"child_clusters"}),
    ],
)
def test_a_tag_of_a_layer_runs_that_and_reads_the_hosts_for_it(
    workplace: Workplace, verb: str, tag: str, roles: set[str]
) -> None:
    ran = workplace.run("ansible-playbook", f"mke4k.core.{verb}", "-i", "localhost,", "--tags", tag, "--list-tasks")
    assert ran.code == 0, ran.output
    assert set(re.findall(r"^ +mke4k\.core\.(\w+) :", ran.output, re.MULTILINE)) == roles
    assert ("read | Plan the changes" in ran.output) == ("k0s" in roles)

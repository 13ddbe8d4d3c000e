# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks for children as jobs, in the order in which a user comes to them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from .clusters import CHILDREN, MKE4
from .ground import Ground, good, refused, unchanged
from .own import play, well

AS_TEXT = {name: yaml.safe_dump(CHILDREN[name]) for name in ("mke4k_children", "mke4k_children_defaults")}


def test_a_check_tells_what_would_come_and_makes_nothing(mothership: Ground) -> None:
    good(mothership.launch("children", step="check", check=True, marked=False, answers=CHILDREN))


def test_children_come_up_and_are_handed_on(mothership: Ground) -> None:
    ran = good(mothership.launch("children", answers=CHILDREN))
    stats = ran.events.stats()["mke4k_child_clusters"]
    assert sorted(child["name"] for child in stats) == ["prod-eu", "test-eu"]


def test_a_second_job_changes_nothing(mothership: Ground) -> None:
    unchanged(mothership.launch("children", step="again", marked=False, answers=CHILDREN))


@pytest.mark.thorough
def test_children_as_text_and_a_token_of_the_mothership_do_as_well(mothership: Ground) -> None:
    unchanged(
        mothership.launch(
            "children", step="text", answers={**CHILDREN, **AS_TEXT}, files={}, environment=mothership.bearer
        )
    )


def test_a_job_that_failed_goes_on_when_it_is_relaunched_on_failed_hosts(mothership: Ground) -> None:
    broken = {"name": "test-two", "annotations": {"standin.mke4k/fault": "eip-quota"}}
    asked = {**CHILDREN, "mke4k_children": [broken], "mke4k_children_timeout": 6}
    ran = refused(mothership.launch("children", step="failed", answers=asked), "1 of 1 children failed", "test-two")
    assert ran.events.failed_hosts() == ["localhost"]
    healed = {**CHILDREN, "mke4k_children": [{**broken, "annotations": {"standin.mke4k/fault": "none"}}]}
    good(mothership.launch("children", step="relaunch", answers=healed, limit="localhost"))


def test_children_that_are_protected_have_to_be_confirmed(mothership: Ground) -> None:
    refused(mothership.launch("remove_children", step="refused", answers={"mke4k_children": "[prod-eu]"}), "prod-eu")


GONE = {"mke4k_children": "[prod-eu, test-eu, test-two]", "mke4k_children_confirm": "prod-eu"}


@pytest.mark.thorough
def test_a_check_of_a_removal_removes_nothing(mothership: Ground) -> None:
    good(mothership.launch("remove_children", step="check", check=True, answers=GONE))
    unchanged(mothership.launch("children", step="after", answers=CHILDREN))


def test_children_go(mothership: Ground) -> None:
    good(mothership.launch("remove_children", answers=GONE))


@pytest.mark.thorough
def test_a_second_removal_finds_none(mothership: Ground) -> None:
    unchanged(mothership.launch("remove_children", step="again", marked=False, answers=GONE))


@pytest.mark.thorough
def test_roles_are_imported_and_included_and_leave_only_their_own_variables(mothership: Ground, tmp_path: Path) -> None:
    """Each entry point that an API server is enough for, in a play of somebody else."""
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(mothership.files["K8S_AUTH_KUBECONFIG"])
    reading = [(role, entry) for role in ("calico", "k0rdent", "mke_operator") for entry in ("status", "drift")]
    of_children = [("aws_credentials", "main"), ("aws_credentials", "sync"), ("child_clusters", "mothership")]
    of_children += [("child_clusters", entry) for entry in ("main", "status", "drift", "absent", "guard")]
    tasks = [
        {style: {"name": f"mke4k.core.{role}", "tasks_from": entry}}
        for role, entry in reading + of_children
        for style in ("ansible.builtin.import_role", "ansible.builtin.include_role")
    ]
    keep = {"content": "{{ hostvars[inventory_hostname] | list | to_json }}", "dest": str(tmp_path / "left.json")}
    copy = {"ansible.builtin.copy": {**keep, "mode": "0600"}, "no_log": True}
    config = {"apiVersion": "mke.mirantis.com/v1alpha1", "kind": "MkeConfig", "metadata": {"name": "mke"},
              "spec": {"version": "v4.1.2", "hosts": MKE4["spec"]["hosts"]}}  # fmt: skip
    ours = {"mke4k_config": config, "mke4k_layers": "k0s", "mke4k_children_confirm": "prod-eu", **CHILDREN}
    first = {"hosts": "ops", "gather_facts": False, "become": False, "tasks": [copy]}
    play_of_others = {
        **first, "serial": 1, "any_errors_fatal": True, "vars_files": ["ours.yml"], "tasks": [*tasks, copy],
    }  # fmt: skip
    (tmp_path / "ours.yml").write_text(yaml.safe_dump(ours))
    local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    inventory = {"ops": {"hosts": {"here": local}}}
    surroundings = {**mothership.environment, "K8S_AUTH_KUBECONFIG": str(kubeconfig)}
    well(play(mothership, tmp_path, [first], inventory, **surroundings))
    before = set(json.loads((tmp_path / "left.json").read_text()))
    well(play(mothership, tmp_path, [play_of_others], inventory, **surroundings))
    new = set(json.loads((tmp_path / "left.json").read_text())) - before
    roles = ("calico", "k0rdent", "mke_operator", "aws_credentials", "child_clusters", "k0s")
    foreign = {name for name in new if not name.removeprefix("__").startswith(roles)}
    assert foreign - {"mke4k_api_host", "discovered_interpreter_python", "ansible_connection"} == set()

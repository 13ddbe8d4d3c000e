# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The assets of examples/awx fit each other, the playbooks, and what AWX can do."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from .assets import AWX, GIVEN, JSON, assets, in_json, templates
from .ground import collections
from .variables import playbooks, role_options, user_variables

# The types of answers that AWX has.
TYPES = {"text", "textarea", "password", "multiplechoice", "multiselect", "integer", "float"}
# Credentials that the user makes of AWX's own types and of those here.
CREDENTIALS = {"mke4k_machine", "mke4k_aws", "mke4k_mothership"}
QUESTIONS = [
    pytest.param(template["name"], question, id=f"{template['name']}-{question['variable']}")
    for _playbook, template in templates()
    for question in template["survey_spec"]["spec"]
]
STUB = """
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        with open({path!r}, "a") as file:
            print(self._task.action.rsplit(".", 1)[1], self._task.args["name"], file=file)
        return dict(changed=False)
"""


def test_every_playbook_has_a_template_and_a_line_in_the_project() -> None:
    assert sorted(name for name, _template in templates()) == list(playbooks())
    wrapped = {path.stem: yaml.safe_load(path.read_text()) for path in (AWX / "project" / "playbooks").glob("*.yml")}
    assert {name: play[0]["ansible.builtin.import_playbook"] for name, play in wrapped.items()} == {
        name: f"mke4k.core.{name}" for name in playbooks()
    }


@pytest.mark.parametrize(("template", "question"), QUESTIONS)
def test_a_question_is_about_a_variable_that_the_collection_reads(template: str, question: dict[str, Any]) -> None:
    assert question["variable"] in user_variables()
    assert question["type"] in TYPES
    assert question["required"] is False


@pytest.mark.parametrize(("template", "question"), QUESTIONS)
def test_a_choice_is_of_texts_and_its_default_is_one_of_them(template: str, question: dict[str, Any]) -> None:
    if question["type"] != "multiplechoice":
        assert question["min"] == 0
        return
    assert all(isinstance(choice, str) for choice in question["choices"])
    assert question["default"] in question["choices"]


def test_no_template_can_be_sliced_or_run_twice_at_a_time() -> None:
    for _playbook, template in templates():
        assert template["job_slice_count"] == 1
        assert template["allow_simultaneous"] is False
        assert "ask_job_slice_count_on_launch" not in template


def test_what_assets_name_is_there() -> None:
    known = {kind: {asset["name"] for asset in found} for kind, found in assets().items()}
    for _playbook, template in templates():
        assert template["project"] in known["projects"]
        assert template["inventory"] in known["inventories"]
        assert template["execution_environment"] in known["execution_environments"]
        assert set(template.get("credentials", [])) <= CREDENTIALS
    for source in assets()["inventory_sources"]:
        assert source["inventory"] in known["inventories"]
        assert (AWX / "project" / source["source_path"]).is_file()
    for host in assets()["hosts"]:
        assert host["inventory"] in known["inventories"]


@pytest.mark.parametrize("workflow", assets()["workflows"], ids=lambda workflow: str(workflow["name"]))
def test_a_workflow_runs_templates_and_asks_before_it_destroys(workflow: dict[str, Any]) -> None:
    known = {template["name"] for _playbook, template in templates()}
    nodes = {node["identifier"]: node for node in workflow["workflow_nodes"]}
    before: dict[str, list[str]] = {name: [] for name in nodes}
    for name, node in nodes.items():
        job = node["unified_job_template"]
        assert job["type"] == "workflow_approval" or job["name"] in known
        for follower in node.get("related", {}).get("success_nodes", []):
            before[follower["identifier"]].append(name)
    for name, node in nodes.items():
        if node["unified_job_template"]["name"] == "mke4k_reset":
            (asked,) = before[name]
            assert nodes[asked]["unified_job_template"]["type"] == "workflow_approval"


def test_credential_types_inject_what_the_collection_reads() -> None:
    for kind in assets()["credential_types"]:
        fields = {field["id"] for field in kind["inputs"]["fields"]}
        assert set(kind["inputs"]["required"]) <= fields
        injected = kind["injectors"]
        assert set(injected.get("extra_vars", {})) <= {*user_variables(), *role_options()}
        assert set(injected.get("env", {})) <= {"K8S_AUTH_KUBECONFIG"}
        secret = {field["id"] for field in kind["inputs"]["fields"] if field.get("secret")}
        assert secret, kind["name"]


def test_the_json_form_says_the_same() -> None:
    assert JSON.read_text(encoding="utf-8") == in_json(), "run `python -m tests.awx.assets`"
    assert json.loads(JSON.read_text(encoding="utf-8")) == assets()


def test_the_playbook_loads_every_asset_once_in_an_order_that_works(tmp_path: Path) -> None:
    log = tmp_path / "loaded"
    plugins = tmp_path / "ansible_collections" / "stand" / "awx" / "plugins"
    for folder in ("action", "modules"):
        (plugins / folder).mkdir(parents=True)
    kinds = ["credential_type", "execution_environment", "project", "inventory", "host", "inventory_source"]
    for module in [*kinds, "job_template", "workflow_job_template"]:
        (plugins / "action" / f"{module}.py").write_text(STUB.format(path=str(log)))
        (plugins / "modules" / f"{module}.py").write_text("")
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(tmp_path), "ANSIBLE_HOME": str(tmp_path / "home")}
    given = {**GIVEN, "awx_modules": "stand.awx"}
    done = subprocess.run(
        ["ansible-playbook", str(AWX / "load.yml"), "-e", json.dumps(given)],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    wanted = [asset["name"] for found in assets().values() for asset in found]
    assert [line.split()[1] for line in log.read_text().splitlines()] == wanted


def test_the_inventory_source_of_hosts_gives_the_hosts_of_mke4_yaml(tmp_path: Path) -> None:
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": collections(), "ANSIBLE_HOME": str(tmp_path)}
    source = str(AWX / "project" / "inventory" / "mke4.yml")
    done = subprocess.run(
        ["ansible-inventory", "-i", source, "--list"],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    listed = json.loads(done.stdout)
    assert len(listed["mke4k_controllers"]["hosts"]) == 3
    assert len(listed["mke4k_workers"]["hosts"]) == 5

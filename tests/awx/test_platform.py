# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles of the layers above k0s in a play of somebody else, imported and included, on an API without hosts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.api.bed import Bed
from tests.integration.api.mothership.platform import CONFIG, PASSWORD, operators

from .ground import Ground
from .own import Played, play, well

pytestmark = pytest.mark.thorough

LAYERS = ("calico", "k0rdent", "mke_operator")
OURS = {
    "mke4k_config": CONFIG,
    # Nobody's pods reach each other here.
    "calico_probe": "never",
    "mke_operator_admin_password": PASSWORD,
}
# Left by Ansible, and by the way to the host.
NOT_OF_A_ROLE = {"discovered_interpreter_python", "ansible_connection"}


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A cluster of two Nodes on which nothing is installed, with the operators' parts played."""
    bed = Bed.start()
    try:
        with operators(bed):
            work = tmp_path_factory.mktemp("platform")
            kubeconfig = bed.kubeconfig_file(work)
            yield Ground(work=work, environment={"K8S_AUTH_KUBECONFIG": str(kubeconfig)})
    finally:
        bed.stop()


def run(platform: Ground, folder: Path, style: str) -> Played:
    """The roles one after the other, and then what variables the host has more than before."""
    names = "hostvars[inventory_hostname] | list"
    before = {"ansible.builtin.set_fact": {"mine": f"{{{{ {names} }}}}"}, "no_log": True}
    keep = {"content": f"{{{{ {names} | difference(mine) | to_json }}}}", "dest": str(folder / "new.json")}
    roles = [{f"ansible.builtin.{style}_role": {"name": f"mke4k.core.{role}"}} for role in LAYERS]
    after = {"ansible.builtin.copy": {**keep, "mode": "0600"}, "no_log": True, "changed_when": False}
    ours: dict[str, Any] = {"hosts": "ops", "gather_facts": False, "become": False, "any_errors_fatal": True}
    (folder / "ours.yml").write_text(yaml.safe_dump(OURS))
    local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    plays = [{**ours, "vars_files": ["ours.yml"], "tasks": [before, *roles, after]}]
    ran = well(play(platform, folder, plays, {"ops": {"hosts": {"here": local}}}, **platform.environment))
    assert PASSWORD not in ran.output
    new = set(json.loads((folder / "new.json").read_text()))
    assert {name for name in new if not name.removeprefix("__").startswith(LAYERS)} - NOT_OF_A_ROLE == {"mine"}
    return ran


def test_imported_roles_bring_the_platform_and_included_ones_find_nothing_to_do(
    platform: Ground, tmp_path: Path
) -> None:
    assert run(platform, tmp_path, "import").changed() == ["here"]
    assert run(platform, tmp_path, "include").changed() == []

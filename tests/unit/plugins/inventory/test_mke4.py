# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An mke4.yaml as inventory, read by Ansible's own inventory manager."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.plugins.loader import inventory_loader
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.inventory.mke4 import InventoryModule
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.configs import config, host
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import loader_in

SECRET = "s3cret-license"
DOCUMENT = config(
    host("10.0.0.1"),
    host("10.0.0.2", "controller", hostname="n2"),
    host("10.0.0.3", "worker", installFlags=["--labels=zone=a"]),
    license={"token": SECRET},
)


@pytest.fixture(autouse=True)
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    shown: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _self, text, *_rest, **_more: shown.append(text))
    return shown


def parsed(path: Path) -> InventoryData:
    inventory = InventoryData()
    plugin = inventory_loader.get("mke4k.core.mke4")
    assert plugin.verify_file(str(path))
    plugin.parse(inventory, loader_in(path.parent), str(path), cache=False)
    inventory.reconcile_inventory()
    return inventory


def members(inventory: InventoryData) -> dict[str, list[str]]:
    return {name: [item.name for item in group.get_hosts()] for name, group in inventory.groups.items()}


def written(folder: Path, name: str = "mke4.yaml", document: Any = None) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(document or DOCUMENT))
    return path


def test_the_file_itself_is_an_inventory(tmp_path: Path, warnings: list[str]) -> None:
    path = written(tmp_path)
    inventory = parsed(path)
    groups = members(inventory)
    assert groups["mke4k_controllers"] == ["10.0.0.1", "n2"]
    assert groups["mke4k_workers"] == ["10.0.0.1", "10.0.0.3"]
    assert sorted(groups["mke4k_cluster"]) == ["10.0.0.1", "10.0.0.3", "n2"]
    variables = inventory.hosts["n2"].vars
    assert variables["ansible_host"] == "10.0.0.2"
    assert (variables["ansible_user"], variables["ansible_port"]) == ("ubuntu", 22)
    assert variables["mke4k_role"] == "controller"
    assert variables["mke4k_host"]["path"] == "spec.hosts[1]"
    assert inventory.groups["mke4k_cluster"].vars["mke4k_config_file"] == str(path)
    assert warnings == []


def test_no_secret_of_the_file_becomes_a_variable(tmp_path: Path) -> None:
    inventory = parsed(written(tmp_path))
    everything = [item.vars for item in (*inventory.hosts.values(), *inventory.groups.values())]
    assert SECRET not in str(everything)


def test_two_lines_name_the_file_and_choose_names(tmp_path: Path) -> None:
    path = written(tmp_path, "clusters/berlin.yaml")
    options = {
        "plugin": "mke4k.core.mke4",
        "config": "clusters/berlin.yaml",
        "cluster_group": "berlin",
        "controllers_group": "berlin_controllers",
        "workers_group": "berlin_workers",
        "credentials": False,
        "keyed_groups": [{"key": "mke4k_role", "prefix": "role"}],
        "groups": {"first": "ansible_host == '10.0.0.1'"},
        "compose": {"login": "mke4k_host.ssh.user"},
        "strict": True,
    }
    inventory = parsed(written(tmp_path, "hosts.yml", options))
    groups = members(inventory)
    assert groups["berlin_controllers"] == ["10.0.0.1", "n2"]
    assert groups["role_controller_worker"] == ["10.0.0.1"]
    assert groups["first"] == ["10.0.0.1"]
    assert inventory.hosts["n2"].vars["login"] == "ubuntu"
    assert "ansible_user" not in inventory.hosts["n2"].vars
    variables = inventory.groups["berlin"].vars
    assert variables["mke4k_config_file"] == str(path)
    assert variables["mke4k_controllers_group"] == "berlin_controllers"


@pytest.mark.parametrize(
    ("name", "text", "accepted"),
    [
        ("mke4.yaml", "kind: MkeConfig", True),
        ("prod.mke4.yml", "hosts:\n- role: worker", True),
        ("mke4.yaml", "$ANSIBLE_VAULT;1.1;AES256\n6162", True),
        ("any.yaml", "plugin: 'mke4k.core.mke4'", True),
        ("any.yaml", "kind: MkeConfig", False),
        ("mke4.yaml", "plugin: other.thing", False),
        ("mke4.yaml", "all:\n  hosts: {}", False),
        ("mke4.json", "{}", False),
        ("mymke4.yaml", "kind: MkeConfig", False),
    ],
)
def test_only_files_that_are_meant_are_taken(tmp_path: Path, name: str, text: str, accepted: bool) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert InventoryModule().verify_file(str(path)) is accepted
    assert not InventoryModule().verify_file(str(tmp_path / "none.yaml"))


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    document = config(host("10.0.0.1", "boss"), host("10.0.0.2"), host("10.0.0.2"))
    with pytest.raises(AnsibleParserError) as error:
        parsed(written(tmp_path, document=document))
    assert "spec.hosts[0].role" in str(error.value)
    assert "host-address-duplicate" in str(error.value)


def test_a_file_that_is_not_there_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(AnsibleParserError, match=r"no file .*none\.yaml\. The option config"):
        parsed(written(tmp_path, "hosts.yml", {"plugin": "mke4k.core.mke4", "config": "none.yaml"}))


def test_a_file_in_vault_without_its_password_says_so(tmp_path: Path) -> None:
    path = tmp_path / "mke4.yaml"
    path.write_text("$ANSIBLE_VAULT;1.1;AES256\n6162\n")
    with pytest.raises(AnsibleParserError, match="Ansible Vault"):
        parsed(path)


def test_a_key_that_is_missing_is_left_out_with_a_warning(tmp_path: Path, warnings: list[str]) -> None:
    document = config(host("10.0.0.1"))
    document["spec"]["hosts"][0]["ssh"]["keyPath"] = "/none/key"
    inventory = parsed(written(tmp_path, document=document))
    assert "ansible_ssh_private_key_file" not in inventory.hosts["10.0.0.1"].vars
    assert len(warnings) == 1
    assert "[ssh-key-missing]" in warnings[0]

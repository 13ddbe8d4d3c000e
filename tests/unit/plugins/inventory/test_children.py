# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines of children as inventory, read by Ansible's own inventory manager."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.plugins.loader import inventory_loader

from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.credentials.world import World
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import refused
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import loader_in

from .conftest import AWS, MACHINES


def parsed(folder: Path, *, fresh: bool = True, **options: Any) -> InventoryData:
    path = folder / "my.children.yaml"
    path.write_text(yaml.safe_dump({"plugin": "mke4k.core.children", **options}))
    inventory = InventoryData()
    found = inventory_loader.get("mke4k.core.children")
    assert found.verify_file(str(path))
    found.parse(inventory, loader_in(folder), str(path), cache=not fresh)
    found.update_cache_if_changed()
    inventory.reconcile_inventory()
    return inventory


def members(inventory: InventoryData) -> dict[str, list[str]]:
    return {name: [item.name for item in group.get_hosts()] for name, group in inventory.groups.items()}


def test_machines_are_in_groups_of_child_role_and_region(tmp_path: Path, world: World) -> None:
    inventory = parsed(tmp_path, kubeconfig="mke.kubeconf")
    groups = members(inventory)
    assert groups["child_berlin"] == groups["mke4k_children"] == ["berlin-cp-0", "berlin-md-0"]
    assert (groups["children_controllers"], groups["children_workers"]) == (["berlin-cp-0"], ["berlin-md-0"])
    assert groups["children_region_eu_west_1"] == ["berlin-cp-0", "berlin-md-0"]
    assert "child_paris" not in groups
    variables = inventory.hosts["berlin-cp-0"].vars
    assert (variables["ansible_host"], variables["ansible_user"]) == ("10.0.0.5", "ec2-user")
    assert (variables["mke4k_child"], variables["mke4k_child_role"]) == ("berlin", "controller")
    assert (variables["mke4k_child_zone"], variables["mke4k_child_instance_type"]) == ("eu-west-1a", "m5.xlarge")
    assert vars(world)["opened"][0].kubeconfig == str(tmp_path / "mke.kubeconf")


def test_a_list_of_each_kind_is_enough(tmp_path: Path, world: World) -> None:
    parsed(tmp_path)
    lists = [path for method, path, _query, _body in world.seen if path.endswith(("machines", "awsclusters"))]
    assert lists == [MACHINES, f"{AWS}/awsmachines", f"{AWS}/awsclusters"]


def test_children_can_be_chosen_and_young_machines_taken(tmp_path: Path, world: World) -> None:
    groups = members(parsed(tmp_path, children=["paris"], running_only=False, group_prefix="k_"))
    assert groups["mke4k_children"] == groups["k_paris"] == ["paris-md-0"]


def test_compositions_and_groups_of_ones_own_work(tmp_path: Path, world: World) -> None:
    inventory = parsed(
        tmp_path,
        bastion=True,
        keyed_groups=[{"key": "mke4k_child_zone", "prefix": "zone"}],
        groups={"big": "mke4k_child_instance_type.endswith('xlarge')"},
        compose={"place": "mke4k_child_region ~ '/' ~ mke4k_child_zone"},
    )
    groups = members(inventory)
    assert groups["zone_eu_west_1a"] == groups["big"] == ["berlin-cp-0", "berlin-md-0"]
    variables = inventory.hosts["berlin-md-0"].vars
    assert variables["place"] == "eu-west-1/eu-west-1a"
    assert variables["ansible_ssh_common_args"] == "-o ProxyJump=ubuntu@54.0.0.1"


def test_strict_means_that_mistakes_are_told(tmp_path: Path, world: World) -> None:
    with pytest.raises(AnsibleError, match="Could not set x for host berlin-cp-0"):
        parsed(tmp_path, strict=True, compose={"x": "nobody.knows"})
    assert parsed(tmp_path, compose={"x": "nobody.knows"}).hosts


def test_the_cache_saves_the_question(tmp_path: Path, world: World) -> None:
    options: dict[str, Any] = {
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(tmp_path / "cache"),
    }
    first = parsed(tmp_path, fresh=False, **options)
    world.objects.clear()
    again = parsed(tmp_path, fresh=False, **options)
    assert members(again) == members(first)
    assert again.hosts["berlin-cp-0"].vars == first.hosts["berlin-cp-0"].vars
    for file in (tmp_path / "cache").iterdir():
        file.write_text('[{"from": "another release"}]')
    assert members(parsed(tmp_path, fresh=False, **options))["mke4k_children"] == []
    refreshed = parsed(tmp_path, **options)
    assert members(refreshed)["mke4k_children"] == []


def test_a_mothership_without_children_is_an_empty_inventory(tmp_path: Path, world: World) -> None:
    world.objects.clear()
    world.kinds.clear()
    assert members(parsed(tmp_path))["mke4k_children"] == []


def test_an_api_that_refuses_is_told(tmp_path: Path, world: World) -> None:
    world.troubles = [refused(403, "Forbidden", "machines is forbidden")]
    with pytest.raises(AnsibleParserError, match=r"machines of the children could not be read.*machines is forbidden"):
        parsed(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "taken"),
    [
        ("children.yaml", "plugin: mke4k.core.children", True),
        ("prod-children.yml", "", True),
        ("hosts.yaml", "plugin: 'mke4k.core.children'\n", True),
        ("hosts.yaml", "plugin: mke4k.core.mke4\n", False),
        ("grandchildren.yaml", "", False),
        ("children.ini", "plugin: mke4k.core.children", False),
    ],
)
def test_files_that_are_meant_are_taken(tmp_path: Path, name: str, text: str, taken: bool) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert inventory_loader.get("mke4k.core.children").verify_file(str(path)) == taken


@pytest.mark.parametrize(
    "given", [{"apiVersion": "v1", "kind": "Config"}, "apiVersion: v1\nkind: Config\n", "/abs/path"]
)
def test_a_kubeconfig_may_be_itself(tmp_path: Path, world: World, given: Any) -> None:
    parsed(tmp_path, kubeconfig=given)
    assert vars(world)["opened"][0].kubeconfig == given


def test_the_environment_says_where_the_mothership_is(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("K8S_AUTH_HOST", "https://mke.example.com:6443")
    monkeypatch.setenv("K8S_AUTH_API_KEY", "token")
    monkeypatch.setenv("K8S_AUTH_VERIFY_SSL", "no")
    parsed(tmp_path)
    opened = vars(world)["opened"][0]
    assert (opened.host, opened.api_key, opened.validate_certs) == ("https://mke.example.com:6443", "token", False)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-inventory shows: what docs/inventories.md says, and no secret."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.credentials.world import World
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.test_machines import cluster
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.configs import config, host

from .command import ansible_inventory
from .conftest import AWS

ROOT = Path(__file__).resolve().parents[4]
DOCUMENT = (ROOT / "docs" / "inventories.md").read_text()
SHOWN = re.compile(
    r"```yaml\n# (\S+)\n(.*?)```\n\n```console\n\$ ansible-inventory -i \S+ --graph\n(.*?)```", re.DOTALL
)
CANARY = "canary-7c1f"


def canary(name: str) -> str:
    return f"{CANARY}-{name}"


SECRETS = config(
    host(
        "10.0.0.1",
        password=canary("password"),
        environment={"HTTPS_PROXY": f"http://ops:{canary('proxy')}@proxy.example.com"},
    ),
    host("10.0.0.2", "worker"),
    license={"token": canary("license")},
    registries={"imageRegistry": {"url": "registry.example.com", "password": canary("registry")}},
    authentication={"oidc": {"enabled": False, "clientSecret": canary("oidc")}},
    backup={"storage_provider": {"external_options": {"secret_key": canary("backup")}}},
)


def documented(name: str) -> tuple[str, str]:
    """The inventory file and the graph that the document shows for it."""
    return {file: (text, graph) for file, text, graph in SHOWN.findall(DOCUMENT)}[name]


@pytest.mark.parametrize("name", [file for file, _text, _graph in SHOWN.findall(DOCUMENT)])
def test_the_document_shows_what_ansible_inventory_shows(tmp_path: Path, world: World, name: str) -> None:
    text, graph = documented(name)
    source = tmp_path / name
    source.write_text(text)
    (tmp_path / "mke4.yaml").write_text((ROOT / "examples" / "three-controllers.mke4.yaml").read_text())
    assert ansible_inventory(source, "--graph").strip() == graph.strip()


def test_every_inventory_plugin_is_shown() -> None:
    shown = {yaml.safe_load(text)["plugin"] for _file, text, _graph in SHOWN.findall(DOCUMENT)}
    assert shown == {f"mke4k.core.{path.stem}" for path in (ROOT / "plugins" / "inventory").glob("[a-z]*.py")}


def listed(source: Path, **content: Any) -> str:
    source.write_text(yaml.safe_dump(content))
    text = ansible_inventory(source, "--list")
    assert json.loads(text)["_meta"]["hostvars"]
    return text


def test_no_secret_of_an_mke4_yaml_is_listed(tmp_path: Path) -> None:
    (tmp_path / "mke4.yaml").write_text(yaml.safe_dump(SECRETS))
    text = listed(tmp_path / "inventory.yml", plugin="mke4k.core.mke4")
    assert "10.0.0.2" in text
    assert CANARY not in text


def test_no_way_to_the_mothership_is_listed_or_kept(tmp_path: Path, world: World) -> None:
    world.objects[f"{AWS}/awsclusters/berlin"] = {**cluster(), "data": {"key": canary("object")}}
    text = listed(
        tmp_path / "children.yml",
        plugin="mke4k.core.children",
        host="https://mke.example.com:6443",
        api_key=canary("token"),
        password=canary("password"),
        kubeconfig={"users": [{"name": "admin", "user": {"token": canary("kubeconfig")}}]},
        cache=True,
        cache_plugin="ansible.builtin.jsonfile",
        cache_connection=str(tmp_path / "cache"),
    )
    kept = [path.read_text() for path in (tmp_path / "cache").iterdir()]
    assert "berlin-cp-0" in text
    assert len(kept) == 1
    assert CANARY not in "".join([text, *kept])


def test_mistakes_in_compositions_are_told_where_that_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "mke4.yaml").write_text((ROOT / "examples" / "three-controllers.mke4.yaml").read_text())
    lenient = listed(tmp_path / "inventory.yml", plugin="mke4k.core.mke4", compose={"x": "nobody.knows"})
    assert '"x"' not in lenient
    strict = {"plugin": "mke4k.core.mke4", "strict": True, "compose": {"x": "nobody.knows"}}
    (tmp_path / "inventory.yml").write_text(yaml.safe_dump(strict))
    assert json.loads(ansible_inventory(tmp_path / "inventory.yml", "--list"))["_meta"]["hostvars"] == {}

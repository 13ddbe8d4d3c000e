# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of mke4.yaml and those of the inventory are the same machines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.plugin_utils._cluster import cluster_of, inventory_hosts, overrides_of
from ansible_collections.mke4k.core.plugins.plugin_utils._hosts import Hosts, join_hosts
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import InputError
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.configs import config, host, without_hosts
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import (
    loader_in,
    task_vars,
    variables_of,
)

GROUPS = """
[mke4k_controllers]
n1 ansible_host=10.0.0.1
[mke4k_workers]
n2 ansible_host=10.0.0.2
n3 ansible_host=10.0.0.3
"""


def joined(folder: Path, inventory: str, document: dict[str, Any]) -> Hosts:
    return join_hosts(variables_of(folder, inventory), document)


def roles(hosts: Hosts) -> dict[str, str]:
    return {entry["name"]: entry["role"] for entry in hosts.entries or []}


def names(hosts: Hosts) -> list[str]:
    return [finding.name for finding in hosts.findings]


def test_without_an_inventory_the_file_decides(tmp_path: Path) -> None:
    assert joined(tmp_path, "", config()) == Hosts()
    assert joined(tmp_path, "[other]\nx1\n", config()) == Hosts()


def test_groups_without_entries_are_the_cluster(tmp_path: Path) -> None:
    hosts = joined(tmp_path, GROUPS, without_hosts())
    assert roles(hosts) == {"n1": "controller", "n2": "worker", "n3": "worker"}
    assert [entry["ssh"]["address"] for entry in hosts.entries or []] == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
    assert hosts.findings == []


def test_a_host_in_both_groups_is_controller_and_worker_unless_its_role_says_else(tmp_path: Path) -> None:
    inventory = "[mke4k_controllers]\nn1\nn2\nn3 mke4k_role=single\n[mke4k_workers]\nn1\n"
    hosts = joined(tmp_path, inventory, without_hosts())
    assert roles(hosts) == {"n1": "controller+worker", "n2": "controller", "n3": "single"}


def test_fields_of_an_entry_can_be_variables_of_the_host(tmp_path: Path) -> None:
    inventory = "[mke4k_controllers]\nn1 mke4k_host=\"{'installFlags': ['--no-taints']}\" mke4k_address=192.0.2.1\n"
    hosts = joined(tmp_path, inventory, without_hosts())
    assert hosts.entries == [
        {"installFlags": ["--no-taints"], "name": "n1", "ssh": {"address": "192.0.2.1"}, "role": "controller"}
    ]


@pytest.mark.parametrize(
    "inventory",
    [
        "[any]\nn1 ansible_host=10.0.0.1\n",
        "[any]\nn1 mke4k_address=10.0.0.1\n",
        "[any]\nn1 ansible_host=10.0.0.1 ansible_port=22\nnat ansible_host=10.0.0.1 ansible_port=2201\n",
    ],
)
def test_entries_get_the_name_that_the_inventory_has_for_them(tmp_path: Path, inventory: str) -> None:
    hosts = joined(tmp_path, inventory, config())
    assert [entry["name"] for entry in hosts.entries or []] == ["n1", "10.0.0.2", "10.0.0.3"]
    assert [entry["path"] for entry in hosts.entries or []] == ["spec.hosts[0]", "spec.hosts[1]", "spec.hosts[2]"]


def test_an_entry_is_known_by_its_hostname_too(tmp_path: Path) -> None:
    hosts = joined(tmp_path, "[mke4k_controllers]\nn1\n", config(host("10.0.0.1", hostname="n1", noTaints=True)))
    assert (hosts.entries or [])[0]["noTaints"] is True
    assert roles(hosts) == {"n1": "controller"}


def test_two_entries_are_never_one_host(tmp_path: Path) -> None:
    hosts = joined(tmp_path, "[any]\nn1 ansible_host=10.0.0.1\n", config(host("10.0.0.1"), host("10.0.0.1")))
    assert [entry["name"] for entry in hosts.entries or []] == ["n1", "10.0.0.1"]


def test_ambiguous_addresses_match_nobody(tmp_path: Path) -> None:
    inventory = "[any]\na ansible_host=10.0.0.1\nb ansible_host=10.0.0.1\n"
    assert joined(tmp_path, inventory, config(host("10.0.0.1"))) == Hosts()


def test_groups_and_entries_together_keep_the_file_s_order_and_fields(tmp_path: Path) -> None:
    document = config(host("10.0.0.3", "worker"), host("10.0.0.1", "controller"), host("10.0.0.2", "worker"))
    hosts = joined(tmp_path, GROUPS, document)
    assert roles(hosts) == {"n3": "worker", "n1": "controller", "n2": "worker"}
    assert hosts.findings == []


def test_groups_made_from_the_file_give_the_file_back(tmp_path: Path) -> None:
    document = config(host("10.0.0.1", "single"))
    inventory = "[mke4k_controllers]\n10.0.0.1\n[mke4k_workers]\n10.0.0.1\n"
    assert roles(joined(tmp_path, inventory, document)) == {"10.0.0.1": "single"}


def test_entries_outside_of_the_groups_are_left_out_with_a_warning(tmp_path: Path) -> None:
    hosts = joined(tmp_path, GROUPS, config(host("10.0.0.1", "controller"), host("10.0.0.9", "worker")))
    assert sorted(roles(hosts)) == ["n1", "n2", "n3"]
    assert names(hosts) == ["hosts-from-inventory"]
    assert "10.0.0.9" in hosts.findings[0].message


def test_a_role_that_differs_from_the_groups_is_told(tmp_path: Path) -> None:
    hosts = joined(tmp_path, GROUPS, config(host("10.0.0.1"), host("10.0.0.2", "worker"), host("10.0.0.3", "worker")))
    assert roles(hosts)["n1"] == "controller"
    assert names(hosts) == ["host-role-from-inventory"]
    assert hosts.findings[0].path == "spec.hosts[0]"


def test_a_copy_of_the_entry_in_the_inventory_is_older_than_the_file(tmp_path: Path) -> None:
    inventory = (
        "[mke4k_controllers]\nn1 ansible_host=10.0.0.1 mke4k_role=single mke4k_host="
        "\"{'path': 'spec.hosts[0]', 'role': 'single', 'noTaints': False, 'ssh': {'address': '10.0.0.1'}}\"\n"
    )
    hosts = joined(tmp_path, inventory, config(host("10.0.0.1", "controller", noTaints=True)))
    assert roles(hosts) == {"n1": "controller"}
    assert (hosts.entries or [])[0]["noTaints"] is True
    alone = joined(tmp_path, inventory, without_hosts())
    assert roles(alone) == {"n1": "controller"}


def test_fields_that_are_no_mapping_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="mke4k_host of host n1 must be a mapping"):
        joined(tmp_path, "[mke4k_controllers]\nn1 mke4k_host=text\n", without_hosts())


def test_a_flat_file_has_its_hosts_at_the_top(tmp_path: Path) -> None:
    hosts = joined(tmp_path, "[any]\nn1 ansible_host=10.0.0.1\n", {"hosts": [host("10.0.0.1")]})
    assert (hosts.entries or [])[0]["path"] == "hosts[0]"


@pytest.mark.parametrize("odd", ["text", None, [1, "x", None], [{"ssh": 3}, {}], {"a": 1}, [{"ssh": {"address": []}}]])
def test_odd_hosts_are_left_for_the_check_of_the_file(tmp_path: Path, odd: Any) -> None:
    document = config()
    document["spec"]["hosts"] = odd
    assert joined(tmp_path, "[any]\nx1 ansible_host=10.0.0.1\n", document) == Hosts()
    assert sorted(roles(joined(tmp_path, GROUPS, document))) == ["n1", "n2", "n3"]


def test_the_model_has_the_inventory_s_names(tmp_path: Path) -> None:
    arguments = {
        "config": config(host("10.0.0.1", "controller"), host("10.0.0.2", "worker"), host("10.0.0.3", "worker"))
    }
    loaded = cluster_of(arguments, task_vars(tmp_path, GROUPS), loader_in(tmp_path))
    assert [(item.name, item.address) for item in loaded.require().hosts] == [
        ("n1", "10.0.0.1"),
        ("n2", "10.0.0.2"),
        ("n3", "10.0.0.3"),
    ]
    entries = inventory_hosts(task_vars(tmp_path, GROUPS), loader_in(tmp_path))
    assert [entry["name"] for entry in entries or []] == ["n1", "n2", "n3"]


def test_versions_come_from_variables_and_empty_ones_do_not_count(tmp_path: Path) -> None:
    extra = {"mke4k_release": " v4.1.1 ", "mke4k_k0s_version": "", "mke4k_calico_version": None}
    variables = task_vars(tmp_path, extra=extra)
    assert overrides_of(variables, loader_in(tmp_path)) == {"release": "v4.1.1"}
    loaded = cluster_of({"config": config()}, variables, loader_in(tmp_path))
    assert loaded.require().release.name == "v4.1.1"

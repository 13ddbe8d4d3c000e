# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables as actions see them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.plugin_utils._literal import literal
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import InputError, plain
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import templated, variables_of

CLUSTER = """
[mke4k_controllers]
n1 ansible_host=10.0.0.1 mke4k_release=v4.1.1
n2
[mke4k_controllers:vars]
where=berlin
mke4k_config_file="{{ where }}.yaml"
"""


def test_values_are_rendered_and_plain(tmp_path: Path) -> None:
    extra = {"a": {"b": ["{{ c }}", 1, 2.5, True, None]}, "c": "text"}
    value = variables_of(tmp_path, extra=extra).get("a")
    assert value == {"b": ["text", 1, 2.5, True, None]}
    assert [type(item) for item in value["b"]] == [str, int, float, bool, type(None)]
    assert value.__class__ is dict


@pytest.mark.parametrize("empty", [None, "", {}, []])
def test_empty_is_unset(tmp_path: Path, empty: Any) -> None:
    variables = variables_of(tmp_path, CLUSTER, {"mke4k_release": empty, "other": empty})
    assert variables.get("other") is None
    assert variables.text("other") == ""
    assert variables.get("never") is None


def test_localhost_sees_what_the_first_controller_has(tmp_path: Path) -> None:
    variables = variables_of(tmp_path, CLUSTER)
    assert variables.get("mke4k_config_file") == "berlin.yaml"
    assert variables.text("mke4k_release") == "v4.1.1"


def test_a_variable_of_the_task_wins_over_that_of_the_controller(tmp_path: Path) -> None:
    assert variables_of(tmp_path, CLUSTER, {"mke4k_release": "v4.2.0"}).get("mke4k_release") == "v4.2.0"


def test_groups_can_have_other_names(tmp_path: Path) -> None:
    inventory = "[a]\nn1\n[b]\nn2\n"
    extra = {"mke4k_controllers_group": "a", "mke4k_workers_group": "b", "mke4k_cluster_group": "c"}
    variables = variables_of(tmp_path, inventory, extra)
    assert variables.group(variables.controllers_group) == ["n1"]
    assert variables.group(variables.workers_group) == ["n2"]
    assert variables.cluster_group == "c"
    assert list(variables.inventory_hosts()) == ["n1", "n2"]


def test_a_template_that_cannot_be_rendered_is_told_with_the_way_out(tmp_path: Path) -> None:
    for text in ("{{ nowhere }}", "{{ .Values.x }}"):
        with pytest.raises(InputError, match="variable spec cannot be rendered") as error:
            variables_of(tmp_path, extra={"spec": {"a": text}}).get("spec")
        assert "mke4k_config_file" in str(error.value)


def test_a_variable_of_a_host_that_cannot_be_rendered_names_both(tmp_path: Path) -> None:
    inventory = '[mke4k_controllers]\nn1 mke4k_host="{{ 1 / 0 }}"\n'
    with pytest.raises(InputError, match="mke4k_host of host n1"):
        variables_of(tmp_path, inventory).of_host("n1", "mke4k_host")


def test_unknown_hosts_have_no_variables(tmp_path: Path) -> None:
    assert variables_of(tmp_path, CLUSTER).of_host("n9", "ansible_host") is None
    assert variables_of(tmp_path, CLUSTER).of_host("n2", "ansible_host") is None


def test_odd_values_become_text() -> None:
    value = {True: datetime.date(2026, 1, 2), 2: (b"x", {"y"}), "d": datetime.datetime(2026, 1, 2, 3)}  # noqa: DTZ001
    assert plain(value) == {"true": "2026-01-02", "2": ["x", ["y"]], "d": "2026-01-02T03:00:00"}


def test_a_value_that_contains_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(InputError, match="contain itself"):
        plain({"a": value})


def test_a_value_that_cannot_be_decrypted_says_where_it_is() -> None:
    class Encrypted:
        def __str__(self) -> str:
            raise AnsibleError("no vault secrets found")

    with pytest.raises(InputError, match=r"encrypted value at a\.b\[0\] could not be decrypted: no vault secrets"):
        plain({"a": {"b": [Encrypted()]}})


def test_text_of_a_file_is_never_rendered(tmp_path: Path) -> None:
    values = {"a": ["{{ 1 + 1 }}", "text"], "n": 1}
    extra = {"x": "{{ y }}"}
    variables = variables_of(tmp_path, extra=extra)
    variables._templar.available_variables = {"x": templated("{{ y }}"), "y": literal(values)}
    variables._raw = variables._templar.available_variables
    assert variables.get("x") == values

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays in which a role cannot do its work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.plugin_utils._play import refuse_free, refuse_part
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import loader_in, task_vars

TWO = """
[berlin]
b1 mke4k_controllers_group=berlin
b2 mke4k_controllers_group=berlin
[lisbon]
l1 mke4k_controllers_group=lisbon
[others]
bastion
"""


def task(strategy: str = "linear") -> Any:
    return SimpleNamespace(get_play=lambda: SimpleNamespace(strategy=strategy))


def hosts(names: str, batch: str = "") -> dict[str, Sequence[str]]:
    return {
        "ansible_play_hosts_all": names.split(),
        "ansible_play_hosts": names.split(),
        "ansible_play_batch": (batch or names).split(),
    }


def part(folder: Path, names: str, batch: str = "", **more: Any) -> None:
    variables = {**task_vars(folder, TWO, host="b1"), **hosts(names, batch), **more}
    refuse_part(task(), variables, Variables(variables, loader_in(folder)))


@pytest.mark.parametrize("strategy", ["free", "host_pinned", "ansible.builtin.free", "mitogen_free"])
def test_hosts_that_do_not_wait_for_each_other_are_refused(strategy: str) -> None:
    with pytest.raises(AnsibleError, match=f"strategy {strategy} .* 3 hosts .*`strategy: linear`"):
        refuse_free(task(strategy), hosts("a b c"))


def test_one_host_has_none_to_wait_for() -> None:
    refuse_free(task("free"), hosts("a"))


@pytest.mark.parametrize("strategy", ["linear", "debug", "ansible.builtin.linear"])
def test_hosts_in_step_are_not_refused(strategy: str) -> None:
    refuse_free(task(strategy), hosts("a b"))


def test_a_batch_of_hosts_is_refused_and_told_with_those_that_wait(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match="`serial`, so only b1 would be seen now, without b2, bastion"):
        part(tmp_path, "b1 b2 bastion", batch="b1")


def test_many_hosts_are_not_listed_one_by_one(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match="without n1, n2, n3, n4, n5 and 2 more,"):
        part(tmp_path, "b1 n1 n2 n3 n4 n5 n6 n7", batch="b1")


def test_hosts_of_two_clusters_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match=r"several clusters .*: mke4k_controllers_group of l1 is not that of b1"):
        part(tmp_path, "b1 b2 l1")


def test_a_host_of_no_cluster_may_be_in_the_play(tmp_path: Path) -> None:
    part(tmp_path, "b1 b2 bastion")


def test_a_play_that_says_the_cluster_for_all_of_its_hosts_has_one(tmp_path: Path) -> None:
    part(tmp_path, "b1 l1", mke4k_controllers_group="both")

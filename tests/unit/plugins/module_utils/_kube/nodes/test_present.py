# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.objects import APPLIED
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.present import Marks, difference, make_present

from .cluster import Cluster, merged

FOREIGN = {"key": "other", "effect": "NoExecute"}
GPU = {"key": "gpu", "value": "", "effect": "NoSchedule"}


@pytest.fixture
def cluster() -> Cluster:
    found = Cluster()
    node = found.node("w1", taints=[FOREIGN])
    node["metadata"]["labels"]["theirs"] = "1"
    node["metadata"]["annotations"]["theirs"] = "1"
    return found


def made(cluster: Cluster, dry_run: bool = False, **marks: Any) -> tuple[str, ...]:
    return make_present(cluster.api(), "w1", Marks(**marks), dry_run)


def labels(cluster: Cluster) -> dict[str, str]:
    found = dict(cluster.of_node("w1")["metadata"]["labels"])
    del found["kubernetes.io/hostname"]
    return found


def test_marks_are_set_beside_those_of_others(cluster: Cluster) -> None:
    lines = made(cluster, labels={"a": "1"}, annotations={"b": "2"}, taints=[GPU])
    assert lines == ("label a set to 1", "annotation b set to 2", "taint gpu:NoSchedule set")
    node = cluster.of_node("w1")
    assert labels(cluster) == {"theirs": "1", "a": "1"}
    assert node["spec"]["taints"] == [FOREIGN, {"key": "gpu", "effect": "NoSchedule"}]
    remembered = json.loads(node["metadata"]["annotations"][APPLIED])
    assert remembered == {"annotations": ["b"], "labels": ["a"], "taints": ["gpu:NoSchedule"]}


def test_a_second_time_changes_nothing(cluster: Cluster) -> None:
    marks: dict[str, Any] = {"labels": {"a": "1"}, "annotations": {"b": "2"}, "taints": [GPU]}
    made(cluster, **marks)
    writes = len(cluster.writes())
    assert made(cluster, **marks) == ()
    assert len(cluster.writes()) == writes


def test_what_is_no_longer_asked_for_goes_and_others_stays(cluster: Cluster) -> None:
    made(cluster, labels={"a": "1", "b": "1"}, annotations={"b": "2"}, taints=[GPU])
    lines = made(cluster, labels={"b": "1"}, annotations={}, taints=[])
    assert lines == ("label a removed", "annotation b removed", "taint gpu:NoSchedule removed")
    node = cluster.of_node("w1")
    assert (labels(cluster), node["spec"]["taints"]) == ({"theirs": "1", "b": "1"}, [FOREIGN])
    assert node["metadata"]["annotations"] == {"theirs": "1", APPLIED: '{"labels": ["b"]}'}


def test_what_is_not_named_is_not_looked_at(cluster: Cluster) -> None:
    made(cluster, labels={"a": "1"}, taints=[GPU])
    assert made(cluster, annotations={"c": "1"}) == ("annotation c set to 1",)
    assert labels(cluster) == {"theirs": "1", "a": "1"}
    assert len(cluster.of_node("w1")["spec"]["taints"]) == 2


def test_a_value_that_somebody_changed_is_set_again(cluster: Cluster) -> None:
    made(cluster, labels={"a": "1"}, taints=[{**GPU, "value": "x"}])
    cluster.of_node("w1")["metadata"]["labels"]["a"] = "2"
    cluster.of_node("w1")["spec"]["taints"][1]["value"] = "y"
    lines = made(cluster, labels={"a": "1"}, taints=[{**GPU, "value": "x"}])
    assert lines == ("label a set to 1", "taint gpu:NoSchedule set to x")


def test_the_last_taint_goes_with_the_field(cluster: Cluster) -> None:
    cluster.node("w1")
    made(cluster, taints=[GPU])
    made(cluster, taints=[])
    assert "taints" not in cluster.of_node("w1")["spec"]
    assert APPLIED not in cluster.of_node("w1")["metadata"]["annotations"]


def test_a_dry_run_tells_and_keeps(cluster: Cluster) -> None:
    assert made(cluster, dry_run=True, labels={"a": "1"}) == ("label a set to 1",)
    assert labels(cluster) == {"theirs": "1"}


@pytest.mark.parametrize("memory", ["no json", "[1]", "null"])
def test_a_memory_that_nobody_can_read_makes_nothing_ours(memory: str) -> None:
    node = {"metadata": {"labels": {"a": "1"}, "annotations": {APPLIED: memory}}}
    found = difference(node, Marks(labels={}))
    assert not found.lines


KEYS = st.sampled_from("abc")
LABELS = st.dictionaries(KEYS, st.sampled_from("12"))


@given(theirs=st.dictionaries(st.sampled_from("xyz"), st.just("1")), wishes=st.lists(LABELS, min_size=1, max_size=4))
def test_after_any_row_of_wishes_there_is_the_last_one_and_what_others_have(
    theirs: dict[str, str], wishes: list[dict[str, str]]
) -> None:
    node: dict[str, Any] = {"metadata": {"labels": theirs, "annotations": {}}, "spec": {}}
    for wish in wishes:
        patch = difference(node, Marks(labels=wish)).patch
        node = merged(node, patch) if patch else node
        assert difference(node, Marks(labels=wish)).patch is None
    assert node["metadata"]["labels"] == {**theirs, **wishes[-1]}

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, Dict

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.marks import (
    APPLIED,
    NodeMarks,
    anything,
    lacking,
    marks_of,
)
from ansible_collections.mke4k.core.plugins.plugin_utils._marks import marks_text, node_marks
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.plan.nodes import (
    bare,
    converged,
    member,
    spec,
)

GPU = {"key": "dedicated", "value": "gpu", "effect": "NoSchedule"}


def node(has: Any = None, tainted: Any = None, noted: Any = None, **ours: Any) -> Dict[str, Any]:
    """What was read of a Node; `ours` is what was set before."""
    remembered = {APPLIED: json.dumps(ours)} if ours else {}
    return {"labels": has or {}, "taints": tainted or [], "annotations": {**(noted or {}), **remembered}}


def test_marks_are_those_of_the_flags_and_the_annotations_beside_them() -> None:
    flags = ("--labels=zone=a,gpu=true", "--taints=dedicated=gpu:NoSchedule,spare:NoExecute")
    assert marks_of(spec("worker", arguments=flags), {"owner": "me"}) == NodeMarks(
        labels={"zone": "a", "gpu": "true"},
        annotations={"owner": "me"},
        taints=(GPU, {"key": "spare", "value": "", "effect": "NoExecute"}),
    )


@pytest.mark.parametrize(
    ("there", "lacks"),
    [
        (
            node(),
            ["label zone is set to a", "annotation owner is set to me", "taint dedicated:NoSchedule is set to gpu"],
        ),
        (
            node(
                {"zone": "a"},
                [GPU],
                {"owner": "me"},
                labels=["zone"],
                annotations=["owner"],
                taints=["dedicated:NoSchedule"],
            ),
            [],
        ),
        (
            node({"zone": "a"}, [GPU], {"owner": "me"}),
            [
                "label zone is remembered as ours",
                "annotation owner is remembered as ours",
                "taint dedicated:NoSchedule is remembered as ours",
            ],
        ),
    ],
)
def test_what_a_node_lacks(there: Dict[str, Any], lacks: list[str]) -> None:
    assert lacking(NodeMarks({"zone": "a"}, {"owner": "me"}, (GPU,)), there) == lacks


def test_what_was_ours_and_is_wanted_no_more_goes_and_what_is_of_others_stays() -> None:
    there = node({"old": "x", "theirs": "y"}, [GPU], labels=["old", "gone"], taints=["dedicated:NoSchedule"])
    assert lacking(NodeMarks(), there) == ["label old is removed", "taint dedicated:NoSchedule is removed"]


@pytest.mark.parametrize("text", ["no json", "[]", ""])
def test_what_cannot_be_read_is_of_others(text: str) -> None:
    there = {"labels": {"old": "x"}, "annotations": {APPLIED: text}}
    assert lacking(NodeMarks(), there) == []


def test_the_label_of_the_release_is_set_when_it_differs_and_never_only_remembered() -> None:
    marks = NodeMarks({"mke/version": "v4.1.2"})
    assert lacking(marks, node({"mke/version": "v4.1.2"})) == []
    assert lacking(marks, node({"mke/version": "v4.1.1"})) == ["label mke/version is set to v4.1.2"]
    assert not anything(marks)
    assert anything(NodeMarks({"mke/version": "v4.1.2", "zone": "a"}))


def test_nodes_with_other_marks_and_hosts_that_will_have_some_are_told() -> None:
    cluster: Any = SimpleNamespace(host=lambda _name: SimpleNamespace(annotations={}))
    marked, plain = spec("worker", arguments=("--labels=zone=a",)), spec("worker")
    members = [
        member("n1", spec("controller"), converged("n1", spec("controller"))),
        member("n2", marked, converged("n2", marked, node=node({"zone": "b"}))),
        member("n3", marked, converged("n3", marked, node=node({"zone": "a"}, labels=["zone"]))),
        member("n4", marked, bare("n4")),
        member("n5", plain, bare("n5")),
    ]
    names = {"n2": "n2.example.com", "n3": "n3", "n4": "n4", "n5": "n5", "n1": ""}
    found = node_marks(cluster, members, names)
    assert found == {
        "n2": {
            "node": "n2.example.com",
            "labels": {"zone": "a"},
            "annotations": {},
            "taints": [],
            "lacks": ["label zone is set to a"],
            "unseen": False,
        },
        "n4": {"node": "n4", "labels": {"zone": "a"}, "annotations": {}, "taints": [], "lacks": [], "unseen": True},
    }
    assert marks_text(found) == ["Marks of Nodes change (1):", "  n2.example.com: label zone is set to a"]
    assert marks_text({}) == []

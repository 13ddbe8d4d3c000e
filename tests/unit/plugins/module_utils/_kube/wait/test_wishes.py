# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Selection
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import FAILED, MET, PENDING
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.wishes import wanted_of


def state(entry: Dict[str, Any], found: Any) -> str:
    (wish,) = wanted_of([entry])
    return wish.check(found).state


@pytest.mark.parametrize(
    ("entry", "target"),
    [
        ({"kind": "Deployment", "name": "ui", "namespace": "mke"}, Ref("apps/v1", "Deployment", "ui", "mke")),
        ({"kind": "Node"}, Selection(Kind("v1", "Node"), at_least=0)),
        ({"kind": "Node", "at_least": 3, "labels": "a=b"}, Selection(Kind("v1", "Node"), "", "a=b", 3)),
        ({"kind": "Pod", "namespace": "x", "state": "absent", "at_least": 1}, Selection(Kind("v1", "Pod"), "x", "", 0)),
        ({"api_version": "a/v1", "kind": "Job", "name": "x"}, Ref("a/v1", "Job", "x")),
    ],
)
def test_an_entry_names_an_object_or_a_selection(entry: Dict[str, Any], target: Any) -> None:
    assert [wish.target for wish in wanted_of([entry])] == [target]


READY = {"status": {"conditions": [{"type": "Ready", "status": "True"}], "phase": "up"}}
BROKEN = {"status": {"conditions": [{"type": "Ready", "status": "False", "reason": "Broken"}], "phase": "dead"}}


@pytest.mark.parametrize(
    ("entry", "ready", "broken"),
    [
        ({"kind": "X", "name": "x"}, MET, MET),
        ({"kind": "X", "name": "x", "state": "absent"}, PENDING, PENDING),
        ({"kind": "X", "name": "x", "condition": "Ready"}, MET, PENDING),
        ({"kind": "X", "name": "x", "condition": "Ready", "status": "False"}, PENDING, MET),
        ({"kind": "X", "name": "x", "condition": "Ready", "fail_on": ["Broken"]}, MET, FAILED),
        ({"kind": "X", "name": "x", "field": "status.phase", "value": "up"}, MET, PENDING),
        ({"kind": "X", "name": "x", "field": "status.phase", "value": "up", "fail_on": ["dead"]}, MET, FAILED),
        ({"kind": "X", "name": "x", "field": "status.phase"}, MET, MET),
        ({"kind": "X", "name": "x", "condition": "Ready", "field": "status.phase", "value": "dead"}, PENDING, PENDING),
        ({"kind": "Node", "name": "x"}, MET, PENDING),
        ({"api_version": "other/v1", "kind": "Node", "name": "x"}, MET, MET),
        ({"kind": "CustomResourceDefinition", "name": "x"}, PENDING, PENDING),
    ],
)
def test_an_entry_says_how_an_object_has_to_be(entry: Dict[str, Any], ready: str, broken: str) -> None:
    assert (state(entry, READY), state(entry, BROKEN)) == (ready, broken)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"name": "x", "labels": "a=b"}, "name and labels exclude each other"),
        ({"name": "x", "state": "absent", "field": "status.x"}, "has no condition and no field"),
        ({"name": "x", "fail_on": ["Broken"]}, "fail_on lists reasons of condition or values of field"),
        ({"name": "x", "value": 1}, "value is that of field"),
        ({"name": "x", "field": "a..b"}, "is no path to a field"),
    ],
)
def test_contradictions_are_refused(entry: Dict[str, Any], told: str) -> None:
    with pytest.raises(KubeError, match=told):
        wanted_of([{"kind": "Pod", **entry}])


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(KubeError) as caught:
        wanted_of([{"kind": "Pod", "value": 1}, {"kind": "Node"}, {"kind": "Job", "fail_on": [1]}])
    assert "objects entry 1 (Pod)" in str(caught.value)
    assert "objects entry 3 (Job)" in str(caught.value)

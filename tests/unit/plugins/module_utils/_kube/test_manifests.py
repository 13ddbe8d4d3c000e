# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user may hand over, and what becomes of it."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.manifests import manifests_of, parsed, placed

from .server import Server, api_of

NODE = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}}
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}}
TEXT = f"---\n{json.dumps(NODE)}\n---\n---\n{json.dumps(SECRET)}\n"
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "things.example.com"},
    "spec": {"group": "example.com", "scope": "Namespaced", "names": {"kind": "Thing"}},
}
THING = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}}


@pytest.mark.parametrize(
    "given_",
    [
        [NODE, SECRET],
        TEXT,
        [TEXT],
        [[NODE], SECRET],
        {"apiVersion": "v1", "kind": "List", "items": [NODE, SECRET]},
        {"apiVersion": "v1", "kind": "NodeList", "items": [NODE, SECRET]},
    ],
)
def test_objects_may_be_given_in_many_forms(given_: Any) -> None:
    assert manifests_of(given_) == [NODE, SECRET]


def test_one_object_needs_no_list() -> None:
    assert manifests_of(NODE) == [NODE]
    assert manifests_of("") == []


def test_all_mistakes_are_told_at_once_and_where_they_are() -> None:
    wrong = [{"kind": "Node"}, 7, {"apiVersion": "v1", "kind": "List", "items": [{**NODE, "metadata": None}]}]
    with pytest.raises(KubeError) as failure:
        manifests_of(wrong)
    assert str(failure.value) == (
        "Nothing was changed: objects[0] lacks apiVersion, metadata.name; objects[1] is no Kubernetes object but int;"
        " objects[2].items[0] lacks metadata.name."
    )


def test_an_object_that_is_given_twice_is_refused() -> None:
    with pytest.raises(KubeError, match=r"Nothing was changed: Node n1 is given twice\."):
        manifests_of([NODE, {**NODE, "spec": {}}])


def test_text_that_is_not_yaml_is_told_with_its_line() -> None:
    with pytest.raises(KubeError, match=r"/x\.yaml is not YAML: .* in line 2"):
        parsed("a: 1\n  b: 2\n", "/x.yaml")


@given(st.text(alphabet="ab:- {}[]\n'\"&*!%|>#,?\t", max_size=60))
def test_no_text_is_met_with_another_error(text: str) -> None:
    with suppress(KubeError):
        manifests_of(text)


def test_objects_that_need_a_namespace_get_the_given_one() -> None:
    there = {**SECRET, "metadata": {"name": "t", "namespace": "own"}}
    placed_ = placed(api_of(Server()), [NODE, SECRET, there, DEFINITION, THING], "x")
    assert [item["metadata"].get("namespace") for item in placed_] == [None, "x", "own", None, "x"]
    assert "namespace" not in SECRET["metadata"]


def test_the_server_is_asked_whether_an_unknown_kind_needs_a_namespace() -> None:
    server = Server()
    server.kinds["/apis/example.com/v1"] = [{"name": "things", "kind": "Thing", "namespaced": True}]
    assert placed(api_of(server), [THING], "x")[0]["metadata"]["namespace"] == "x"


def test_a_kind_that_nobody_knows_is_left_as_it_is() -> None:
    assert placed(api_of(Server()), [THING], "x") == [THING]


def test_objects_without_a_namespace_are_told_together() -> None:
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}
    with pytest.raises(KubeError, match=r"Secret s, ConfigMap c must be in a namespace"):
        placed(api_of(Server()), [SECRET, NODE, config], "")

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._kube.diff import (
    HIDDEN,
    abandoned,
    contains,
    is_current,
    is_secret_name,
    owned_diff,
    redact,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("live", "desired", "fits"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({}, {"a": 1}, False),
        ({"a": {"b": 1, "more": 2}}, {"a": {"b": 1}}, True),
        ({"l": [{"n": 1, "default": 2}]}, {"l": [{"n": 1}]}, True),
        ({"l": [1, 2]}, {"l": [1]}, False),
        ({"l": [2, 1]}, {"l": [1, 2]}, False),
        ({}, {"empty": {}}, True),
        ({}, {"empty": []}, True),
        ({"a": 1}, {"a": {}}, False),
        ({}, {"gone": None}, True),
        ({"gone": 1}, {"gone": None}, False),
        ({"cpu": "1"}, {"cpu": "1000m"}, True),
        ({"cpu": "1"}, {"cpu": 1}, True),
        ({"memory": "1Gi"}, {"memory": "1024Mi"}, True),
        ({"memory": "1G"}, {"memory": "1Gi"}, False),
        ({"flag": True}, {"flag": "1"}, False),
        ({"version": "1.2.3"}, {"version": "1.2.4"}, False),
    ],
)
def test_what_is_desired_has_to_be_there_and_more_may_be(live: Any, desired: Any, fits: bool) -> None:
    assert contains(live, desired) is fits


@given(VALUES)
def test_everything_contains_itself(value: Any) -> None:
    assert contains(value, value)


@given(st.dictionaries(st.text(min_size=1, max_size=4), VALUES), st.dictionaries(st.text(min_size=5), VALUES))
def test_fields_of_others_are_no_difference(desired: Any, others: Any) -> None:
    assert contains({**others, **desired}, desired)


def owned(fields: dict[str, Any], manager: str = "mke4k.core", **entry: Any) -> dict[str, Any]:
    managed = {"manager": manager, "operation": "Apply", "fieldsV1": fields, **entry}
    return {"metadata": {"managedFields": [managed]}}


PORTS = 'k:{"containerPort":80,"protocol":"TCP"}'


@pytest.mark.parametrize(
    ("fields", "desired", "gone"),
    [
        ({"f:spec": {"f:a": {}}}, {"spec": {"a": 1}}, []),
        ({"f:spec": {"f:a": {}, "f:b": {}}}, {"spec": {"a": 1}}, ["spec.b"]),
        ({"f:spec": {"f:a": {}}}, {"spec": {"a": None}}, ["spec.a"]),
        ({"f:spec": {"f:a": {"f:x": {}}}}, {}, ["spec"]),
        ({"f:metadata": {"f:annotations": {".": {}, "f:x": {}}}}, {"metadata": {"annotations": {"x": "1"}}}, []),
        ({"f:ports": {PORTS: {".": {}, "f:containerPort": {}}}}, {"ports": [{"containerPort": 80}]}, []),
        ({"f:ports": {PORTS: {}}}, {"ports": [{"containerPort": 81}]},
         ['ports[{"containerPort":80,"protocol":"TCP"}]']),
        ({"f:ports": {PORTS: {"f:name": {}}}}, {"ports": [{"containerPort": 80}]},
         ['ports[{"containerPort":80,"protocol":"TCP"}].name']),
        ({"f:finalizers": {'v:"a"': {}, 'v:"b"': {}}}, {"finalizers": ["a"]}, ['finalizers["b"]']),
    ],
)  # fmt: skip
def test_a_field_that_we_applied_once_and_no_longer_want_has_to_go(fields: Any, desired: Any, gone: list[str]) -> None:
    assert abandoned(owned(fields), desired, "mke4k.core") == gone


def test_fields_that_others_applied_are_theirs() -> None:
    assert abandoned(owned({"f:spec": {"f:a": {}}}, manager="mke-operator"), {}, "mke4k.core") == []
    assert abandoned(owned({"f:status": {}}, subresource="status"), {}, "mke4k.core") == []
    assert abandoned(owned({"f:spec": {}}, operation="Update"), {}, "mke4k.core") == []


def test_an_object_is_current_when_all_is_there_and_nothing_was_abandoned() -> None:
    desired = {"kind": "Secret", "stringData": {"a": "text"}}
    live = {"kind": "Secret", "data": {"a": "dGV4dA=="}}
    assert is_current(live, desired, "mke4k.core")
    assert not is_current({**live, **owned({"f:data": {"f:b": {}}})}, desired, "mke4k.core")
    assert not is_current({"kind": "Secret", "data": {"a": "b3RoZXI="}}, desired, "mke4k.core")


@pytest.mark.parametrize("name", ["password", "bindPW", "clientSecret", "token", "key", "privateKey", "hash", "apiKey"])
def test_names_that_sound_secret(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name", ["secretRef", "credentialsSecretName", "clientID", "keyPath", "kubeProxy", "tokenNamespace"]
)
def test_names_that_only_name_a_secret(name: str) -> None:
    assert not is_secret_name(name)


def test_what_is_shown_holds_no_secret() -> None:
    secret = {"kind": "Secret", "metadata": {"name": "s"}, "data": {"a": "x"}, "stringData": "odd"}
    assert redact(secret, Ref.of(secret)) == {**secret, "data": {"a": HIDDEN}, "stringData": HIDDEN}
    config = {"kind": "MkeConfig", "spec": {"ldap": [{"bindPW": "hush", "host": "h"}], "license": {"token": ""}}}
    assert redact(config, Ref.of(config))["spec"] == {
        "ldap": [{"bindPW": HIDDEN, "host": "h"}],
        "license": {"token": ""},
    }


def test_a_diff_is_about_the_fields_that_are_ours() -> None:
    desired = {"kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"size": "2"}}
    live = {"kind": "ConfigMap", "metadata": {"name": "a", "uid": "u"}, "data": {"size": "1", "theirs": "x"}}
    after = {**live, "data": {"size": "2", "theirs": "x"}}
    before, then = owned_diff(live, after, desired)
    assert (before["data"], then["data"]) == ({"size": "1"}, {"size": "2"})
    assert owned_diff(None, None, desired) == ({}, desired)

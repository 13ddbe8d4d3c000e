# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import apply_all, delete_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused, TimedOut
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

from .server import Server, Time, answer, api_of, config_map, refused

NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x"}}
THING = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}}
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "things.example.com"},
    "spec": {"group": "example.com", "names": {"kind": "Thing"}},
    "status": {"conditions": [{"type": "Established", "status": "True"}]},
}


def actions(applied: Any) -> list[str]:
    return [change.action for change in applied.changes]


def test_new_objects_are_created_in_the_order_of_their_needs() -> None:
    server = Server()
    applied = apply_all(api_of(server), [config_map(size="1"), NAMESPACE])
    assert actions(applied) == ["created", "created"]
    assert [path for verb, path, _query, _body in server.seen if verb == "PATCH"] == [
        "/api/v1/namespaces/x", "/api/v1/namespaces/x/configmaps/a"]  # fmt: skip
    assert applied.changed
    assert applied.diffs()[1]["after"]["data"] == {"size": "1"}


def test_an_object_that_is_as_it_should_be_costs_one_request_and_no_write() -> None:
    server = Server()
    apply_all(api_of(server), [config_map(size="1")])
    api = api_of(server)
    again = apply_all(api, [config_map(size="1")])
    assert (actions(again), again.changed, again.diffs(), api.requests) == (["unchanged"], False, [], 1)


def test_an_object_that_was_just_read_is_not_read_again() -> None:
    server = Server()
    apply_all(api_of(server), [config_map(size="1")])
    api = api_of(server)
    ref = Ref.of(config_map())
    apply_all(api, [config_map(size="1")], known={ref: server.objects["/api/v1/namespaces/x/configmaps/a"]})
    assert api.requests == 0
    assert actions(apply_all(api, [config_map("b")], known={Ref.of(config_map("b")): None})) == ["created"]


def test_a_changed_object_is_shown_before_and_after() -> None:
    server = Server()
    apply_all(api_of(server), [config_map(size="1")])
    applied = apply_all(api_of(server), [config_map(size="2")])
    (diff,) = applied.diffs()
    assert (diff["before"]["data"], diff["after"]["data"]) == ({"size": "1"}, {"size": "2"})
    assert applied.changes[0].to_dict()["action"] == "updated"


def test_an_apply_that_moved_nothing_is_no_change() -> None:
    server = Server()
    path = "/api/v1/namespaces/x/configmaps/a"
    # Another manager's field of the same value: the server only writes down who owns it.
    owned = {"manager": "mke4k.core", "operation": "Apply", "fieldsV1": {"f:data": {"f:gone": {}}}}
    found = config_map(size="1")
    server.objects[path] = {**found, "metadata": {**found["metadata"], "uid": "u1", "managedFields": [owned]}}
    assert actions(apply_all(api_of(server), [config_map(size="1")])) == ["unchanged"]


def test_check_mode_predicts_the_same_and_writes_nothing() -> None:
    server = Server()
    applied = apply_all(api_of(server), [NAMESPACE, config_map(size="1"), DEFINITION, THING], dry_run=True)
    assert actions(applied) == ["created"] * 4
    assert server.objects == {}


def test_check_mode_takes_a_kind_that_comes_later_for_new() -> None:
    config = {
        "apiVersion": "mke.mirantis.com/v1alpha1",
        "kind": "MkeConfig",
        "metadata": {"name": "mke", "namespace": "mke"},
    }
    missing = refused(404, "NotFound", "the server could not find the requested resource")
    assert actions(apply_all(api_of(Server(missing, missing)), [config], dry_run=True)) == ["created"]
    assert actions(apply_all(api_of(Server()), [THING], dry_run=True)) == ["created"]


def test_a_refused_object_is_told_in_check_mode_too() -> None:
    denied = refused(422, "Invalid", "spec.version: Invalid value")
    with pytest.raises(Refused, match=r"spec.version"):
        apply_all(api_of(Server(refused(404), denied)), [config_map()], dry_run=True)


def test_a_new_kind_is_waited_for() -> None:
    server = Server()
    server.kinds["/apis/example.com/v1"] = [{"name": "things", "kind": "Thing"}]
    assert actions(apply_all(api_of(server), [THING, DEFINITION])) == ["created", "created"]
    with pytest.raises(TimedOut, match=r"After 30 s not served: CustomResourceDefinition things.example.com"):
        apply_all(api_of(Server()), [{**DEFINITION, "status": {}}])


def test_what_is_there_is_deleted_and_what_is_not_is_no_change() -> None:
    server = Server()
    apply_all(api_of(server), [config_map(size="1")])
    gone = delete_all(api_of(server), [Ref.of(config_map()), Ref.of(config_map("b"))], wait_seconds=5)
    assert (actions(gone), gone.changed, server.objects) == (["deleted", "absent"], True, {})


def test_an_object_that_is_held_back_says_by_whom() -> None:
    server = Server()
    path = "/api/v1/namespaces/x/configmaps/a"
    held = {"name": "a", "namespace": "x", "deletionTimestamp": "now", "finalizers": ["example.com/clean"]}
    server.objects[path] = {**config_map(), "metadata": held}
    time = Time()
    api = api_of(server, time=time)
    server.troubles = [lambda: answer(200, server.objects[path]), lambda: answer(200, {})]
    with pytest.raises(TimedOut, match=r"After 20 s still there: ConfigMap x/a \(waits for its finalizers: example"):
        delete_all(api, [Ref.of(config_map())], wait_seconds=20)
    # Looked at less and less often.
    assert max(time.slept) == 2.0
    assert api.requests < 20


def test_an_object_that_took_the_place_of_the_one_that_was_seen_is_not_deleted() -> None:
    server = Server()
    apply_all(api_of(server), [config_map(size="1")])
    found = server.objects["/api/v1/namespaces/x/configmaps/a"]
    server.troubles = [lambda: answer(200, found), refused(409, "Conflict")]
    assert actions(delete_all(api_of(server), [Ref.of(config_map())])) == ["absent"]


def test_secrets_are_in_no_diff() -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s", "namespace": "x"},
        "data": {"k": "aGlkZGVu"},
    }
    server = Server()
    shown = str(apply_all(api_of(server), [secret]).diffs())
    shown += str(apply_all(api_of(server), [{**secret, "data": {"k": "b3RoZXI="}}]).diffs())
    assert "aGlkZGVu" not in shown
    assert "b3RoZXI=" not in shown

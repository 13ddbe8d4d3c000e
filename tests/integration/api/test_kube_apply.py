# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""kube_apply on a real API server: what is a change and what is none, in check mode and after it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.action.kube_apply import ActionModule
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from tests.api import fault_kinds
from tests.api.bed import Bed
from tests.api.faults import FaultProxy

ACCOUNT = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "web"}}
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key"}, "stringData": {"password": "hush-hush"}}
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web"},
    "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
}
DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {"app": "web"}},
    "spec": {
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {
                "serviceAccountName": "web",
                "containers": [
                    {"name": "web", "image": "web:1", "resources": {"requests": {"cpu": "1000m", "memory": "0.5Gi"}}}
                ],
            },
        },
    },
}
ROLE = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "Role",
    "metadata": {"name": "web"},
    "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}],
}
OBJECTS = [DEPLOYMENT, SERVICE, SECRET, ACCOUNT, ROLE]
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "lamps.apply.example.com"},
    "spec": {
        "group": "apply.example.com",
        "scope": "Namespaced",
        "names": {"kind": "Lamp", "plural": "lamps", "singular": "lamp", "listKind": "LampList"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {
                                "type": "object",
                                "properties": {
                                    "watts": {"type": "integer", "maximum": 60},
                                    "colour": {"type": "string", "default": "white"},
                                },
                            }
                        },
                    }
                },
            }
        ],
    },
}
LAMP = {
    "apiVersion": "apply.example.com/v1",
    "kind": "Lamp",
    "metadata": {"name": "desk"},
    "spec": {"watts": 5},
}


class Applies:
    def __init__(self, folder: Path, bed: Bed, namespace: str) -> None:
        self._folder = folder
        self._bed = bed
        self.namespace = namespace
        self.server = ""

    def __call__(self, objects: Any, *, check: bool = False, **arguments: Any) -> dict[str, Any]:
        given = {
            "kubeconfig": self._bed.kubeconfig(server=self.server),
            "namespace": self.namespace,
            "objects": objects,
            **arguments,
        }
        return dict(action(ActionModule, self._folder, given, check_mode=check, diff=True).run(task_vars={}))

    def live(self, plural: str, name: str) -> Any:
        return self._bed.client.get(f"/api/v1/namespaces/{self.namespace}/{plural}/{name}")


@pytest.fixture
def applies(tmp_path: Path, bed: Bed, namespace: str) -> Applies:
    return Applies(tmp_path, bed, namespace)


def actions(result: dict[str, Any]) -> dict[str, str]:
    assert not result.get("failed"), result
    return {f"{item['kind']} {item['name']}": item["action"] for item in result["objects"]}


def test_the_second_run_changes_nothing_and_asks_once_for_each_object(applies: Applies) -> None:
    predicted = applies(OBJECTS, check=True)
    first = applies(OBJECTS)
    assert actions(first) == actions(predicted)
    assert set(actions(first).values()) == {"created"}
    second = applies(OBJECTS)
    assert (second["changed"], set(actions(second).values())) == (False, {"unchanged"})
    assert second["api_requests"] == len(OBJECTS)
    assert not applies(OBJECTS, check=True)["changed"]


def test_a_field_that_is_given_no_more_is_removed(applies: Applies) -> None:
    both = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "1", "b": "2"}}
    one = {**both, "data": {"a": "1"}}
    applies(both)
    assert actions(applies(one, check=True)) == {"ConfigMap c": "updated"}
    assert actions(applies(one)) == {"ConfigMap c": "updated"}
    assert applies.live("configmaps", "c")["data"] == {"a": "1"}
    assert not applies(one)["changed"]


def test_fields_of_others_are_no_difference_and_stay(applies: Applies, bed: Bed) -> None:
    applies(SERVICE)
    path = f"/api/v1/namespaces/{applies.namespace}/services/web"
    bed.client.apply(path, {**SERVICE, "spec": {"sessionAffinity": "ClientIP"}})
    assert not applies(SERVICE)["changed"]
    assert applies.live("services", "web")["spec"]["sessionAffinity"] == "ClientIP"


def test_what_another_changed_of_our_fields_is_put_right(applies: Applies, bed: Bed) -> None:
    applies(ROLE)
    path = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{applies.namespace}/roles/web"
    live = bed.client.get(path)
    assert live is not None
    bed.client.call("PUT", path, {**live, "rules": []})
    result = applies(ROLE)
    assert actions(result) == {"Role web": "updated"}
    assert (result["diff"][0]["before"].get("rules"), result["diff"][0]["after"]["rules"]) == (None, ROLE["rules"])


def test_a_new_secret_text_is_a_change_and_is_shown_nowhere(applies: Applies) -> None:
    shown = [applies(SECRET, check=True), applies(SECRET)]
    other = {**SECRET, "stringData": {"password": "psst-psst"}}
    shown += [applies(other, check=True), applies(other), applies(other)]
    assert [result["changed"] for result in shown] == [True, True, True, True, False]
    assert not [word for word in ("hush", "psst", "aHVzaC", "cHNzdC") if word in str(shown)]


def test_a_new_kind_and_its_objects_come_in_one_task(applies: Applies, bed: Bed) -> None:
    try:
        predicted = applies([LAMP, DEFINITION], check=True)
        assert actions(applies([LAMP, DEFINITION])) == actions(predicted) == {
            "CustomResourceDefinition lamps.apply.example.com": "created",
            "Lamp desk": "created",
        }  # fmt: skip
        assert not applies([LAMP, DEFINITION])["changed"]
        wrong = {**LAMP, "spec": {"watts": 100}}
        for check in (True, False):
            refused = applies(wrong, check=check)
            assert (refused["failed"], refused["status"], refused["reason"]) == (True, 422, "Invalid")
            assert "spec.watts" in refused["msg"]
        gone = applies([LAMP, DEFINITION], state="absent")
        assert set(actions(gone).values()) == {"deleted"}
        assert set(actions(applies([LAMP, DEFINITION], state="absent")).values()) == {"absent"}
    finally:
        bed.client.request("DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/lamps.apply.example.com")


def test_check_mode_deletes_nothing(applies: Applies) -> None:
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "1"}}
    applies(settings)
    made = applies.live("configmaps", "c")
    assert actions(applies(settings, check=True, state="absent")) == {"ConfigMap c": "deleted"}
    assert applies.live("configmaps", "c") == made
    assert actions(applies(settings, state="absent")) == {"ConfigMap c": "deleted"}
    assert applies.live("configmaps", "c") is None


def test_an_object_whose_finalizer_nobody_serves_is_told_by_its_name(applies: Applies, bed: Bed) -> None:
    held = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "h", "finalizers": ["example.com/nobody"]}}
    applies(held)
    result = applies(held, state="absent", timeout=1)
    assert result["failed"]
    assert f"ConfigMap {applies.namespace}/h (waits for its finalizers: example.com/nobody)" in result["msg"]
    assert actions(applies(held, state="absent", timeout=0)) == {"ConfigMap h": "deleted"}


@pytest.mark.parametrize("fault", [fault_kinds.unavailable, fault_kinds.leader_changed, fault_kinds.LostAnswer])
def test_objects_are_made_once_through_bad_weather(fault: Any, applies: Applies, proxy: FaultProxy) -> None:
    applies.server = proxy.url
    proxy.expect(fault(), times=3)
    assert set(actions(applies(OBJECTS)).values()) <= {"created", "updated"}
    proxy.forget()
    assert not applies(OBJECTS)["changed"]

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many objects in one call through storms of mixed weather: nothing is lost, done twice, or left untold."""

from __future__ import annotations

import random
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import (
    CREATED,
    UNCHANGED,
    UPDATED,
    apply_all,
    delete_all,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotReachable, Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from tests.api import crds, fault_kinds
from tests.api.bed import Bed
from tests.api.faults import ALWAYS, FaultProxy

from .weather import UNSEEN, api_through

SEEDS = range(3)
COUNT = 15


def manifests(namespace: str, value: str = "1") -> list[dict[str, Any]]:
    """A namespace, what is in it, a definition and objects of it, in no order."""
    group = f"{namespace}.example"
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
    }
    names = {"kind": "Thing", "plural": "things", "singular": "thing", "listKind": "ThingList"}
    things = [
        {
            "apiVersion": f"{group}/v1",
            "kind": "Thing",
            "metadata": {"name": f"t{number}", "namespace": namespace},
            "spec": {"value": value},
        }
        for number in range(5)
    ]
    config_maps = [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": f"c{number}", "namespace": namespace},
            "data": {"value": value},
        }
        for number in range(COUNT)
    ]
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"things.{group}"},
        "spec": {"group": group, "scope": "Namespaced", "names": names, "versions": [version]},
    }
    return [
        *things,
        *config_maps,
        definition,
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}},
    ]


def storm(proxy: FaultProxy, seed: int, faults: int = 40) -> None:
    """Faults of all kinds in a mixed order, each for the next requests after a few that are let through."""
    chance = random.Random(seed)  # noqa: S311 - the same storm each time
    # A second refused token in a row would be meant.
    names = [name for name in UNSEEN if name != "expired token"]
    for _number in range(faults):
        proxy.expect(UNSEEN[chance.choice(names)], skip=chance.randrange(3))


def values(bed: Bed, namespace: str) -> set[str]:
    items = bed.client.call("GET", f"/api/v1/namespaces/{namespace}/configmaps")["items"]
    return {item["data"]["value"] for item in items if item["metadata"]["name"].startswith("c")}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_storm_changes_nothing_of_what_apply_does_and_tells(seed: int, bed: Bed, proxy: FaultProxy) -> None:
    namespace = f"storm-{seed}"
    api = api_through(bed, proxy)
    storm(proxy, seed)
    first = apply_all(api, manifests(namespace))
    assert {change.action for change in first.changes} == {CREATED}
    assert len(first.objects) == len(first.changes) == COUNT + 7

    storm(proxy, seed + 100)
    second = apply_all(api, manifests(namespace))
    assert {change.action for change in second.changes} == {UNCHANGED}
    assert not second.changed

    storm(proxy, seed + 200)
    third = apply_all(api, manifests(namespace, "2"))
    kinds = {change.ref.kind: change.action for change in third.changes}
    assert kinds == {
        "Namespace": UNCHANGED,
        "CustomResourceDefinition": UNCHANGED,
        "ConfigMap": UPDATED,
        "Thing": UPDATED,
    }
    assert values(bed, namespace) == {"2"}

    storm(proxy, seed + 300)
    gone = delete_all(api, [ref for ref in third.objects if ref.kind != "Namespace"], wait_seconds=60)
    assert {change.action for change in gone.changes} == {"deleted"}
    assert values(bed, namespace) == set()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dry_run_in_a_storm_changes_nothing(seed: int, bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    bed.client.apply(
        f"/api/v1/namespaces/{namespace}/configmaps/c0",
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c0"}, "data": {"value": "0"}},
    )
    storm(proxy, seed)
    found = apply_all(api_through(bed, proxy), manifests(namespace), dry_run=True)
    actions = {(change.ref.kind, change.ref.name): change.action for change in found.changes}
    assert actions["ConfigMap", "c0"] == UPDATED
    assert actions["ConfigMap", "c1"] == CREATED
    assert actions["Thing", "t1"] == CREATED
    assert values(bed, namespace) == {"0"}
    names = {str(item["metadata"]["name"]) for item in bed.client.call("GET", crds.CRDS)["items"]}
    assert f"things.{namespace}.example" not in names


def test_a_namespace_and_all_in_it_are_made_with_one_read_and_one_write_an_object(bed: Bed, proxy: FaultProxy) -> None:
    items = [item for item in manifests("counted") if item["kind"] in ("Namespace", "ConfigMap")]
    api = api_through(bed, proxy)
    apply_all(api, items)
    assert api.requests == len(proxy.requests()) == 2 * len(items)
    proxy.forget()
    apply_all(api, items)
    assert [request.method for request in proxy.requests()] == ["GET"] * len(items)


def test_one_object_that_is_refused_is_named(bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    items = [item for item in manifests(namespace) if item["kind"] == "ConfigMap"]
    items[7]["data"] = {"value": {"not": "a text"}}
    with pytest.raises(Refused, match=r"Could not apply ConfigMap .*/c7 .*\.data\.value: expected string"):
        apply_all(api_through(bed, proxy), items)


def test_a_storm_that_does_not_end_is_told(bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    proxy.expect(fault_kinds.leader_changed(), times=ALWAYS, method="PATCH")
    items = [item for item in manifests(namespace) if item["kind"] == "ConfigMap"]
    with pytest.raises(NotReachable, match=r"Could not apply ConfigMap .*etcdserver: leader changed"):
        apply_all(api_through(bed, proxy, deadline=0.5), items)


def test_an_object_that_was_replaced_in_the_meantime_is_not_deleted(
    bed: Bed, proxy: FaultProxy, namespace: str
) -> None:
    path = f"/api/v1/namespaces/{namespace}/configmaps/x"
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}
    bed.client.apply(path, manifest)
    old = bed.client.call("GET", path)["metadata"]["uid"]
    bed.client.call("DELETE", path)
    bed.client.apply(path, manifest)
    with pytest.raises(Refused) as caught:
        api_through(bed, proxy).delete(Ref("v1", "ConfigMap", "x", namespace), uid=old)
    assert caught.value.status == 409
    assert bed.client.get(path) is not None

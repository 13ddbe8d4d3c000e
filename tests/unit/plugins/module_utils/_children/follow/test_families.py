# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from hypothesis import given, strategies

from ansible_collections.mke4k.core.plugins.module_utils._children.follow import families as module
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.families import EVENT, Families
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    AWS_CLUSTER,
    AWS_MACHINE,
    CLUSTER,
    CLUSTER_DEPLOYMENT,
    CLUSTER_NAME_LABEL,
    CONTROL_PLANE,
    HELM_RELEASE,
    MACHINE,
    MACHINE_DEPLOYMENT,
    MKE_CHILD_CONFIG,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind

from .objects import event, made


def put(families: Families, kind: Kind, name: str, event: str = "ADDED", **parts: Any) -> None:
    families.take(kind, event, made(kind, name, **parts))


def owned(kind: str, name: str) -> dict[str, Any]:
    return {"ownerReferences": [{"kind": kind, "name": name}]}


def test_an_object_belongs_to_the_child_whose_name_or_label_it_has() -> None:
    found = Families(["prod", "prod-eu"])
    for kind in (MKE_CHILD_CONFIG, CLUSTER_DEPLOYMENT, HELM_RELEASE, CLUSTER, AWS_CLUSTER):
        put(found, kind, "prod-eu")
    put(found, CONTROL_PLANE, "whatever", labels={CLUSTER_NAME_LABEL: "prod-eu"})
    put(found, MACHINE_DEPLOYMENT, "prod-md", spec={"clusterName": "prod-eu"})
    put(found, MACHINE, "prod-eu-cp-0", labels={"helm.toolkit.fluxcd.io/name": "prod-eu"})
    put(found, AWS_MACHINE, "m-1", **owned("Machine", "prod-eu-cp-0"))
    put(found, AWS_MACHINE, "m-2", **owned("Cluster", "prod-eu"))
    put(found, AWS_MACHINE, "prod-eu-md-x", **owned("MachineSet", "unknown"))
    family = found.families["prod-eu"]
    single = (family.root, family.deployment, family.helm_release, family.cluster, family.aws_cluster)
    assert all(single)
    assert family.control_plane is not None
    assert set(family.machine_deployments) == {"prod-md"}
    assert set(family.machines) == {"prod-eu-cp-0"}
    assert set(family.aws_machines) == {"m-1", "m-2", "prod-eu-md-x"}
    assert found.families["prod"] == type(family)("prod")
    assert found.changed() == {"prod-eu"}
    assert found.changed() == set()


def test_children_of_others_do_not_lend_their_objects() -> None:
    found = Families(["prod"])
    put(found, CLUSTER_DEPLOYMENT, "prod-eu")
    put(found, MACHINE, "prod-eu-cp-0")
    put(found, MACHINE, "prod-cp-0")
    put(found, MACHINE, "elsewhere")
    assert set(found.families["prod"].machines) == {"prod-cp-0"}


def test_what_is_deleted_leaves_the_family() -> None:
    found = Families(["prod"])
    for kind in (CLUSTER, CONTROL_PLANE, MACHINE):
        put(found, kind, "prod")
    put(found, CONTROL_PLANE, "prod-new")
    for kind in (CLUSTER, CONTROL_PLANE, MACHINE):
        put(found, kind, "prod", "DELETED")
    put(found, CLUSTER, "unknown", "DELETED")
    family = found.families["prod"]
    assert (family.cluster, family.machines) == (None, {})
    # The one that took its place is still there.
    assert family.control_plane is not None


def test_what_is_missing_in_a_whole_list_is_gone() -> None:
    found = Families(["prod", "test"])
    for name in ("prod", "test"):
        put(found, CLUSTER, name)
        put(found, CLUSTER_DEPLOYMENT, name)
    found.changed()
    found.replace(CLUSTER, [made(CLUSTER, "test")])
    assert found.families["prod"].cluster is None
    assert found.families["prod"].deployment is not None
    assert found.families["test"].cluster is not None
    assert found.has(CLUSTER)
    assert not found.has(MACHINE)


def test_bookmarks_are_no_objects() -> None:
    found = Families(["prod"])
    found.take(CLUSTER, "BOOKMARK", {"metadata": {"resourceVersion": "7"}})
    assert not found.changed()


def test_warnings_belong_to_the_child_whose_object_they_are_about() -> None:
    found = Families(["prod"])
    found.take(EVENT, "ADDED", event("Failed", "of the root", "MkeChildConfig", at="10:00:02"))
    found.take(EVENT, "ADDED", event("FailedCreate", "early", "AWSMachine", "prod-cp-0", at="10:00:01"))
    found.take(EVENT, "ADDED", event("FailedCreate", "of another child", "AWSMachine", "prod-eu-cp-0"))
    found.take(EVENT, "ADDED", event("Failed", "of another kind", "Pod", "prod-cp-0"))
    assert [item["message"] for item in found.families["prod"].events] == ["of the root"]
    put(found, AWS_MACHINE, "prod-cp-0", labels={CLUSTER_NAME_LABEL: "prod"})
    found.take(EVENT, "MODIFIED", event("Failed", "of the root again", "MkeChildConfig", at="10:00:02"))
    # The server forgets events, and their objects go: what was said stays.
    found.take(EVENT, "DELETED", event("Failed", "", "MkeChildConfig", at="10:00:02"))
    found.replace(EVENT, [])
    put(found, AWS_MACHINE, "prod-cp-0", "DELETED")
    assert [item["message"] for item in found.families["prod"].events] == ["early", "of the root again"]
    assert found.has(EVENT)


def test_only_the_newest_warnings_are_kept(monkeypatch: Any) -> None:
    monkeypatch.setattr(module, "KEPT_EVENTS", 2)
    monkeypatch.setattr(module, "_KEPT_STRANGERS", 1)
    found = Families(["prod"])
    for second in range(4):
        found.take(EVENT, "ADDED", event("Failed", str(second), at=f"10:00:0{second}"))
        found.take(EVENT, "ADDED", event("Failed", str(second), "Machine", f"m-{second}"))
    put(found, AWS_CLUSTER, "prod")
    for second in range(4):
        put(found, MACHINE, f"m-{second}", labels={CLUSTER_NAME_LABEL: "prod"})
    messages = [item["message"] for item in found.families["prod"].events]
    # Of the strangers the newest one was kept, which is about the last machine.
    assert messages == ["3"]


NAMES = strategies.sampled_from(["prod-cp-0", "prod-md-a", "prod-md-b"])
EVENTS = strategies.tuples(strategies.sampled_from(["ADDED", "MODIFIED", "DELETED", "LISTED"]), NAMES)


@given(strategies.lists(EVENTS, max_size=20))
def test_a_family_is_what_was_last_told_of_it(told: list[tuple[str, str]]) -> None:
    found, expected = Families(["prod"]), set()
    for event_type, name in told:
        if event_type == "LISTED":
            # A list that holds this one only.
            expected = {name}
            found.replace(MACHINE, [made(MACHINE, name)])
        else:
            expected = expected - {name} if event_type == "DELETED" else expected | {name}
            put(found, MACHINE, name, event_type)
    assert set(found.families["prod"].machines) == expected

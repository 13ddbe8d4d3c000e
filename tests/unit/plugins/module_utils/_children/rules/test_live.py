# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be changed of a child that is there."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.engines import engine
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child
from ansible_collections.mke4k.core.plugins.module_utils._children.rules.live import check
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.wishes import built, mothership

ENGINES = ("mke-operator", "k0rdent")


def root(by: str = "mke-operator", version: str = "v4.1.2", **options: Any) -> Dict[str, Any]:
    """The object of a child as it was applied with these options, by this collection."""
    facts = mothership(version)
    made = engine(by).manifests(built(facts, **options), facts)[-1]
    fields = {f"f:{key}": owned(value) for key, value in made.items() if key == "spec"}
    managed = [{"manager": "mke4k.core", "operation": "Apply", "fieldsV1": fields}]
    return {**made, "metadata": {**made["metadata"], "managedFields": managed}}


def owned(value: Any) -> Dict[str, Any]:
    return {f"f:{key}": owned(item) for key, item in value.items()} if isinstance(value, dict) else {}


def found(live: Dict[str, Any], wanted: Child, by: str = "mke-operator") -> List[Finding]:
    return list(check(wanted, live, engine(by)))


def options_of(findings: List[Finding]) -> List[str]:
    assert {one.name for one in findings} <= {"child-needs-to-be-made-anew"}
    return [one.path.partition(": ")[2] for one in findings]


MACHINE: Dict[str, Any] = {"instance_type": "m5.4xlarge", "root_volume_size": 64}


@pytest.mark.parametrize("by", ENGINES)
def test_what_stays_as_it_is_may_stay(by: str) -> None:
    options: Dict[str, Any] = {"worker": MACHINE, "ssh_key_name": "mine", "availability_zones": 2}
    assert found(root(by, **options), built(**options), by) == []


CHANGES: Tuple[Tuple[Dict[str, Any], Dict[str, Any]], ...] = (
    ({"control_plane_number": 1}, {"control_plane_number": 3}),
    ({"workers_number": 5}, {"workers_number": 2}),
    ({}, {"bastion": {"enabled": True}}),
    ({}, {"cluster_labels": {"a": "b"}}),
    ({}, {"paused": True, "labels": {"a": "b"}}),
)


@pytest.mark.parametrize("by", ENGINES)
@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_counts_bastion_and_labels_may_be_changed_any_time(
    by: str, before: Dict[str, Any], after: Dict[str, Any]
) -> None:
    assert found(root(by, **before), built(**after), by) == []


@pytest.mark.parametrize("by", ENGINES)
@pytest.mark.parametrize(
    ("before", "after", "option"),
    [
        ({}, {"region": "eu-west-1"}, "region"),
        ({}, {"credential": "other"}, "credential"),
        ({"ssh_key_name": "a"}, {"ssh_key_name": "b"}, "ssh_key_name"),
        ({}, {"ssh_key_name": "b"}, "ssh_key_name"),
        ({"availability_zones": 3}, {"availability_zones": 1}, "availability_zones"),
        ({}, {"public_ip": True}, "public_ip"),
        ({"public_ip": True}, {}, "public_ip"),
        (
            {},
            {"spec": {"infrastructure": {"configuration": {"clusterNetwork": {"pods": {}}}}}},
            "spec.infrastructure.configuration.clusterNetwork",
        ),
    ],
)
def test_what_is_only_read_at_the_start_would_need_a_new_child(
    by: str, before: Dict[str, Any], after: Dict[str, Any], option: str
) -> None:
    findings = found(root(by, **before), built(**after), by)
    assert options_of(findings) == [option]
    assert findings[0].is_error
    assert "make a new child beside this one" in findings[0].remedy


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("serviceCIDR", "10.97.0.0/16"),
        ("provider", {"provider": "custom"}),
        ("provider", {"extraConfig": {"cidrV4": "10.0.0.0/8"}}),
    ],
)
def test_networks_are_only_read_at_the_start(path: str, value: Any) -> None:
    assert len(found(root(), built(spec={"network": {path: value}}))) == 1


def test_a_default_written_down_is_no_change() -> None:
    options: Dict[str, Any] = {
        "ssh_key_name": "",
        "public_ip": False,
        "availability_zones": 3,
        "worker": {"instance_type": "m5.large", "root_volume_size": 32, "image_lookup": {"org": "137112412989"}},
    }
    assert found(root(), built(**options)) == []
    assert found(root(**options), built()) == []


@pytest.mark.parametrize(
    ("before", "after", "options"),
    [
        ({}, MACHINE, ["worker: instanceType", "worker: rootVolumeSize"]),
        (MACHINE, {}, ["worker: instanceType", "worker: rootVolumeSize"]),
        (MACHINE, {**MACHINE, "image_lookup": {"format": "al2023-ami-2023.*"}}, ["worker: imageLookup"]),
        ({}, {"non_root_volumes": [{"size": 8}]}, ["worker: nonRootVolumes"]),
    ],
)
def test_machines_cannot_be_changed_before_v4_2_1(
    before: Dict[str, Any], after: Dict[str, Any], options: List[str]
) -> None:
    for by, words in (("mke-operator", "before v4.2.1"), ("k0rdent", "k0rdent's template")):
        findings = found(root(by, worker=before), built(worker=after), by)
        assert options_of(findings) == options
        assert words in findings[0].message


def test_machines_are_rolled_since_v4_2_1() -> None:
    facts = mothership("v4.2.1")
    assert found(root(version="v4.2.1"), built(facts, worker=MACHINE)) == []
    assert options_of(found(root("k0rdent"), built(facts, worker={"ami_id": "ami-1"}), "k0rdent")) == ["worker: amiID"]


def test_what_others_have_set_is_not_taken_away_and_so_no_change() -> None:
    live = root(worker=MACHINE)
    live["metadata"]["managedFields"][0]["manager"] = "kubectl-client-side-apply"
    assert found(live, built()) == []


def test_fewer_control_planes_are_warned_of() -> None:
    (finding,) = found(root(), built(control_plane_number=1))
    assert (finding.name, finding.is_error) == ("child-fewer-control-planes", False)
    assert "from 3 to 1" in finding.message


def test_a_child_that_is_going_is_left_alone() -> None:
    live = root()
    live["metadata"]["deletionTimestamp"] = "2026-11-01T12:00:00Z"
    assert [one.name for one in found(live, built(region="eu-west-1"))] == ["child-is-going"]


def test_a_child_of_mke_operator_is_not_for_k0rdent() -> None:
    live = root("k0rdent")
    live["spec"]["template"] = "mke4k-aws-1-1-2"
    assert [one.name for one in found(live, built(), "k0rdent")] == ["child-of-another-engine"]


@pytest.mark.parametrize(
    ("marks", "owner"),
    [
        ({"annotations": {"argocd.argoproj.io/tracking-id": "x"}}, "Argo CD"),
        ({"labels": {"kustomize.toolkit.fluxcd.io/name": "x"}}, "Flux"),
        ({"annotations": {"meta.helm.sh/release-name": "x"}}, "Helm"),
    ],
)
def test_a_child_that_somebody_else_applies_is_named(marks: Dict[str, Any], owner: str) -> None:
    live = root()
    live["metadata"].update(marks)
    (finding,) = found(live, built(workers_number=3))
    assert (finding.name, finding.is_error) == ("child-of-somebody-else", False)
    assert owner in finding.message

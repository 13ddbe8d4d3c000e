# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a child becomes, by either engine."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Dict

import pytest
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._children.engines import ENGINES, engine
from ansible_collections.mke4k.core.plugins.module_utils._children.engines.templates import newest
from ansible_collections.mke4k.core.plugins.module_utils._children.engines.translation import translated, untranslated
from ansible_collections.mke4k.core.plugins.module_utils._children.errors import ChildrenError
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.friendly import needs_of
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.wishes import built, mothership, template

OPTIONS: Dict[str, Any] = {
    "control_plane_number": 1,
    "workers_number": 3,
    "worker": {"instance_type": "m5.xlarge", "image_lookup": {"format": "al2023-ami-2023.*"}},
    "ssh_key_name": "",
    "availability_zones": 1,
    "cluster_labels": {"team": "a"},
    "labels": {"env": "prod"},
    "protected": True,
}
SERVICES = [{"template": "ingress-nginx-4-12-1", "name": "ingress", "namespace": "ingress"}]


def test_there_are_two_engines() -> None:
    assert ENGINES == ("mke-operator", "k0rdent")
    assert engine("mke-operator").root_kind.kind == "MkeChildConfig"
    assert engine("k0rdent").root_kind.kind == "ClusterDeployment"
    assert engine("k0rdent").root_ref("a", "k0rdent").kind == "ClusterDeployment"


def test_mke_operator_takes_one_object_with_the_spec() -> None:
    child = built(**OPTIONS)
    assert engine("mke-operator").manifests(child, mothership()) == [
        {
            "apiVersion": "mke.mirantis.com/v1alpha1",
            "kind": "MkeChildConfig",
            "metadata": {
                "name": "a",
                "namespace": "k0rdent",
                "labels": {"env": "prod"},
                "annotations": {"mke4k.core/protected": "true"},
            },
            "spec": child.spec,
        }
    ]


@pytest.mark.parametrize("version", ["v4.1.1", "v4.2.0"])
def test_k0rdent_takes_the_same_as_values_of_its_template(version: str) -> None:
    facts = mothership(version)
    (made,) = engine("k0rdent").manifests(built(facts, **OPTIONS), facts)
    assert made["kind"] == "ClusterDeployment"
    assert made["metadata"]["labels"] == {"env": "prod"}
    assert made["spec"] == {
        "template": "aws-standalone-cp-1-0-12",
        "credential": "aws-cluster-identity-cred",
        "config": {
            "region": "eu-west-3",
            "controlPlaneNumber": 1,
            "workersNumber": 3,
            "clusterLabels": {"team": "a"},
            "worker": {"instanceType": "m5.xlarge", "imageLookup": {"format": "al2023-ami-2023.*"}},
            "sshKeyName": "",
            "network": {"vpc": {"availabilityZoneUsageLimit": 1}},
        },
    }


def test_k0rdent_gets_the_networks_and_arguments_that_its_template_has() -> None:
    spec = {
        "network": {"serviceCIDR": "10.97.0.0/16", "provider": {"extraConfig": {"cidrV4": "10.50.0.0/16"}}},
        "apiServer": {"extraArgs": {"v": "2"}, "audit": {"enabled": True}},
        "infrastructure": {"configuration": {"k0s": {"arch": "arm64"}}},
    }
    (made,) = engine("k0rdent").manifests(built(spec=spec), mothership())
    config = made["spec"]["config"]
    assert config["clusterNetwork"] == {
        "services": {"cidrBlocks": ["10.97.0.0/16"]},
        "pods": {"cidrBlocks": ["10.50.0.0/16"]},
    }
    assert config["k0s"] == {"arch": "arm64", "api": {"extraArgs": {"v": "2"}}}
    assert untranslated(spec) == ["apiServer.audit"]
    assert translated({"network": {"serviceCIDR": ""}, "apiServer": {"extraArgs": {}}}) == {}


def test_the_config_is_never_empty_as_k0rdent_would_make_a_dry_run_of_it() -> None:
    (made,) = engine("k0rdent").manifests(built(), mothership())
    assert made["spec"]["config"] == {"region": "eu-west-3"}


def test_services_are_a_multi_cluster_service_for_this_child_alone_and_come_first() -> None:
    service, root = engine("k0rdent").manifests(built(services=SERVICES), mothership())
    assert service["kind"] == "MultiClusterService"
    assert service["metadata"] == {"name": "a-services"}
    assert service["spec"]["serviceSpec"] == {"services": SERVICES}
    (label,) = service["spec"]["clusterSelector"]["matchLabels"].items()
    assert label in root["metadata"]["labels"].items()


@pytest.mark.parametrize(
    ("templates", "found"),
    [
        ({}, ""),
        ({"aws-standalone-cp-1-0-9": template(), "aws-standalone-cp-1-0-12": template()}, "aws-standalone-cp-1-0-12"),
        (
            {"aws-standalone-cp-1-0-9": template(), "aws-standalone-cp-1-1-0": template(False)},
            "aws-standalone-cp-1-0-9",
        ),
        ({"aws-hosted-cp-1-0-11": template(), "aws-standalone-cp-mine": template()}, ""),
    ],
)
def test_the_newest_valid_stock_template_is_taken(templates: Dict[str, Any], found: str) -> None:
    assert newest(templates) == found


def test_a_child_stays_with_its_template_until_another_is_asked_for() -> None:
    facts = mothership(others={"a": {"spec": {"template": "aws-standalone-cp-1-0-9"}}})
    made = [engine("k0rdent").manifests(built(template=name), facts)[0] for name in ("", "mine")]
    assert [one["spec"]["template"] for one in made] == ["aws-standalone-cp-1-0-9", "mine"]


def test_without_a_template_there_is_no_child() -> None:
    with pytest.raises(ChildrenError, match="no valid ClusterTemplate"):
        engine("k0rdent").manifests(built(), mothership(templates={}))


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("version", ["v4.1.1", "v4.2.0"])
def test_a_live_object_says_what_the_child_needed(name: str, version: str) -> None:
    facts = mothership(version)
    child = built(facts, **OPTIONS)
    root = engine(name).manifests(child, facts)[-1]
    again = Child("a", {"version": version, **engine(name).spec_of(root)})
    assert needs_of(again) == needs_of(child)


@pytest.mark.parametrize("name", ENGINES)
def test_an_object_without_a_spec_says_nothing(name: str) -> None:
    assert not Child("a", engine(name).spec_of({})).region


VALUES = st.dictionaries(
    st.sampled_from(["controlPlane", "worker", "bastion", "publicIP", "clusterNetwork"]),
    st.integers() | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@pytest.mark.parametrize("name", ENGINES)
@given(configuration=VALUES, count=st.integers(1, 9))
def test_making_and_reading_are_opposites(name: str, configuration: Dict[str, Any], count: int) -> None:
    infrastructure = {"provider": "aws", "credential": "c", "region": "r-1", "workersNumber": count}
    spec = {"infrastructure": {**infrastructure, **({"configuration": configuration} if configuration else {})}}
    child, before = Child("a", spec), deepcopy(spec)
    made = engine(name).manifests(child, mothership())[-1]
    assert engine(name).spec_of(made) == spec == before

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict, List, Optional

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.engines import engine
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._children.rules.before import check, foreseen
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.wishes import (
    PROVIDERS,
    built,
    credential,
    mothership,
    template,
)

AL2023 = {"image_lookup": {"format": "al2023-ami-2023.*"}}
IMAGES: Dict[str, Any] = {"control_plane": AL2023, "worker": AL2023}


def found(*children: Child, facts: Optional[Mothership] = None, by: str = "mke-operator") -> List[Finding]:
    return check(children, facts or mothership(), {}, engine(by))


def names(*children: Child, **more: Any) -> List[str]:
    return [one.name for one in found(*children, **more)]


def test_a_child_that_is_right_gives_no_findings() -> None:
    assert found(built(**IMAGES)) == []
    assert found(built(**IMAGES), by="k0rdent") == []


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"name": "Prod"}, "child-name"),
        ({"name": "9lives"}, "child-name"),
        ({"name": "a.b"}, "child-name"),
        ({"name": "a-"}, "child-name"),
        ({"name": "a" * 44}, "child-name"),
        ({"region": ""}, "child-region"),
        ({"region": "Paris"}, "child-region"),
        ({"provider": "azure"}, "child-provider"),
        ({"provider": "vsphere"}, "child-provider"),
        ({"control_plane_number": 2}, "child-control-planes"),
        ({"control_plane_number": 0}, "child-control-planes"),
        ({"workers_number": 0}, "child-workers"),
        ({"control_plane": {**AL2023, "root_volume_size": 7}}, "child-root-volume"),
        ({"worker": {**AL2023, "root_volume_size": 0}}, "child-root-volume"),
        ({"availability_zones": 0}, "child-zones"),
        ({"namespace": "default"}, "child-namespace"),
        ({"version": "v4.1.1"}, "child-version-differs"),
        ({"credential": "other"}, "credential-missing"),
        ({"services": [{"name": "x"}]}, "only-for-k0rdent"),
        ({"template": "x"}, "only-for-k0rdent"),
        ({"spec": {"infrastructure": {"controlPlaneNumber": "three"}}}, "child-control-planes"),
    ],
)
def test_each_rule_names_the_child_and_the_option(options: Dict[str, Any], name: str) -> None:
    (finding,) = found(built(**{**IMAGES, **options}))
    assert finding.name == name
    assert finding.is_error
    assert finding.path.startswith(f"child {options.get('name', 'a')}: ")
    assert finding.remedy or finding.allowed


def test_all_rules_of_all_children_speak_at_once() -> None:
    children = [built(name="a", region="x", workers_number=0, **IMAGES), built(name="a", **IMAGES)]
    assert names(*children) == ["child-twice", "child-region", "child-workers"]


@pytest.mark.parametrize("version", ["", "4.1.2", "v4.1", "latest"])
def test_a_version_has_to_be_a_release(version: str) -> None:
    child = built(Mothership(asked=False), version=version, **IMAGES)
    (finding,) = found(child, facts=Mothership(asked=False))
    assert finding.name == "child-version"


def test_vsphere_is_passed_on_since_v4_2_0() -> None:
    child = built(mothership("v4.2.0"), provider="vsphere", region="")
    (finding,) = found(child, facts=mothership("v4.2.0", providers={}))
    assert (finding.name, finding.is_error) == ("child-vsphere", False)


@pytest.mark.parametrize(
    ("version", "place", "right"),
    [
        ("v4.1.1", {"workersNumber": 2}, "spec.infrastructure.configuration.workersNumber"),
        ("v4.1.3", {"configuration": {"workersNumber": 2}}, "spec.infrastructure.workersNumber"),
    ],
)
def test_counts_in_the_place_of_another_release_are_refused(version: str, place: Dict[str, Any], right: str) -> None:
    facts = mothership(version)
    (finding,) = found(built(facts, spec={"infrastructure": place}, **IMAGES), facts=facts)
    assert finding.name == "child-count-misplaced"
    assert right in finding.remedy
    assert names(built(facts, spec={"infrastructure": place}, **IMAGES), facts=facts, by="k0rdent") == []


def test_of_v4_1_2_nobody_knows_the_place_so_both_are_taken() -> None:
    for place in ({"workersNumber": 2}, {"configuration": {"workersNumber": 2}}):
        assert names(built(spec={"infrastructure": place}, **IMAGES)) == []


def test_options_that_the_release_may_not_know_are_named() -> None:
    options: Dict[str, Any] = {"registries": {"imageRegistry": {"url": "r"}}, "license_secret": "mke-license"}
    assert names(built(**options, **IMAGES)) == ["child-option-too-new"] * 2
    newer = mothership("v4.2.0")
    assert names(built(newer, **options, **IMAGES), facts=newer) == []


def test_a_child_that_is_there_is_compared_with_what_it_is() -> None:
    facts = mothership()
    live = {"a": engine("mke-operator").manifests(built(region="eu-west-1"), facts)[-1]}
    findings = check([built(**IMAGES), built(name="b", **IMAGES)], facts, live, engine("mke-operator"))
    assert {one.name for one in findings} == {"child-needs-to-be-made-anew"}


def test_amazon_linux_2_is_told_once_for_all_children() -> None:
    (finding,) = found(*(built(name=name) for name in "abcdefg"))
    assert (finding.name, finding.is_error) == ("child-amazon-linux-2", False)
    assert finding.path == "children a, b, c, d, e and 2 more"
    assert names(built(control_plane={"ami_id": "ami-1"}, worker=AL2023)) == []
    assert names(built(control_plane=AL2023)) == ["child-amazon-linux-2"]


def test_the_image_of_the_template_counts_where_it_is_known() -> None:
    newer = {"aws-standalone-cp-1-0-43": template(worker={"imageLookup": {"format": "al2023-ami-2023.*"}})}
    facts = mothership(templates=newer)
    assert names(built(facts), facts=facts, by="k0rdent") == []
    assert names(built(), by="k0rdent") == ["child-amazon-linux-2"]


def test_the_mothership_has_to_have_the_providers() -> None:
    facts = mothership(providers={PROVIDERS[0]: True, PROVIDERS[1]: False})
    (finding,) = found(built(name="a", **IMAGES), built(name="b", **IMAGES), facts=facts)
    assert finding.name == "providers-not-deployed"
    assert "cluster-api-provider-k0sproject-k0smotron" in finding.message
    assert "provider-aws" not in finding.message


def test_the_mothership_has_to_know_children() -> None:
    facts = mothership(has_child_configs=False)
    assert names(built(**IMAGES), facts=facts) == ["no-child-configs"]
    assert names(built(**IMAGES), facts=facts, by="k0rdent") == []


@pytest.mark.parametrize(
    ("one", "name", "words"),
    [
        (credential(ready=False, message="identity not found"), "credential-not-ready", "identity not found"),
        ({"spec": {"identityRef": {"kind": "Secret"}}}, "credential-not-ready", "is not ready"),
        (credential("AzureClusterIdentity"), "credential-not-for-aws", "AzureClusterIdentity"),
    ],
)
def test_a_credential_has_to_be_ready_and_for_aws(one: Dict[str, Any], name: str, words: str) -> None:
    (finding,) = found(built(**IMAGES), facts=mothership(credentials={"aws-cluster-identity-cred": one}))
    assert finding.name == name
    assert words in finding.message


@pytest.mark.parametrize("kind", ["AWSClusterRoleIdentity", "AWSClusterControllerIdentity"])
def test_every_identity_of_aws_serves(kind: str) -> None:
    assert names(built(**IMAGES), facts=mothership(credentials={"aws-cluster-identity-cred": credential(kind)})) == []


def test_where_nobody_was_asked_only_the_children_themselves_are_judged() -> None:
    nobody = Mothership(asked=False)
    assert names(built(nobody, version="v4.1.2", **IMAGES), facts=nobody) == []
    assert names(built(nobody, version="v4.1.2", namespace="x", **IMAGES), facts=nobody) == ["child-namespace"]
    assert names(built(nobody, **IMAGES), facts=nobody, by="k0rdent") == ["template-missing"]


@pytest.mark.parametrize(
    ("templates", "wanted", "name", "words"),
    [
        ({}, "", "template-missing", "aws-standalone-cp-*"),
        ({"aws-standalone-cp-1-0-12": template(valid=False)}, "", "template-missing", "no valid"),
        ({}, "mine", "template-not-valid", "is no ClusterTemplate"),
        ({"mine": {"status": {"validationError": "no chart"}}}, "mine", "template-not-valid", "no chart"),
    ],
)
def test_k0rdent_has_to_have_a_valid_template(templates: Dict[str, Any], wanted: str, name: str, words: str) -> None:
    facts = mothership(templates=templates)
    (finding,) = found(built(facts, template=wanted, **IMAGES), facts=facts, by="k0rdent")
    assert finding.name == name
    assert words in finding.message


def test_k0rdent_needs_no_mke_and_so_no_version() -> None:
    facts = mothership("")
    assert names(built(facts, **IMAGES), facts=facts, by="k0rdent") == []


def test_sections_that_k0rdent_does_not_know_are_named() -> None:
    sections = {
        "network": {"serviceCIDR": "10.96.0.0/16", "multus": {"enabled": True}},
        "apiServer": {"extraArgs": {"v": "2"}, "audit": {"enabled": True}},
        "monitoring": {"enableGrafana": True},
        "dns": {},
    }
    alike = [built(name=name, spec=sections, **IMAGES) for name in "ab"]
    (finding,) = found(*alike, built(name="c", **IMAGES), by="k0rdent")
    assert finding.path == "children a, b"
    assert (finding.name, finding.is_error) == ("child-sections-left-out", False)
    assert "apiServer.audit, monitoring, network.multus, which" in finding.message


def test_check_mode_takes_what_a_task_before_it_makes_for_a_warning() -> None:
    findings = found(built(credential="other", workers_number=0, **IMAGES))
    assert [one.is_error for one in findings] == [True, True]
    assert [one.name for one in foreseen(findings) if one.is_error] == ["child-workers"]

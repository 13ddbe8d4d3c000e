# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict

import pytest
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._children.errors import BadChildren
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Mothership
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.build import build_children
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.fields import FIELDS
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.wishes import built, mothership, refused

EVERYTHING: Dict[str, Any] = {
    "name": "prod",
    "version": "v4.2.0",
    "credential": "mine",
    "region": "us-west-2",
    "control_plane_number": "1",
    "workers_number": 4,
    "control_plane": {"instance_type": "m5.2xlarge", "root_volume_size": "64", "ami_id": "ami-1"},
    "worker": {
        "image_lookup": {"format": "al2023-ami-2023.*", "org": 137112412989, "base_os": "x"},
        "iam_instance_profile": "nodes",
        "uncompressed_user_data": "yes",
        "non_root_volumes": [{"deviceName": "/dev/sdb", "size": 20}],
    },
    "ssh_key_name": "",
    "public_ip": "true",
    "bastion": {"enabled": "on", "allowed_cidr_blocks": "10.0.0.0/8, 192.0.2.1/32", "ami": ""},
    "availability_zones": "2",
    "cluster_labels": {"tier": 1},
    "cluster_annotations": {"told": True},
    "license_secret": "mke-license",
    "registries": {"imageRegistry": {"url": "registry.example.com/mke"}},
    "labels": {"env": "prod"},
    "annotations": {"owner": "me"},
    "paused": "false",
    "protected": "yes",
}


def test_every_option_has_its_field() -> None:
    child = built(**EVERYTHING)
    assert child.spec == {
        "version": "v4.2.0",
        "license": {"secretRef": {"name": "mke-license"}},
        "registries": {"imageRegistry": {"url": "registry.example.com/mke"}},
        "infrastructure": {
            "provider": "aws",
            "credential": "mine",
            "region": "us-west-2",
            "controlPlaneNumber": 1,
            "workersNumber": 4,
            "clusterLabels": {"tier": "1"},
            "clusterAnnotations": {"told": "true"},
            "configuration": {
                "controlPlane": {"instanceType": "m5.2xlarge", "rootVolumeSize": 64, "amiID": "ami-1"},
                "worker": {
                    "imageLookup": {"format": "al2023-ami-2023.*", "org": "137112412989", "baseOS": "x"},
                    "iamInstanceProfile": "nodes",
                    "uncompressedUserData": True,
                    "nonRootVolumes": [{"deviceName": "/dev/sdb", "size": 20}],
                },
                "sshKeyName": "",
                "publicIP": True,
                "bastion": {"enabled": True, "allowedCIDRBlocks": ["10.0.0.0/8", "192.0.2.1/32"]},
                "network": {"vpc": {"availabilityZoneUsageLimit": 2}},
            },
        },
    }
    assert (child.name, child.namespace, child.labels) == ("prod", "k0rdent", {"env": "prod"})
    assert child.annotations == {"owner": "me", "mke4k.core/protected": "true"}


def test_what_was_not_asked_for_is_not_written_down() -> None:
    assert built().spec == {
        "version": "v4.1.2",
        "infrastructure": {"provider": "aws", "credential": "aws-cluster-identity-cred", "region": "eu-west-3"},
    }


@pytest.mark.parametrize(
    ("version", "under"),
    [("v4.1.1", "configuration"), ("v4.1.2", "configuration"), ("v4.1.3", ""), ("v4.1.5", ""), ("v4.2.1", "")],
)
def test_counts_are_where_the_release_has_them(version: str, under: str) -> None:
    labels = {"team": "a"}
    child = built(mothership(version), control_plane_number=1, workers_number=2, cluster_labels=labels)
    holder = child.infrastructure[under] if under else child.infrastructure
    assert (holder["controlPlaneNumber"], holder["workersNumber"]) == (1, 2)
    assert holder["clusterLabels"] == labels


def test_the_raw_spec_wins_and_can_put_counts_elsewhere() -> None:
    raw = {"infrastructure": {"workersNumber": 5}, "monitoring": {"enableGrafana": False}, "version": "v4.1.2"}
    child = built(workers_number=3, control_plane_number=1, spec=raw)
    assert child.infrastructure["workersNumber"] == 5
    assert child.infrastructure["configuration"]["controlPlaneNumber"] == 1
    assert child.spec["monitoring"] == {"enableGrafana": False}


def test_a_child_wins_over_the_defaults_and_keeps_the_rest_of_them() -> None:
    defaults = {"region": "eu-west-1", "worker": {"instance_type": "m5.large", "root_volume_size": 50}}
    child = built(defaults=defaults, worker={"root_volume_size": 80}, region="")
    machine = child.infrastructure["configuration"]["worker"]
    assert machine == {"instanceType": "m5.large", "rootVolumeSize": 80}
    assert child.region == "eu-west-1"


def test_an_empty_answer_of_a_survey_leaves_an_option_out() -> None:
    child = built(workers_number="", credential="", worker="", bastion=None, labels="", availability_zones="")
    assert child == built()


def test_the_version_may_be_unknown_where_nobody_was_asked() -> None:
    assert built(Mothership(asked=False)).version == ""


def test_all_mistakes_of_all_children_are_told_with_place_value_and_remedy() -> None:
    found = refused(
        {"name": "a", "regoin": "eu-west-3", "control_plane": {"root_volume_size": "big"}},
        "b",
        {"region": "eu-west-3"},
        {"name": "d", "worker": {"instancetype": "m5.large"}, "bastion": "yes", "zzz": 1, 7: 1},
        defaults={"worker": {"public": True}, "paused": "maybe"},
    )
    assert [(one.name, one.path) for one in found] == [
        ("child-unknown-option", "defaults.worker.public"),
        ("child-wrong-value", "defaults.paused"),
        ("child-unknown-option", "children[0].regoin"),
        ("child-wrong-value", "children[0].control_plane.root_volume_size"),
        ("child-not-a-mapping", "children[1]"),
        ("child-without-name", "children[2].name"),
        ("child-unknown-option", "children[3].worker.instancetype"),
        ("child-wrong-value", "children[3].bastion"),
        ("child-unknown-option", "children[3].zzz"),
        ("child-unknown-option", "children[3].7"),
    ]
    texts = [one.text() for one in found]
    assert "Did you mean region?" in texts[2]
    assert "'big'" in texts[3]
    assert "whole number" in texts[3]
    assert "Did you mean instance_type?" in texts[6]
    assert "`spec`" in texts[8]
    with pytest.raises(BadChildren, match="Nothing was sent: the children have 1 error"):
        build_children([], {}, mothership())


def test_blocks_have_to_be_a_list() -> None:
    (found,) = refused({"name": "a", "bastion": {"allowed_cidr_blocks": {"a": 1}}})
    assert found.path == "children[0].bastion.allowed_cidr_blocks"


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=6,
)
NAMES = [field.name for field in FIELDS]


@given(st.lists(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), PLAIN, max_size=5) | PLAIN, max_size=3))
def test_whatever_is_given_makes_children_or_findings(given_children: Any) -> None:
    found = refused(*given_children)
    if given_children and not found:
        assert len(build_children(given_children, {}, mothership())) == len(given_children)

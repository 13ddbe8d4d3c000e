# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._children.record import (
    Record,
    found_in_account,
    read_records,
    record_object,
    record_of,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.mothership_server import CONFIG_MAPS
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Server, api_of

IDS = st.lists(st.text("abc-0123", min_size=1), max_size=4).map(tuple)
RECORDS = st.builds(
    Record, region=st.sampled_from(["", "eu-west-3"]), volumes=IDS, load_balancers=IDS, network_interfaces=IDS,
    vpcs=IDS, complete=st.booleans(),
)  # fmt: skip


def volume(**spec: Any) -> dict[str, Any]:
    return {"spec": spec}


def test_volumes_of_both_drivers_are_recorded_and_those_of_others_are_not() -> None:
    volumes = [
        volume(csi={"driver": "ebs.csi.aws.com", "volumeHandle": "vol-2"}),
        volume(awsElasticBlockStore={"volumeID": "aws://eu-west-3a/vol-1"}),
        volume(csi={"driver": "nfs.csi.k8s.io", "volumeHandle": "share"}),
        volume(hostPath={"path": "/data"}),
    ]
    assert record_of("eu-west-3", volumes, []).volumes == ("vol-1", "vol-2")


def test_load_balancers_of_services_are_recorded_by_their_names_in_dns() -> None:
    waiting: dict[str, Any] = {"status": {"loadBalancer": {}}}
    there = {"status": {"loadBalancer": {"ingress": [{"hostname": "a.elb.amazonaws.com"}, {"ip": "192.0.2.1"}]}}}
    assert record_of("eu-west-3", [], [waiting, there]).load_balancers == ("a.elb.amazonaws.com",)


def test_what_was_found_in_the_account_goes_into_the_record_by_its_type() -> None:
    found = [{"type": "volume", "id": "vol-1"}, {"type": "vpc", "id": "vpc-1"}, {"type": "subnet", "id": "subnet-1"}]
    assert found_in_account("eu-west-3", found) == Record("eu-west-3", volumes=("vol-1",), vpcs=("vpc-1",))


@given(RECORDS, RECORDS)
def test_nothing_that_was_ever_seen_is_lost(one: Record, other: Record) -> None:
    joined = one.joined(other)
    for name in ("volumes", "load_balancers", "network_interfaces", "vpcs"):
        assert set(getattr(joined, name)) == {*getattr(one, name), *getattr(other, name)}
    assert joined.complete == (one.complete or other.complete)
    assert joined.joined(one) == joined


@given(RECORDS)
def test_a_record_comes_back_from_its_config_map(record: Record) -> None:
    server = Server()
    made = record_object("a", "k0rdent", record)
    server.objects[f"{CONFIG_MAPS}/{made['metadata']['name']}"] = made
    assert read_records(api_of(server), "k0rdent") == {"a": record}


def test_a_broken_record_counts_as_none() -> None:
    for text in ("{", "[]", '{"strange": 1}'):
        server = Server()
        made = record_object("a", "k0rdent", Record())
        made["data"]["record.json"] = text
        server.objects[f"{CONFIG_MAPS}/{made['metadata']['name']}"] = made
        assert read_records(api_of(server), "k0rdent") == {"a": Record()}

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    Cause,
    Diagnosis,
    Family,
    Outcome,
    Progress,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.results import external_address, failure, found, told
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.mothership_server import child

CAUSE = Cause("eip-quota", "The quota is used up", "Ask for more.", True, "It goes on by itself.")
DIAGNOSIS = Diagnosis(CAUSE, "AWSCluster k0rdent/a, NatGatewaysReady", "AddressLimitExceeded")
AWS_CLUSTER = {"status": {"networkStatus": {"apiServerElb": {"dnsName": "a.elb.amazonaws.com"}}}}


def test_the_dashboard_is_where_mke_says_and_else_behind_the_load_balancer() -> None:
    told_by_mke = {**child("a"), "status": {"externalAddress": "https://mke.example.com:30001"}}
    assert external_address(Family("a", root=told_by_mke, aws_cluster=AWS_CLUSTER)) == "https://mke.example.com:30001"
    assert (
        external_address(Family("a", root=child("a"), aws_cluster=AWS_CLUSTER)) == "https://a.elb.amazonaws.com:30001"
    )
    assert external_address(Family("a", root=child("a"), aws_cluster={"status": {}})) == ""
    assert external_address(None) == ""


def test_the_keys_of_a_child_are_the_same_whatever_became_of_it() -> None:
    ready = Outcome("a", "ready", Progress("Ready", 11, 11, reached=True), family=Family("a", root=child("a")))
    failed = Outcome("a", "failed", Progress("NatGatewaysReady", 3, 11), (DIAGNOSIS,), message="text")
    assert told(ready, "created").keys() == told(failed, "unchanged").keys()
    assert told(ready, "created")["ready"]
    assert told(failed, "created")["causes"][0]["name"] == "eip-quota"
    assert told(failed, "created")["kubeconfig_secret"] == "a-kubeconfig"


def test_a_failure_names_every_failed_child_with_cause_and_remedy() -> None:
    outcomes = [
        Outcome("a", "failed", Progress("NatGatewaysReady"), (DIAGNOSIS,)),
        Outcome("b", "failed", Progress("VpcReady"), message="VpcReady is False"),
        Outcome("c", "ready", Progress("Ready", reached=True)),
    ]
    lines = failure(outcomes).splitlines()
    assert lines[0] == "2 of 3 children failed."
    assert lines[1] == f"a: {DIAGNOSIS.text()}"
    assert "AddressLimitExceeded" in lines[1]
    assert "Ask for more. It goes on by itself." in lines[1]
    assert lines[2] == "b: VpcReady is False"
    assert failure(outcomes[2:]) == ""


def test_children_that_nobody_asked_for_say_themselves_where_they_are() -> None:
    by_mke = Outcome("a", "ready", Progress("Ready"), family=Family("a", root=child("a", region="us-east-1")))
    deployment = {"spec": {"config": {"region": "eu-west-1"}}}
    by_k0rdent = Outcome("b", "ready", Progress("Ready"), family=Family("b", deployment=deployment))
    assert found(by_mke, "k0rdent") == {"namespace": "k0rdent", "region": "us-east-1", "version": "v4.1.2"}
    assert found(by_k0rdent, "k0rdent")["region"] == "eu-west-1"
    assert found(Outcome("c", "gone", Progress("Gone")), "k0rdent")["region"] == ""

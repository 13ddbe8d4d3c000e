# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.follow.coming_up import AWS_CONDITIONS
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    CLUSTER_DEPLOYMENT,
    GONE,
    PAUSED,
    Family,
    Progress,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.phases import progress_of

from .follow.objects import (
    DELETED_AT,
    aws_cluster,
    aws_machine,
    cluster,
    condition,
    control_plane,
    deployment,
    event,
    helm_release,
    machine,
    named,
    root,
    workers,
)

READY = condition("Ready")
ALL_OF_AWS = [condition(kind) for kind in AWS_CONDITIONS]
COUNTS = {"infrastructure": {"controlPlaneNumber": 1, "workersNumber": 2}}


def family(**parts: Any) -> Family:
    return Family("prod", **{"root": root(spec=COUNTS), **parts})


def up(**parts: Any) -> tuple[str, str, str]:
    found = progress_of(family(**parts))
    assert not found.reached
    return found.phase, f"{found.done}/{found.steps}", found.message


def with_aws(*items: dict[str, Any], ready: bool = False, **parts: Any) -> tuple[str, str, str]:
    return up(deployment=deployment(), cluster=cluster(), aws_cluster=aws_cluster(*items, ready=ready), **parts)


def test_before_there_is_a_cluster_the_mothership_tells() -> None:
    none = "0/11"
    assert up(root=None) == ("MkeChildConfig", none, "it does not exist")
    waits = "mke-operator has not made it yet from MkeChildConfig k0rdent/prod"
    assert up() == ("ClusterDeployment", none, waits)
    refused = root(condition("Ready", False, "no such credential"))
    assert up(root=refused) == ("ClusterDeployment", none, "no such credential")
    steps = ("TemplateReady", "CredentialReady", "HelmChartReady", "HelmReleaseReady", "CAPIClusterSummary")
    for number, kind in enumerate(steps):
        told = [condition(each) for each in steps[:number]] + [condition(kind, False, f"about {kind}")]
        assert up(deployment=deployment(*told)) == (kind, none, f"about {kind}")
    assert up(deployment=deployment()) == ("HelmReleaseReady", none, "")
    assert up(deployment=deployment(condition("HelmReleaseReady"))) == ("VpcReady", none, "")


def test_the_engine_k0rdent_begins_at_the_clusterdeployment() -> None:
    assert progress_of(Family("prod"), root_kind=CLUSTER_DEPLOYMENT).phase == "ClusterDeployment"
    done = progress_of(Family("prod", deployment=deployment(READY)), root_kind=CLUSTER_DEPLOYMENT)
    assert done == Progress("Ready", 11, 11, reached=True)


@pytest.mark.parametrize("number", range(len(AWS_CONDITIONS)))
def test_the_steps_of_aws_come_in_their_order(number: int) -> None:
    kind = AWS_CONDITIONS[number]
    told = [*ALL_OF_AWS[:number], condition(kind, False, "3 of 8 completed", "Started")]
    assert with_aws(*told) == (kind, f"{number}/11", "3 of 8 completed")


def test_a_step_of_which_aws_says_nothing_is_over_when_a_later_one_is_told_of() -> None:
    assert with_aws(condition("NatGatewaysReady", False, "1 of 3"))[:2] == ("NatGatewaysReady", "3/11")
    assert with_aws() == ("VpcReady", "0/11", "")


def test_the_condition_ready_of_an_awscluster_says_nothing() -> None:
    """It is true with only the VPC made."""
    assert with_aws(READY, condition("VpcReady"), condition("SubnetsReady", False, reason="Started")) == (
        "SubnetsReady",
        "1/11",
        "Started",
    )
    last = "AWSCluster k0rdent/prod does not say that it is ready yet"
    assert with_aws(READY, *ALL_OF_AWS) == ("LoadBalancerReady", "6/11", last)


def test_machines_come_after_the_network_and_services_after_machines() -> None:
    assert with_aws(ready=True) == ("ControlPlaneReady", "7/11", "no control plane machines yet")
    counted = with_aws(ready=True, machines=named([machine("prod-cp-0", control=True), machine("prod-md-x")]))
    # Whoever counts the machines is not there: what is there is no holder of conditions.
    assert counted == ("ControlPlaneReady", "7/11", "0/1 control plane machines are ready")
    told = condition("Ready", False, "waits for etcd")
    assert with_aws(ready=True, control_plane=control_plane(3, 1, told)) == (
        "ControlPlaneReady",
        "7/11",
        "1/3 control plane machines are ready; waits for etcd",
    )
    one: dict[str, Any] = {"ready": True, "control_plane": control_plane(1, 1)}
    assert with_aws(**one) == ("WorkersReady", "8/11", "no workers yet")
    few = named([workers(1, 1, name="prod-a"), workers(2, 0, condition("Available", False, "0 of 2"), name="prod-b")])
    assert with_aws(**one, root=root(), machine_deployments=few) == (
        "WorkersReady",
        "8/11",
        "1/3 workers are ready; 0 of 2",
    )


def test_services_are_counted() -> None:
    rest = {"cluster": cluster(), "aws_cluster": aws_cluster(ready=True), "control_plane": control_plane(1, 1)}
    rest["machine_deployments"] = named([workers(2, 2)])
    some = deployment(condition("ServicesInReadyState", False, "7/10"))
    assert up(deployment=some, **rest) == ("ServicesReady", "9/11", "7/10 services are ready")
    words = deployment(condition("ServicesInReadyState", False, "nothing deployed"))
    assert up(deployment=words, **rest)[2] == "nothing deployed"
    late = root(condition("Ready", False, "writing the kubeconfig", "Late"), observedGeneration=1)
    last = "MkeChildConfig k0rdent/prod: Ready is False (Late): writing the kubeconfig"
    assert up(root=late, deployment=deployment(), **rest) == ("Ready", "10/11", last)


def test_children_of_other_clouds_have_one_step_for_their_infrastructure() -> None:
    spec = {"infrastructureRef": {"kind": "VSphereCluster"}}
    waiting = cluster(condition("InfrastructureReady", False, "no host"), spec=spec)
    assert up(cluster=waiting) == ("InfrastructureReady", "0/5", "no host")
    done = {**cluster(spec=spec), "status": {"infrastructureReady": True}}
    assert up(cluster=done)[:2] == ("ControlPlaneReady", "1/5")


def test_a_child_that_is_ready_has_no_step_left() -> None:
    assert progress_of(family(root=root(READY, observedGeneration=1))) == Progress("Ready", 11, 11, reached=True)


def test_pausing_is_one_step() -> None:
    assert progress_of(family(), PAUSED) == Progress(
        "Paused", 0, 1, "MkeChildConfig k0rdent/prod has no mark mke4k.core/paused"
    )
    paused = cluster(spec={"paused": True})
    assert progress_of(family(cluster=paused), PAUSED) == Progress("Paused", 1, 1, reached=True)


DYING: dict[str, Any] = {"deletionTimestamp": DELETED_AT, "finalizers": ["held"]}


def down(**parts: Any) -> tuple[str, str, str]:
    found = progress_of(family(**{"deployment": deployment(), "cluster": cluster(**DYING), **parts}), GONE)
    return found.phase, f"{found.done}/{found.steps}", found.message


def test_services_go_first() -> None:
    alive = {"cluster": cluster(), "helm_release": helm_release()}
    assert down(**alive) == ("ServicesDeleted", "0/12", "the ClusterDeployment is not being deleted yet")
    told = deployment(condition("Deleting", True, "waiting for ServiceSets", "WaitingForServiceSetsDeletion"))
    assert down(deployment=told, **alive) == ("ServicesDeleted", "0/12", "waiting for ServiceSets")


def test_machines_that_are_left_are_named_with_what_holds_them() -> None:
    held = machine("prod-b", condition("DrainingSucceeded", False, "pod web/x can't be evicted", "Draining"))
    left = named([machine("prod-a"), held, machine("prod-c"), machine("prod-d")])
    holds = "prod-b: DrainingSucceeded is False (Draining): pod web/x can't be evicted"
    words = f"4 left: prod-a, prod-b, prod-c and 1 more; {holds}"
    assert down(machines=left, aws_machines=named([aws_machine("prod-a")])) == ("MachinesDeleted", "1/12", words)
    assert down(machines=named([machine("prod-a")]))[2] == "1 left: prod-a"


SUBNET = "failed to delete subnet: DependencyViolation: The subnet 'subnet-1' has dependencies"


def test_the_network_goes_in_the_order_of_the_provider() -> None:
    assert down(aws_cluster=aws_cluster(*ALL_OF_AWS)) == ("LoadBalancerDeleted", "2/12", "")
    gone = [condition("LoadBalancerReady", False, "", "Deleted"), condition("NatGatewaysReady", False, "", "Deleting")]
    assert down(aws_cluster=aws_cluster(*gone)) == ("NatGatewaysDeleted", "5/12", "")
    blocked = condition("SubnetsReady", False, SUBNET, "DeletingFailed")
    assert down(aws_cluster=aws_cluster(*gone, blocked))[0] == "NatGatewaysDeleted"
    done = condition("NatGatewaysReady", False, "", "Deleted")
    assert down(aws_cluster=aws_cluster(done, blocked)) == ("SubnetsDeleted", "7/12", SUBNET)


def test_events_tell_what_blocks_while_the_condition_has_no_words() -> None:
    flipped = aws_cluster(condition("SubnetsReady", False, "", "Deleting"))
    events = [
        event("FailedDeleteSubnet", "an old one", at="09:00:00"),
        event("FailedDeleteSubnet", SUBNET),
        event("FailedDeleteSecurityGroup", "another kind"),
        event("FailedDeleteSubnet", "another object", kind="Machine"),
    ]
    assert down(aws_cluster=flipped, events=events) == ("SubnetsDeleted", "7/12", SUBNET)


def test_the_objects_go_last() -> None:
    assert down() == ("ClusterDeleted", "9/12", "held by the finalizers held")
    assert down(cluster=None) == ("ClusterDeploymentDeleted", "10/12", "")
    last = "MkeChildConfig k0rdent/prod: it is still there, and nobody has asked to delete it"
    assert down(cluster=None, deployment=None) == ("Gone", "11/12", last)
    assert progress_of(Family("prod"), GONE) == Progress("Gone", 12, 12, reached=True)

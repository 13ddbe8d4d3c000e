# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in mothership plays children as the real controllers show them."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.integration.api.mothership.with_children import ChildrenMothership
from tests.lab.standin import objects
from tests.lab.standin.api import ApiError, Kind, Object
from tests.lab.standin.children import kinds
from tests.lab.standin.children.catalogue import ABOVE, FAILURES, MACHINES
from tests.lab.standin.children.failures import LEAVING, NETWORK, NEW, OLD

ABOUT = {
    "AWSCluster": kinds.AWS_CLUSTER,
    "AWSMachine": kinds.AWS_MACHINE,
    "ClusterDeployment": kinds.CLUSTER_DEPLOYMENT,
    "HelmRelease": kinds.HELM_RELEASE,
}


def conditions(item: Object | None) -> dict[str, Object]:
    status = objects.status_of(item)
    found = [*(status.get("conditions") or ()), *((status.get("v1beta2") or {}).get("conditions") or ())]
    return {one["type"]: one for one in reversed(found)}


def names(there: ChildrenMothership, kind: Kind) -> list[str]:
    return sorted(item["metadata"]["name"] for item in there.api.list(kind, there.namespace))


def message(there: ChildrenMothership, kind: Kind, name: str, condition: str, words: str) -> Object:
    """The condition, once it says that."""

    def says(item: Object) -> bool:
        return words in (conditions(item).get(condition) or {}).get("message", "")

    return conditions(there.until(says, kind, name, there.namespace))[condition]


def events(there: ChildrenMothership) -> list[Object]:
    return there.api.list(kinds.EVENT, there.namespace)


def test_a_child_becomes_all_that_a_real_one_is(children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    there.child("prod", workersNumber=3)
    status = there.ready("prod")["status"]
    assert status["kubeConfigSecret"] == "prod-kubeconfig"
    assert "externalAddress" not in status
    assert names(there, kinds.MACHINE)[:3] == ["prod-cp-0", "prod-cp-1", "prod-cp-2"]
    assert len(names(there, kinds.AWS_MACHINE)) == 6
    deployment = conditions(there.api.get(kinds.CLUSTER_DEPLOYMENT, "prod", there.namespace))
    assert deployment["ServicesInReadyState"]["message"] == "10/10"
    assert deployment["Ready"]["message"] == "Object is ready"
    cluster = there.api.get(kinds.CLUSTER, "prod", there.namespace)
    assert cluster is not None
    assert cluster["status"]["phase"] == "Provisioned"
    assert there.api.get(kinds.SECRET, "prod-kubeconfig", there.namespace) is not None


def test_a_deleted_child_leaves_nothing(children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    there.child("prod")
    there.ready("prod")
    there.delete("prod")
    there.gone("prod")
    for kind in (kinds.MACHINE, kinds.AWS_MACHINE, kinds.AWS_CLUSTER, kinds.CONTROL_PLANE, kinds.MACHINE_DEPLOYMENT):
        assert names(there, kind) == []
    assert there.api.get(kinds.SECRET, "prod-kubeconfig", there.namespace) is None


@pytest.mark.parametrize("capa", [OLD, NEW])
def test_every_failure_is_told_where_the_real_controllers_tell_it(
    children_mothership: ChildrenMothership, capa: str
) -> None:
    there = children_mothership
    failures = [one.told_by(capa) for one in (*NETWORK, *MACHINES, *ABOVE) if one.kind in ABOUT]
    for failure in failures:
        there.child(failure.name, f"{{cause: {failure.name}, capa: '{capa}'}}", controlPlaneNumber=1, workersNumber=0)
    for failure in failures:
        name = f"{failure.name}-cp-0" if failure.kind == "AWSMachine" else failure.name
        words = {"services-not-ready": "7/10"}.get(failure.name, failure.text(capa))
        found = message(there, ABOUT[failure.kind], name, failure.condition, words)
        assert found["status"] == "False"
        assert found["reason"] == failure.reason
    for failure in failures:
        if failure.event:
            about = {
                one["involvedObject"]["name"] for one in events(there) if one["message"] == failure.event_text(capa)
            }
            assert about & {failure.name, f"{failure.name}-cp-0"}


def test_a_child_goes_on_once_its_cause_is_lifted(children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    there.command(prod="vcpu-quota")
    there.child("prod")
    message(there, kinds.AWS_MACHINE, "prod-cp-0", "InstanceReady", "VcpuLimitExceeded")
    there.command(prod="none")
    there.ready("prod")


def test_a_deletion_that_is_stuck_flips_and_says_so_in_events(children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    there.child("prod", "subnet-in-use")
    there.ready("prod")
    there.delete("prod")
    message(there, kinds.AWS_CLUSTER, "prod", "SubnetsReady", "DependencyViolation")

    def is_quiet(item: Object) -> bool:
        found = conditions(item)["SubnetsReady"]
        return found["reason"] == "Deleting" and not found.get("message")

    there.until(is_quiet, kinds.AWS_CLUSTER, "prod", there.namespace)
    assert any(one["reason"] == "FailedDeleteSubnet" for one in events(there))
    there.command(prod="none")
    there.gone("prod")


@pytest.mark.parametrize("name", [failure.name for failure in LEAVING])
def test_every_deletion_that_hangs_hangs(children_mothership: ChildrenMothership, name: str) -> None:
    there = children_mothership
    there.child("prod", name, controlPlaneNumber=1, workersNumber=0)
    there.ready("prod")
    there.delete("prod")
    failure = FAILURES[name]
    if failure.event:
        there.until(
            lambda _item: any(one["reason"] == failure.event for one in events(there)),
            kinds.AWS_CLUSTER, "prod", there.namespace,
        )  # fmt: skip
    there.until(lambda _item: names(there, kinds.MACHINE) == [], kinds.AWS_CLUSTER, "prod", there.namespace)
    assert there.api.get(kinds.CLUSTER, "prod", there.namespace) is not None


def test_nothing_is_said_of_an_identity_that_cannot_be_used(children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    there.api.delete(kinds.SECRET, "aws-cluster-identity-secret", there.namespace)
    there.child("prod")
    there.until(lambda item: bool(conditions(item)), kinds.CLUSTER, "prod", there.namespace)
    waiting = conditions(there.api.get(kinds.CLUSTER, "prod", there.namespace))
    assert waiting["InfrastructureReady"]["reason"] in ("WaitingForInfrastructure", "NotReady")
    silent = there.api.get(kinds.AWS_CLUSTER, "prod", there.namespace)
    assert silent is not None
    assert not objects.status_of(silent).get("conditions")


def test_more_workers_come_and_fewer_stay(children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    there.child("prod", workersNumber=1)
    there.ready("prod")
    for count in (4, 2):
        there.child("prod", workersNumber=count)
        item = there.ready("prod")
        assert item["status"]["observedGeneration"] == item["metadata"]["generation"]
        assert sum("-md-" in name for name in names(there, kinds.MACHINE)) == count


def test_operators_that_are_restarted_go_on(children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    there.child("new", "ready-after: 2")
    there.child("old")
    there.ready("old")
    there.child("going", "delete-after: 2")
    there.ready("going")
    there.delete("going")
    there.until(lambda item: bool(conditions(item)), kinds.AWS_CLUSTER, "new", there.namespace)
    there.restart()
    there.ready("new")
    there.gone("going")
    assert objects.is_true(there.api.get(kinds.CHILD, "old", there.namespace), "Ready")


def test_a_paused_cluster_is_left_alone(children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    there.child("prod", workersNumber=1)
    there.ready("prod")
    cluster = there.api.get(kinds.CLUSTER, "prod", there.namespace)
    assert cluster is not None
    there.api.patch(kinds.CLUSTER, cluster, {"metadata": {"annotations": {kinds.PAUSED: "true"}}})
    there.until(lambda item: conditions(item)["Paused"]["status"] == "True", kinds.CLUSTER, "prod", there.namespace)
    there.child("prod", workersNumber=2)
    there.api.patch(kinds.CLUSTER, cluster, {"metadata": {"annotations": {kinds.PAUSED: None}}})
    there.ready("prod")
    there.until(lambda item: conditions(item)["Paused"]["status"] == "False", kinds.CLUSTER, "prod", there.namespace)


def test_k0rdent_alone_makes_a_child_with_services_of_others(children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    spec = {
        "clusterSelector": {"matchLabels": {"env": "test"}},
        "serviceSpec": {"services": [{"name": "web", "namespace": "web", "template": "web-1-0-0"}]},
    }
    there.api.apply(kinds.MULTI_CLUSTER_SERVICE, kinds.MULTI_CLUSTER_SERVICE.made("web", spec=spec), "user")
    there.deployment("prod", labels={"env": "test"})
    found = there.until(lambda item: objects.is_true(item, "Ready"), kinds.CLUSTER_DEPLOYMENT, "prod", there.namespace)
    assert conditions(found)["ServicesInReadyState"]["message"] == "1/1"
    there.until(lambda item: conditions(item)["ClusterInReadyState"]["message"] == "1/1",
                kinds.MULTI_CLUSTER_SERVICE, "web")  # fmt: skip
    there.api.delete(kinds.CLUSTER_DEPLOYMENT, "prod", there.namespace)
    there.until_gone(kinds.CLUSTER_DEPLOYMENT, "prod", there.namespace)
    assert there.api.get(kinds.CLUSTER, "prod", there.namespace) is None


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"version": "v4.1.9"}, "spec.version: Invalid value"),
        ({"infrastructure": {"provider": "vsphere"}}, "spec.infrastructure.provider: Unsupported value"),
    ],
)
def test_what_mke_refuses_is_refused(
    children_mothership: ChildrenMothership, change: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(ApiError, match=refusal):
        children_mothership.child("prod", spec=change)


def is_taken(there: ChildrenMothership) -> bool:
    """Whether the server would take a child now."""
    infrastructure = {"provider": "aws", "credential": there.credential, "region": "eu-west-3"}
    spec = {"version": there.version, "infrastructure": infrastructure}
    try:
        return (
            there.api.created(kinds.CHILD, kinds.CHILD.made("prod", there.namespace, spec=spec), dry_run=True)
            is not None
        )
    except ApiError:
        return False


def test_children_are_refused_while_providers_are_missing(children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    management = there.api.list(Kind("k0rdent.mirantis.com/v1beta1", "Management", "managements", namespaced=False))[0]
    management["kind"] = "Management"
    kind = Kind("k0rdent.mirantis.com/v1beta1", "Management", "managements", namespaced=False)
    missing = {name: {"success": False} for name in
               ("cluster-api-provider-aws", "cluster-api-provider-k0sproject-k0smotron")}  # fmt: skip
    there.api.patch(kind, management, {"status": {"components": missing}}, subresource="status")
    refusal = (
        r'The MkeChildConfig "prod" is invalid: spec.infrastructure.provider: Invalid value: "aws": one or more'
        r" required k0rdent providers are not deployed yet:"
        r" \[cluster-api-provider-aws cluster-api-provider-k0sproject-k0smotron\]"
    )
    # The server learns of what a policy asks for a moment after it was written.
    until = time.monotonic() + 10
    while time.monotonic() < until and is_taken(there):
        time.sleep(0.1)
    with pytest.raises(ApiError, match=refusal):
        there.child("prod")

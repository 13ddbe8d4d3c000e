# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every cause that the stand-in can provoke, found by following children on a real API server."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.diagnose import Diagnoser
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.refusal import diagnosis_of_refusal
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table import BY_NAME
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.engine import Manner, follow
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    CLUSTER_DEPLOYMENT,
    Child,
    Mothership,
    Outcome,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused
from tests.api.bed import Bed
from tests.integration.api.mothership.with_children import ChildrenMothership, children_mothership
from tests.lab.standin.children import kinds
from tests.lab.standin.children.catalogue import FAILURES

__all__ = ["children_mothership"]

OLD, NEW = "2.8", "2.11"
# Far longer than anything here takes: a wait that does not end is what fails.
PATIENCE = 180.0
# Failures that need a person, and the cause where it has another name.
NETWORK = {
    **{name: name for name in ("eip-quota", "vpc-quota", "internet-gateway-quota", "nat-gateway-quota")},
    **{name: name for name in ("load-balancer-quota", "security-group-quota", "permission-denied", "region-off")},
    **{name: name for name in ("organization-denied", "credentials-invalid", "credentials-expired", "clock-skew")},
    "load-balancer-denied": "permission-denied",
    "account-pending-network": "account-pending",
}
MACHINES = {
    **{name: name for name in ("vcpu-quota", "volume-quota", "instance-type-not-in-zone", "pass-role-denied")},
    **{name: name for name in ("instance-profile-missing", "image-unknown", "instance-type-unknown")},
    **{name: name for name in ("key-pair-missing", "root-volume-too-small", "account-pending")},
    "load-balancer-attach-denied": "load-balancer-attach-denied",
    "run-instances-denied": "permission-denied",
    "instance-type-invalid": "instance-type-unknown",
}
WITHOUT_AWS = {
    **{name: name for name in ("image-not-found", "zone-without-subnet", "credential-not-ready", "cluster-late")},
    "template-not-ready": "providers-not-deployed",
    "helm-chart-failed": "helm-release-failed",
    "helm-release-failed": "helm-release-failed",
}
PASSING = ("insufficient-capacity", "throttled", "dns-wait", "bootstrap-data-missing", "services-not-ready")
DELETION = {
    "subnet-in-use": "deletion-blocked",
    "security-group-in-use": "deletion-blocked",
    "vpc-in-use": "deletion-blocked",
    "load-balancer-delete-denied": "permission-denied",
    "credentials-lost": "deletion-without-credentials",
}


def followed(
    bed: Bed, there: ChildrenMothership, goal: str, *names: str, timeout: float = PATIENCE, **manner: Any
) -> dict[str, Outcome]:
    api = bed.api()
    diagnose = Diagnoser(Mothership(namespace=there.namespace), api, patience=1.0).diagnose
    how = Manner(time_of_day=lambda: "12:03", **{"grace": 0.0, "settle": 2.0, **manner})
    children = [Child(name, {}, there.namespace) for name in names]
    return {outcome.name: outcome for outcome in follow(api, children, goal, timeout, print, diagnose, None, how)}


def small(there: ChildrenMothership, name: str, command: str = "", **infrastructure: Any) -> None:
    there.child(name, command, controlPlaneNumber=1, workersNumber=1, **infrastructure)


def causes(outcomes: dict[str, Outcome]) -> dict[str, str]:
    """The first cause of each child that failed."""
    return {name: one.diagnoses[0].cause.name for name, one in outcomes.items() if one.failed and one.diagnoses}


@pytest.mark.parametrize(
    ("failures", "capa"),
    [(NETWORK, OLD), (NETWORK, NEW), (MACHINES, OLD), (MACHINES, NEW), (WITHOUT_AWS, OLD)],
    ids=["network-2.8", "network-2.11", "machines-2.8", "machines-2.11", "without-aws"],
)
def test_a_child_that_needs_a_person_fails_with_its_cause(
    bed: Bed, children_mothership: ChildrenMothership, failures: dict[str, str], capa: str
) -> None:
    there = children_mothership
    for name in failures:
        small(there, name, f'cause: {name}\ncapa: "{capa}"')
    small(there, "fine")
    outcomes = followed(bed, there, "ready", *failures, "fine")
    assert outcomes.pop("fine").state == "ready"
    assert causes(outcomes) == failures
    for name, outcome in outcomes.items():
        cause = BY_NAME[failures[name]]
        assert cause.remedy in outcome.message
        assert cause.heals in outcome.message
        assert FAILURES[name].code in outcome.message


def test_what_passes_is_waited_for_and_named_when_the_time_is_over(
    bed: Bed, children_mothership: ChildrenMothership
) -> None:
    there = children_mothership
    for name in PASSING:
        small(there, name, name)
    outcomes = followed(bed, there, "ready", *PASSING, timeout=15.0)
    assert causes(outcomes) == {name: name for name in PASSING}
    for name, outcome in outcomes.items():
        assert outcome.message.startswith("not ready after 15 s: ")
        assert BY_NAME[name].remedy in outcome.message


def test_a_child_that_cannot_go_fails_with_its_cause(bed: Bed, children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    for name in DELETION:
        small(there, name, name)
    for name in DELETION:
        there.ready(name)
    for name in DELETION:
        there.delete(name)
    outcomes = followed(bed, there, "gone", *DELETION)
    assert causes(outcomes) == DELETION
    assert "subnet-0123456789abcdef0" in outcomes["subnet-in-use"].diagnoses[0].cause.title


def test_what_cluster_api_never_says_is_found_by_looking(bed: Bed, children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    chains = ("identity-not-allowed", "identity-secret-missing", "identity-secret-incomplete")
    credentials = {name: there.credential_named(name) for name in chains}
    empty: dict[str, Any] = {"spec": {"allowedNamespaces": {"selector": {"matchLabels": {}}}}}
    identity = there.api.get(kinds.STATIC_IDENTITY, "identity-not-allowed")
    assert identity is not None
    there.api.patch(kinds.STATIC_IDENTITY, identity, empty)
    there.api.delete(kinds.SECRET, "identity-secret-missing-secret", there.namespace)
    keys = there.api.get(kinds.SECRET, "identity-secret-incomplete-secret", there.namespace)
    assert keys is not None
    there.api.patch(kinds.SECRET, keys, {"data": {"SecretAccessKey": None}})
    for name, credential in credentials.items():
        small(there, name, credential=credential)
    small(there, "credential-missing", credential="nobody-made-it")
    outcomes = followed(bed, there, "ready", *chains, "credential-missing")
    assert causes(outcomes) == {name: name for name in (*chains, "credential-missing")}


def test_a_secret_that_is_deleted_first_keeps_its_child_from_going(
    bed: Bed, children_mothership: ChildrenMothership
) -> None:
    """Its AWSCluster says that all is well."""
    there = children_mothership
    credential = there.credential_named("short")
    small(there, "prod", "secret-lost", credential=credential)
    there.ready("prod")
    there.api.delete(kinds.SECRET, "short-secret", there.namespace)
    there.delete("prod")
    outcomes = followed(bed, there, "gone", "prod")
    assert causes(outcomes) == {"prod": "deletion-without-credentials"}
    assert outcomes["prod"].diagnoses[0].where == "Secret k0rdent/short-secret"


def test_a_dry_run_is_told(bed: Bed, children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    made = there.deployment("dry")
    made["spec"]["dryRun"] = True
    there.api.patch(kinds.CLUSTER_DEPLOYMENT, made, {"spec": {"dryRun": True}})
    outcomes = followed(bed, there, "ready", "dry", root_kind=CLUSTER_DEPLOYMENT)
    assert causes(outcomes) == {"dry": "dry-run"}


@pytest.mark.parametrize(
    ("name", "namespace", "spec", "words"),
    [
        ("version-differs", "k0rdent", {"version": "v4.0.0"}, "spec.version"),
        ("wrong-namespace", "default", {}, "may only be created in the namespace k0rdent"),
        ("refused", "k0rdent", {"provider": "azure"}, "Unsupported value"),
    ],
)
def test_what_the_mothership_refuses_is_told_with_the_field(
    bed: Bed, children_mothership: ChildrenMothership, name: str, namespace: str, spec: dict[str, str], words: str
) -> None:
    there = children_mothership
    infrastructure = {"provider": spec.get("provider", "aws"), "credential": there.credential, "region": "eu-west-3"}
    child = {
        "apiVersion": kinds.CHILD.api_version,
        "kind": kinds.CHILD.kind,
        "metadata": {"name": "prod", "namespace": namespace},
        "spec": {"version": spec.get("version", there.version), "infrastructure": infrastructure},
    }
    with pytest.raises(Refused) as refusal:
        bed.api().apply(child, dry_run=True)
    found = diagnosis_of_refusal(refusal.value)
    assert found.cause.name == name
    assert words in found.evidence

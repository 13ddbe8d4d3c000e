# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of children that say nothing: their identity is looked at, but seldom."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.diagnose import Diagnoser
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Diagnosis, Family, Mothership
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.causes.provoked import going, told
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.follow.objects import (
    aws_cluster,
    cluster,
    condition,
    deployment,
    root,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Server, api_of, refused

IDENTITIES = "/apis/infrastructure.cluster.x-k8s.io/v1beta2"
IDENTITY = f"{IDENTITIES}/awsclusterstaticidentities/static"
ROLE = f"{IDENTITIES}/awsclusterroleidentities/prod"
CREDENTIAL = "/apis/k0rdent.mirantis.com/v1beta1/namespaces/k0rdent/credentials/aws-cred"
PROVIDER = "/apis/apps/v1/deployments/capa-controller-manager"
NAMESPACE = "/api/v1/namespaces/k0rdent"
KINDS = (
    ("AWSClusterStaticIdentity", "awsclusterstaticidentities"),
    ("AWSClusterRoleIdentity", "awsclusterroleidentities"),
)


def secret(namespace: str = "capa-system") -> str:
    return f"/api/v1/namespaces/{namespace}/secrets/keys-secret"


class World(Server):
    """A mothership whose chain holds, until a test breaks it."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds[IDENTITIES] = [{"kind": kind, "name": plural, "namespaced": False} for kind, plural in KINDS]
        named = {"kind": "AWSClusterStaticIdentity", "name": "static"}
        self.objects[CREDENTIAL] = {"spec": {"identityRef": {"apiVersion": IDENTITIES[6:], **named}}}
        self.objects[IDENTITY] = {"spec": {"allowedNamespaces": {}, "secretRef": "keys-secret"}}
        self.objects[secret()] = {"data": {"AccessKeyID": "eA==", "SecretAccessKey": "eA=="}}
        self.provider(1)

    def provider(self, available: int) -> None:
        metadata = {"name": "capa-controller-manager", "namespace": "capa-system"}
        self.objects[PROVIDER] = {"metadata": metadata, "status": {"availableReplicas": available}}


def silent(name: str = "prod") -> Family:
    """As Cluster API is when it cannot use the identity."""
    waiting = condition("InfrastructureReady", False, "", "WaitingForInfrastructure", severity="Info")
    child = root(spec={"infrastructure": {"credential": "aws-cred"}})
    # All that the provider says of such a cluster.
    not_paused = condition("Paused", False, "", "NotPaused")
    return Family(name, root=child, cluster=cluster(waiting), aws_cluster=aws_cluster(not_paused))


def look(world: World, family: Family | None = None, facts: Mothership | None = None) -> list[Diagnosis]:
    return Diagnoser(facts or Mothership(), api_of(world), patience=0.0).diagnose(family or silent(), 0.0)


def name_of(found: list[Diagnosis]) -> str:
    return found[0].cause.name if found else ""


def test_a_chain_that_holds_is_no_cause() -> None:
    assert look(World()) == []


@pytest.mark.parametrize(
    ("path", "content", "cause"),
    [
        (CREDENTIAL, None, "credential-missing"),
        (IDENTITY, None, "identity-missing"),
        (IDENTITY, {"spec": {"secretRef": "keys-secret"}}, "identity-not-allowed"),
        (secret(), None, "identity-secret-missing"),
        (secret(), {"data": {"AccessKeyID": "eA==", "secretAccessKey": "eA=="}}, "identity-secret-incomplete"),
    ],
)
def test_a_broken_link_of_a_silent_child_is_found(path: str, content: Any, cause: str) -> None:
    world = World()
    if content is None:
        del world.objects[path]
    else:
        world.objects[path] = content
    assert name_of(look(world)) == cause


def test_a_credential_that_names_nothing_is_an_identity_that_is_missing() -> None:
    world = World()
    world.objects[CREDENTIAL] = {"spec": {}}
    assert name_of(look(world)) == "identity-missing"


def test_the_secret_has_to_be_where_the_provider_runs() -> None:
    world = World()
    world.objects[secret("k0rdent")] = world.objects.pop(secret())
    found = look(world)
    assert name_of(found) == "identity-secret-missing"
    assert found[0].where == "Secret capa-system/keys-secret"


def test_without_a_provider_in_sight_the_secret_is_looked_for_beside_k0rdent() -> None:
    world = World()
    del world.objects[PROVIDER]
    world.objects[secret("kcm-system")] = world.objects.pop(secret())
    assert look(world, facts=Mothership(namespace="kcm-system")) == []


def test_a_provider_that_does_not_run_is_told() -> None:
    world = World()
    world.provider(0)
    assert name_of(look(world)) == "provider-not-ready"


def test_the_word_of_the_management_counts_where_the_provider_is_not_seen() -> None:
    world = World()
    del world.objects[PROVIDER]
    world.objects[secret("k0rdent")] = world.objects[secret()]
    facts = Mothership(providers={"cluster-api-provider-aws": False})
    assert name_of(look(world, facts=facts)) == "provider-not-ready"


def test_a_role_is_followed_to_the_keys_behind_it() -> None:
    world = World()
    world.objects[CREDENTIAL] = {"spec": {"identityRef": {"kind": "AWSClusterRoleIdentity", "name": "prod"}}}
    source = {"kind": "AWSClusterStaticIdentity", "name": "static"}
    world.objects[ROLE] = {"spec": {"allowedNamespaces": {}, "sourceIdentityRef": source}}
    assert look(world) == []
    del world.objects[secret()]
    assert name_of(look(world)) == "identity-secret-missing"


def test_labels_of_the_namespace_are_read_where_they_decide() -> None:
    world = World()
    selector = {"matchLabels": {"team": "a"}}
    world.objects[IDENTITY]["spec"]["allowedNamespaces"] = {"selector": selector}
    world.objects[NAMESPACE] = {"metadata": {"name": "k0rdent", "labels": {"team": "a"}}}
    assert look(world) == []
    world.objects[NAMESPACE]["metadata"]["labels"] = {"team": "b"}
    assert name_of(look(world)) == "identity-not-allowed"


def test_who_may_not_read_it_is_told_that_nobody_has_looked() -> None:
    world = World()
    world.troubles.append(refused(403, "Forbidden", "credentials is forbidden"))
    found = look(world)
    assert name_of(found) == "identity-unchecked"
    assert "forbidden" in found[0].evidence
    assert not found[0].cause.needs_person


def test_a_child_has_to_be_silent_for_a_while() -> None:
    world = World()
    del world.objects[IDENTITY]
    diagnoser = Diagnoser(Mothership(), api_of(world))
    seen = [name_of(diagnoser.diagnose(silent(), now)) for now in (0.0, 5.0, 9.0)]
    assert (seen, world.seen) == (["", "", ""], [])
    assert name_of(diagnoser.diagnose(silent(), 10.0)) == "identity-missing"


def test_many_children_of_one_credential_cost_one_look_a_minute() -> None:
    world = World()
    diagnoser = Diagnoser(Mothership(), api_of(world), patience=0.0)
    for number in range(200):
        diagnoser.diagnose(silent(f"prod-{number}"), float(number % 50))
    reads = len(world.seen)
    assert reads <= 6
    diagnoser.diagnose(silent("late"), 61.0)
    assert len(world.seen) > reads


def test_a_child_that_speaks_to_aws_is_not_looked_at() -> None:
    world = World()
    del world.objects[IDENTITY]
    family = silent()
    family.aws_cluster = aws_cluster(condition("VpcReady", False, "", "VpcCreationStarted", severity="Info"))
    assert (look(world, family), world.seen) == ([], [])


def test_a_child_without_a_credential_is_not_looked_at() -> None:
    world = World()
    family = silent()
    family.root = None
    assert (look(world, family), world.seen) == ([], [])


def test_the_engine_without_mke_has_its_credential_in_the_deployment() -> None:
    world = World()
    del world.objects[IDENTITY]
    family = silent()
    family.root, family.deployment = None, deployment(spec={"credential": "aws-cred"})
    assert name_of(look(world, family)) == "identity-missing"


def test_without_an_api_nothing_is_looked_at() -> None:
    assert Diagnoser(patience=0.0).diagnose(silent(), 0.0) == []


def test_a_secret_that_was_deleted_before_the_child_keeps_it_from_going() -> None:
    """Its AWSCluster stays as it is, with all conditions True."""
    world = World()
    del world.objects[secret()]
    family = going(condition("VpcReady"), condition("Ready"))
    family.root = root(spec={"infrastructure": {"credential": "aws-cred"}})
    found = look(world, family)
    assert name_of(found) == "deletion-without-credentials"
    assert found[0].where == "Secret capa-system/keys-secret"


def expired(form: str = "2.11") -> Family:
    text = told(form, "RequestExpired", "Request has expired.")
    family = silent()
    family.aws_cluster = aws_cluster(condition("VpcReady", False, text, "VpcReconciliationFailed", severity="Warning"))
    return family


def test_an_expired_request_with_temporary_keys_is_told_as_expired_keys() -> None:
    world = World()
    world.objects[secret()]["data"]["SessionToken"] = "eA=="
    assert name_of(look(world, expired())) == "credentials-expired"


def test_an_expired_request_with_lasting_keys_is_told_as_a_wrong_clock() -> None:
    assert name_of(look(World(), expired())) == "clock-skew"

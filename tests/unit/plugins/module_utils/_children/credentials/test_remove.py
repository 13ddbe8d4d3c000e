# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A credential goes only when nobody needs it; keys of credentials in use are kept fresh."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.present import Terms, present
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.remove import absent
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.sync import Synced, sync
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.wish import Role, Wish
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Time, api_of

from .world import CREDENTIAL, IDENTITY, INFRASTRUCTURE, K0RDENT, NEW, OLD, SECRET, TEMPLATE, TEMPORARY, FakeAws, World

MKE = "/apis/mke.mirantis.com/v1alpha1/namespaces/k0rdent/mkechildconfigs"


def terms(**more: Any) -> Terms:
    return Terms(**{"timeout": 1.0, "clock": Time().clock(), **more})


def there() -> World:
    world = World()
    present(api_of(world), Wish(keys=OLD), terms())
    world.seen.clear()
    return world


def test_the_secret_goes_last() -> None:
    world = there()
    foretold = absent(api_of(world), Wish(), terms(dry_run=True))
    assert world.writes() == []
    done = absent(api_of(world), Wish(), terms())
    assert (
        [change.action for change in done.changes] == [change.action for change in foretold.changes] == ["deleted"] * 4
    )
    assert world.writes() == [f"DELETE {path.rpartition('/')[2]}" for path in (CREDENTIAL, TEMPLATE, IDENTITY, SECRET)]
    assert not absent(api_of(world), Wish(), terms()).changed


def test_where_there_is_no_cluster_there_is_nothing_to_remove() -> None:
    assert not absent(None, Wish(), terms()).changed
    assert not absent(api_of(World(provider=False, capa=False)), Wish(), terms()).changed


@pytest.mark.parametrize(
    ("path", "spec"),
    [
        (f"{MKE}/berlin", {"infrastructure": {"credential": "aws-cluster-identity-cred"}}),
        (f"{K0RDENT}/namespaces/k0rdent/clusterdeployments/berlin", {"credential": "aws-cluster-identity-cred"}),
        (f"{INFRASTRUCTURE}/namespaces/k0rdent/awsclusters/berlin",
         {"identityRef": {"kind": "AWSClusterStaticIdentity", "name": "aws-cluster-identity"}}),
    ],
)  # fmt: skip
def test_it_stays_while_a_child_uses_it(path: str, spec: Any) -> None:
    world = there()
    world.put(path, spec=spec, kind="X", apiVersion="x/v1")
    with pytest.raises(CredentialError, match=r"1 child cluster\(s\) use it \(berlin\)") as caught:
        absent(api_of(world), Wish(), terms())
    assert caught.value.details["children"] == ["berlin"]
    assert world.writes() == []


@pytest.mark.parametrize(
    ("path", "spec", "words"),
    [
        (f"{K0RDENT}/namespaces/other/credentials/theirs",
         {"identityRef": {"kind": "AWSClusterStaticIdentity", "name": "aws-cluster-identity"}}, "theirs"),
        (f"{INFRASTRUCTURE}/awsclusterroleidentities/r",
         {"sourceIdentityRef": {"kind": "AWSClusterStaticIdentity", "name": "aws-cluster-identity"}}, " r "),
        (f"{INFRASTRUCTURE}/awsclusterstaticidentities/twin", {"secretRef": "aws-cluster-identity-secret"}, "twin"),
    ],
)  # fmt: skip
def test_it_stays_while_something_else_is_built_on_it(path: str, spec: Any, words: str) -> None:
    world = there()
    world.put(path, spec=spec, kind="X", apiVersion="x/v1")
    with pytest.raises(CredentialError, match=words):
        absent(api_of(world), Wish(), terms())
    assert world.writes() == []


def test_many_users_are_not_all_named() -> None:
    world = there()
    for number in range(12):
        world.cluster(f"c{number:02}")
    with pytest.raises(CredentialError, match=r"c09 and 2 more"):
        absent(api_of(world), Wish(), terms())


def test_the_controllers_own_identity_stays() -> None:
    world = World()
    present(api_of(world), Wish(kind="controller"), terms())
    world.put(
        f"{K0RDENT}/namespaces/other/credentials/x",
        spec={"identityRef": {"kind": "AWSClusterControllerIdentity", "name": "default"}},
    )
    absent(api_of(world), Wish(kind="controller"), terms())
    assert f"{INFRASTRUCTURE}/awsclustercontrolleridentities/default" in world.objects
    assert f"{K0RDENT}/namespaces/k0rdent/credentials/default-cred" not in world.objects


def synced(world: World, *names: str, **more: Any) -> Synced:
    return sync(api_of(world), names or ("aws-cluster-identity-cred",), "k0rdent", NEW, terms(**more))


def test_fresh_keys_reach_every_secret_with_one_restart() -> None:
    world = there()
    present(api_of(world), replace(Wish(keys=OLD), name="berlin"), terms())
    names = ("aws-cluster-identity-cred", "berlin-cred")
    foretold = synced(world, *names, dry_run=True)
    assert (len(foretold.secrets), foretold.restarted, world.restarts) == (2, True, 0)
    done = synced(world, *names)
    assert sorted(ref.name for ref in done.secrets) == ["aws-cluster-identity-secret", "berlin-secret"]
    assert world.secret()["AccessKeyID"] == "AKIANEW"
    assert world.restarts == 1
    assert not synced(world, *names).changed
    assert world.restarts == 1


def test_a_role_leads_to_the_secret_that_it_is_assumed_with() -> None:
    world = there()
    role = Role("arn:aws:iam::123456789012:role/mke", source_kind="static", source_name="aws-cluster-identity")
    present(api_of(world), Wish(kind="role", name="r", role=role), terms())
    assert [ref.name for ref in synced(world, "r-cred").secrets] == ["aws-cluster-identity-secret"]


def test_credentials_without_keys_are_told() -> None:
    world = there()
    present(api_of(world), Wish(kind="controller"), terms())
    done = synced(world, "default-cred")
    assert (done.without, done.changed) == (("default-cred",), False)


def test_a_circle_of_roles_leads_nowhere() -> None:
    world = there()
    role = Role("arn:aws:iam::123456789012:role/mke", source_kind="role", source_name="r")
    present(api_of(world), Wish(kind="role", name="r", role=role), terms())
    assert synced(world, "r-cred").without == ("r-cred",)


def test_a_credential_that_is_not_there_is_told() -> None:
    with pytest.raises(CredentialError, match="There is no Credential k0rdent/mine"):
        synced(there(), "mine")


def test_keys_of_another_account_are_synced_nowhere() -> None:
    world, aws = there(), FakeAws("AKIANEW", account="222222222222")
    world.objects[SECRET]["metadata"]["annotations"] = {"mke4k.core/aws-account": "111111111111"}
    with pytest.raises(CredentialError, match="222222222222"):
        synced(world, aws=aws)
    assert world.secret()["AccessKeyID"] == "AKIAOLD"
    aws.accounts["AKIANEW"] = "111111111111"
    assert synced(world, aws=aws).changed
    assert world.objects[SECRET]["metadata"]["annotations"]["mke4k.core/aws-account"] == "111111111111"
    aws.calls.clear()
    assert not synced(world, aws=aws).changed
    assert aws.calls == []


def test_keys_that_last_and_that_aws_takes_are_left_alone() -> None:
    world, aws = there(), FakeAws("AKIAOLD", "AKIANEW")
    assert not synced(world, aws=aws).changed
    world.keys(TEMPORARY)
    aws.accounts["ASIATEMP"] = "111111111111"
    assert synced(world, aws=aws).changed


def test_a_restart_that_was_missed_is_made_up_for() -> None:
    world = there()
    present(api_of(world), Wish(keys=NEW), terms(restart=False))
    done = synced(world)
    assert (done.secrets, done.restarted, world.restarts) == ((), True, 1)


def test_a_secret_that_is_gone_is_made_again() -> None:
    world = there()
    del world.objects[SECRET]
    done = synced(world)
    assert (len(done.secrets), done.restarted) == (1, False)
    assert world.secret()["AccessKeyID"] == "AKIANEW"


def test_keys_that_nobody_can_judge_any_more_are_replaced() -> None:
    world, aws = there(), FakeAws("AKIANEW")
    assert synced(world, aws=aws).changed

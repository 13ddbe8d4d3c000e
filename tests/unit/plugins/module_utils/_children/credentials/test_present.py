# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A credential: what is made, what is left as it is, and what is refused before anything is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import Keys
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.present import (
    Done,
    Terms,
    predicted,
    present,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.wish import Role, Wish
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import TimedOut
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Time, api_of

from .world import (
    CREDENTIAL,
    DEPLOYMENT,
    IDENTITY,
    INFRASTRUCTURE,
    K0RDENT,
    NEW,
    OLD,
    SECRET,
    SECRETS,
    TEMPLATE,
    TEMPORARY,
    FakeAws,
    World,
)

KEYED = Wish(keys=OLD)


def made(world: World, wish: Wish = KEYED, **terms: Any) -> Done:
    return present(api_of(world), wish, Terms(**{"timeout": 1.0, "clock": Time().clock(), **terms}))


def actions(done: Done) -> list[tuple[str, str]]:
    return [(change.ref.kind, change.action) for change in done.changes]


def test_the_objects_are_those_of_mke() -> None:
    world = World()
    done = made(world)
    assert actions(done) == [("Secret", "created"), ("ConfigMap", "created"), ("AWSClusterStaticIdentity", "created"),
                             ("Credential", "created")]  # fmt: skip
    assert done.ready
    label = {"k0rdent.mirantis.com/component": "kcm"}
    assert world.secret() == {"AccessKeyID": "AKIAOLD", "SecretAccessKey": "old-secret"}
    assert world.objects[SECRET]["metadata"]["labels"] == label
    assert world.objects[IDENTITY]["spec"] == {"secretRef": "aws-cluster-identity-secret", "allowedNamespaces": {}}
    assert world.objects[TEMPLATE]["metadata"]["annotations"] == {"projectsveltos.io/template": "true"}
    assert "data" not in world.objects[TEMPLATE]
    assert world.objects[CREDENTIAL]["spec"]["identityRef"] == {
        "apiVersion": "infrastructure.cluster.x-k8s.io/v1beta2",
        "kind": "AWSClusterStaticIdentity",
        "name": "aws-cluster-identity",
    }


def test_a_second_run_writes_nothing_and_asks_aws_nothing() -> None:
    world, aws = World(), FakeAws("AKIAOLD")
    made(world, aws=aws)
    world.seen.clear()
    again = made(world, aws=aws)
    assert not again.changed
    assert world.writes() == []
    assert aws.calls == ["who AKIAOLD"]
    assert again.account == "111111111111"
    assert len(world.seen) <= 8


def test_check_mode_predicts_the_same_and_writes_nothing() -> None:
    world = World()
    done = made(world, dry_run=True)
    assert [action for _kind, action in actions(done)] == ["created"] * 4
    assert world.writes() == []


def test_before_there_is_a_provider_check_mode_predicts_everything() -> None:
    done = made(World(provider=False, capa=False), dry_run=True)
    assert [action for _kind, action in actions(done)] == ["created"] * 4
    assert "not served" in done.message
    assert [change.action for change in predicted(KEYED).changes] == ["created"] * 4


def test_without_keys_those_in_the_secret_stay() -> None:
    world = World()
    made(world)
    again = made(world, Wish())
    assert not again.changed
    assert world.secret()["AccessKeyID"] == "AKIAOLD"


def test_without_any_keys_nothing_is_written_and_the_ways_to_give_them_are_told() -> None:
    world = World()
    with pytest.raises(CredentialError, match=r"AWS_ACCESS_KEY_ID.*credentials_file.*AWX"):
        made(world, Wish())
    assert world.writes() == []


def test_the_secret_goes_where_capa_runs_and_the_credential_where_children_are() -> None:
    world = World(capa=False)
    world.put(
        DEPLOYMENT.replace("/k0rdent/", "/kcm-system/"),
        **{key: World().objects[DEPLOYMENT][key] for key in ("spec", "status")},
    )
    done = made(world, replace(KEYED, namespace="k0rdent"))
    assert (done.wish.secret_namespace, done.wish.namespace) == ("kcm-system", "k0rdent")
    assert SECRET.replace("/k0rdent/", "/kcm-system/") in world.objects
    assert CREDENTIAL in world.objects


def test_two_capas_are_refused() -> None:
    world = World()
    world.put(DEPLOYMENT.replace("/k0rdent/", "/other/"))
    with pytest.raises(CredentialError, match="several Deployments"):
        made(world)


@pytest.mark.parametrize("found", [{"selector": {"matchLabels": {}}}, {"list": ["other"]}, {"list": []}])
def test_a_selector_of_older_documentation_is_mended(found: Any) -> None:
    world = World()
    made(world)
    world.objects[IDENTITY]["spec"]["allowedNamespaces"] = found
    foretold = made(world, dry_run=True)
    done = made(world)
    assert actions(foretold)[2] == actions(done)[2] == ("AWSClusterStaticIdentity", "updated")
    assert world.objects[IDENTITY]["spec"]["allowedNamespaces"] == {}
    assert not made(world).changed


@pytest.mark.parametrize("found", [{"list": None, "selector": {}}, {"selector": {}}])
def test_what_capas_webhook_adds_is_no_change(found: Any) -> None:
    world = World()
    made(world)
    world.objects[IDENTITY]["spec"]["allowedNamespaces"] = found
    assert not made(world).changed


def test_namespaces_can_be_limited() -> None:
    world = World()
    made(world, replace(KEYED, allowed_namespaces=("k0rdent",)))
    assert world.objects[IDENTITY]["spec"]["allowedNamespaces"] == {"list": ["k0rdent"]}
    world.objects[IDENTITY]["spec"]["allowedNamespaces"]["selector"] = {"matchLabels": {"a": "b"}}
    assert made(world, replace(KEYED, allowed_namespaces=("k0rdent",))).changed
    assert world.objects[IDENTITY]["spec"]["allowedNamespaces"] == {"list": ["k0rdent"]}


def test_the_secret_that_an_identity_names_is_used() -> None:
    world = World()
    world.put(IDENTITY, spec={"secretRef": "mine", "allowedNamespaces": {}})
    done = made(world)
    assert done.wish.secret_name == "mine"
    assert world.secret(SECRET.replace("aws-cluster-identity-secret", "mine"))["AccessKeyID"] == "AKIAOLD"
    assert world.objects[IDENTITY]["spec"]["secretRef"] == "mine"


def test_another_secret_for_an_identity_is_refused_with_the_way_out() -> None:
    world = World()
    world.put(IDENTITY, spec={"secretRef": "mine", "allowedNamespaces": {}})
    with pytest.raises(CredentialError, match=r"can never be changed.*set it to mine.*give another name"):
        made(world, replace(KEYED, secret="theirs"))
    assert world.writes() == []


def test_new_keys_are_written_at_once_and_capa_is_restarted_once() -> None:
    world = World()
    world.keys(TEMPORARY)
    done = made(world, replace(KEYED, keys=NEW))
    assert world.secret() == {"AccessKeyID": "AKIANEW", "SecretAccessKey": "new-secret"}
    assert [path for method, path, _query, _body in world.seen if method == "PATCH"].count(SECRET) == 1
    assert (done.restarted, world.restarts) == (True, 1)
    again = made(world, replace(KEYED, keys=NEW))
    assert (again.changed, world.restarts) == (False, 1)


def test_a_run_that_was_killed_before_the_restart_is_finished_by_the_next() -> None:
    world = World()
    world.keys()
    made(world, replace(KEYED, keys=NEW), restart=False)
    assert world.restarts == 0
    foretold = made(world, Wish(), dry_run=True)
    assert (foretold.restarted, world.restarts) == (True, 0)
    assert made(world, Wish()).restarted
    assert world.restarts == 1
    assert not made(world, Wish()).changed


def test_new_keys_without_a_capa_to_restart_are_told() -> None:
    world = World(capa=False)
    world.keys()
    world.cluster("berlin")
    with pytest.raises(CredentialError, match="no Deployment has the label"):
        made(world, replace(KEYED, keys=NEW))


def test_without_a_capa_and_without_clusters_nobody_has_to_be_restarted() -> None:
    world = World(capa=False)
    world.keys()
    assert not made(world, replace(KEYED, keys=NEW)).restarted
    assert not made(world, replace(KEYED, keys=NEW)).changed


def test_keys_that_aws_does_not_take_are_not_written() -> None:
    world, time = World(), Time()
    with pytest.raises(CredentialError, match=r"does not take the keys from a test.*Nothing was changed"):
        made(world, aws=FakeAws(), clock=time.clock())
    assert world.writes() == []
    assert 55 <= time.now <= 60


def test_a_key_that_is_still_young_is_waited_for() -> None:
    world, aws = World(), FakeAws("AKIAOLD")
    said: list[str] = []
    aws.young["AKIAOLD"] = 4
    assert made(world, aws=aws, say=said.append).account == "111111111111"
    assert len([line for line in said if "does not take the new keys yet" in line]) == 1


def test_temporary_keys_that_are_refused_have_ended() -> None:
    time = Time()
    with pytest.raises(CredentialError, match="does not take"):
        made(World(), Wish(keys=TEMPORARY), aws=FakeAws(), clock=time.clock())
    assert time.now == 0


@pytest.mark.parametrize("remembered", [True, False])
def test_keys_of_another_account_are_refused_while_there_are_clusters(remembered: bool) -> None:
    world, aws = World(), FakeAws("AKIAOLD", "AKIANEW")
    aws.accounts["AKIANEW"] = "222222222222"
    made(world, aws=aws) if remembered else world.keys()
    world.cluster("berlin")
    before = world.secret()
    with pytest.raises(CredentialError, match=r"222222222222.*111111111111.*1 cluster"):
        made(world, replace(KEYED, keys=NEW), aws=aws)
    assert world.secret() == before


def test_keys_of_another_account_are_fine_while_nobody_uses_them() -> None:
    world, aws = World(), FakeAws("AKIAOLD", "AKIANEW")
    aws.accounts["AKIANEW"] = "222222222222"
    made(world, aws=aws)
    assert made(world, replace(KEYED, keys=NEW), aws=aws).account == "222222222222"


def test_no_key_is_in_what_is_shown() -> None:
    world = World()
    first = made(world)
    second = made(world, replace(KEYED, keys=TEMPORARY))
    shown = str([change.diff() for change in (*first.changes, *second.changes)]) + repr((first, second))
    assert not [secret for secret in SECRETS if secret in shown]
    assert "(not shown, new)" in shown


def test_a_role_is_assumed_by_another_identity() -> None:
    world = World()
    role = Role("arn:aws:iam::123456789012:role/mke", "mke", "x", 3600, (), "static", "aws-cluster-identity")
    done = made(world, Wish(kind="role", name="production", role=role))
    assert actions(done) == [("ConfigMap", "created"), ("AWSClusterRoleIdentity", "created"), ("Credential", "created")]
    assert world.objects[f"{INFRASTRUCTURE}/awsclusterroleidentities/production"]["spec"] == {
        "allowedNamespaces": {},
        "roleARN": "arn:aws:iam::123456789012:role/mke",
        "sessionName": "mke",
        "externalID": "x",
        "durationSeconds": 3600,
        "sourceIdentityRef": {"kind": "AWSClusterStaticIdentity", "name": "aws-cluster-identity"},
    }
    assert not made(world, Wish(kind="role", name="production", role=role)).changed


def test_the_controllers_identity_is_called_default() -> None:
    world = World()
    done = made(world, Wish(kind="controller"))
    assert world.objects[f"{INFRASTRUCTURE}/awsclustercontrolleridentities/default"]["spec"] == {
        "allowedNamespaces": {}
    }
    assert f"{K0RDENT}/namespaces/k0rdent/credentials/default-cred" in world.objects
    assert done.wish.credential_name == "default-cred"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(kind="controller", name="mine"), "only controller identity"),
        (Wish(kind="role"), "role_arn is needed"),
        (Wish(kind="role", role=Role("mke")), "not the ARN of a role"),
        (Wish(kind="role", role=Role("arn:aws-cn:iam::123456789012:role/a/b", duration=5)), "900 to 43200"),
        (Wish(kind="role", role=Role("arn:aws:iam::123456789012:role/a", source_kind="static")), "needs a name"),
        (Wish(role=Role("arn:aws:iam::123456789012:role/a")), "give kind=role"),
        (Wish(kind="controller", secret="x"), "has none"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_asked(wish: Wish, words: str) -> None:
    world = World()
    with pytest.raises(CredentialError, match=words):
        made(world, wish)
    assert world.seen == []


def test_a_credential_that_is_not_ready_is_told_in_k0rdents_words() -> None:
    world = World()
    made(world)
    world.objects[CREDENTIAL]["status"]["ready"] = False
    world.objects[CREDENTIAL]["status"]["conditions"][0].update(status="False", reason="Failed", message="no identity")
    done = made(world, wait=False)
    assert not done.ready
    assert "CredentialReady is False (Failed): no identity" in done.message


def test_while_the_provider_is_missing_the_end_of_the_wait_says_what_k0rdent_says_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(provider=False)
    world.put(f"{K0RDENT}/managements/kcm", status={"components": {"cluster-api-provider-aws": {"error": "no image"}}})
    with pytest.raises(
        TimedOut, match=r"(?i)AWSClusterStaticIdentit.*no image.*providers: \[cluster-api-provider-aws\]"
    ):
        made(world, timeout=0.0)
    assert world.writes() == []


def test_half_a_key_in_a_secret_counts_as_none() -> None:
    world = World()
    world.put(SECRET, data={"AccessKeyID": "QUtJQQ==", "SecretAccessKey": "%%%"})
    with pytest.raises(CredentialError, match="There are no keys"):
        made(world, Wish())
    assert not made(world).restarted
    assert Keys("a", "b") == Keys("a", "b", source="elsewhere")

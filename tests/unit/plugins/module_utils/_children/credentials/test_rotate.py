# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New keys in place of old ones: proven for every child before an old key is retired, wherever a run was killed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import Keys
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.present import Terms, present
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.proof import Patience
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.rotate import NotProven, Rotation, rotate
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.wish import Wish
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, TimedOut
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Time, api_of, refused

from .world import EVENTS, INFRASTRUCTURE, NEW, OLD, SECRET, TEMPORARY, FakeAws, World

CLUSTER = f"{INFRASTRUCTURE}/namespaces/k0rdent/awsclusters"


def in_use(*names: str, aws: FakeAws | None = None) -> World:
    """A mothership whose children work with the old key."""
    world = World()
    present(api_of(world), Wish(keys=OLD), Terms(clock=Time().clock(), aws=aws))
    for name in names:
        world.cluster(name)
    return world


def rotated(world: World, keys: Keys | None = NEW, *, retire: bool = False, aws: Any = None, **terms: Any) -> Rotation:
    time = Time()
    patience = Patience(settle=30.0, timeout=120.0, clock=time.clock())
    given = Terms(timeout=1.0, clock=time.clock(), aws=aws, **terms)
    return rotate(api_of(world, time=time), Wish(keys=keys), given, patience, retire)


def refuse(world: World, name: str, code: str = "AuthFailure") -> Callable[[], None]:
    """From now on AWS refuses this cluster's calls."""

    def refused_now() -> None:
        condition = {"type": "VpcReady", "status": "False", "message": f"failed: {code}: not able to validate"}
        world.objects[f"{CLUSTER}/{name}"]["status"]["conditions"] = [condition]

    return refused_now


def test_every_child_is_proven_after_the_restart() -> None:
    world = in_use("berlin", "paris")
    world.cluster("elsewhere", identity="other")
    found = rotated(world)
    assert found.changed
    assert (world.secret()["AccessKeyID"], world.restarts) == ("AKIANEW", 1)
    assert [(proof.name, proof.proven) for proof in found.proofs] == [("berlin", True), ("paris", True)]
    assert (found.retired, found.left) == (0, 1)
    touched = [
        path.rpartition("/")[2] for method, path, _query, _body in world.seen if method == "PATCH" and CLUSTER in path
    ]
    assert touched == ["berlin", "paris"]
    restart = [path for method, path, _query, _body in world.seen if method == "PATCH" and "deployments" in path]
    patched = [path for method, path, _query, _body in world.seen if method == "PATCH"]
    assert patched.index(restart[0]) < patched.index(f"{CLUSTER}/berlin")


def test_the_old_key_is_deactivated_then_proven_to_be_missed_by_nobody_and_then_deleted() -> None:
    aws = FakeAws("AKIAOLD", "AKIANEW")
    world = in_use("berlin", aws=aws)
    found = rotated(world, aws=aws, retire=True)
    assert (found.retired, found.left) == (1, 0)
    assert aws.calls[-2:] == ["deactivate AKIAOLD", "delete AKIAOLD"]
    assert world.secret() == {"AccessKeyID": "AKIANEW", "SecretAccessKey": "new-secret"}
    again = rotated(world, aws=aws, retire=True)
    assert not again.changed
    assert again.proofs == ()


def test_a_child_that_does_not_work_with_the_new_key_keeps_the_old_one_alive() -> None:
    aws = FakeAws("AKIAOLD", "AKIANEW")
    world = in_use("berlin", "paris", aws=aws)
    refuse(world, "paris", "UnauthorizedOperation")()
    with pytest.raises(
        NotProven, match=r"k0rdent/paris: AWSCluster paris: VpcReady is False: failed: Unauth"
    ) as caught:
        rotated(world, aws=aws, retire=True)
    assert aws.active["AKIAOLD"]
    assert [child["proven"] for child in caught.value.details["children"]] == [True, False]
    assert world.secret()["PreviousAccessKeyIDs"] == "AKIAOLD"


def test_a_child_that_misses_the_deactivated_key_gets_it_back() -> None:
    aws = FakeAws("AKIAOLD", "AKIANEW")
    world = in_use("berlin", aws=aws)
    aws.on_deactivate = refuse(world, "berlin")
    with pytest.raises(NotProven, match="activated again"):
        rotated(world, aws=aws, retire=True)
    assert aws.calls[-2:] == ["deactivate AKIAOLD", "activate AKIAOLD"]
    assert aws.active["AKIAOLD"]


@pytest.mark.parametrize("killed_at", [*range(1, 40), *range(40, 140, 7)])
def test_a_run_that_was_killed_anywhere_is_finished_by_the_next(killed_at: int) -> None:
    aws = FakeAws("AKIAOLD", "AKIANEW")
    world = in_use("berlin", aws=aws)
    start = len(world.seen)
    inner = world.send

    def send(*arguments: Any) -> Any:
        if len(world.seen) - start >= killed_at:
            return refused(403, "Forbidden", "killed")()
        return inner(*arguments)

    vars(world)["send"] = send
    try:
        done = rotated(world, aws=aws, retire=True)
    except KubeError:
        done = None
    del vars(world)["send"]
    if done is None:
        done = rotated(world, aws=aws, retire=True)
    assert world.restarts == 1
    assert aws.active == {"AKIANEW": True}
    assert world.secret() == {"AccessKeyID": "AKIANEW", "SecretAccessKey": "new-secret"}
    assert not rotated(world, aws=aws, retire=True).changed


@pytest.mark.parametrize("method", ["account", "deactivate", "delete"])
@pytest.mark.parametrize("done_first", [True, False])
def test_a_run_that_was_killed_while_it_asked_iam_is_finished_by_the_next(method: str, done_first: bool) -> None:
    aws = FakeAws("AKIAOLD", "AKIANEW")
    world = in_use("berlin", aws=aws)
    inner = getattr(aws, method)

    def killed(*arguments: str) -> None:
        if done_first:
            inner(*arguments)
        raise KeyboardInterrupt

    setattr(aws, method, killed)
    with pytest.raises(KeyboardInterrupt):
        rotated(world, aws=aws, retire=True)
    setattr(aws, method, inner)
    assert rotated(world, None, aws=aws, retire=True).retired == 1
    assert aws.active == {"AKIANEW": True}
    assert not rotated(world, aws=aws, retire=True).changed


def test_an_old_key_may_be_retired_in_a_later_run_that_has_no_keys() -> None:
    aws = FakeAws("AKIAOLD", "AKIANEW")
    world = in_use("berlin", aws=aws)
    rotated(world, aws=aws)
    later = rotated(world, None, aws=aws, retire=True)
    assert (later.changed, later.retired, world.restarts) == (True, 1, 1)


def test_a_key_that_somebody_else_has_deleted_is_forgotten() -> None:
    aws = FakeAws("AKIAOLD", "AKIANEW")
    world = in_use("berlin", aws=aws)
    aws.active.pop("AKIAOLD")
    assert rotated(world, aws=aws, retire=True).retired == 1
    assert "PreviousAccessKeyIDs" not in world.secret()
    assert "delete AKIAOLD" not in aws.calls


def test_going_back_to_the_old_key_does_not_retire_it() -> None:
    aws = FakeAws("AKIAOLD", "AKIANEW")
    world = in_use("berlin", aws=aws)
    rotated(world, aws=aws)
    back = rotated(world, OLD, aws=aws, retire=True)
    assert aws.active == {"AKIAOLD": True}
    assert (back.retired, world.restarts) == (1, 2)


def test_temporary_keys_end_by_themselves() -> None:
    aws = FakeAws("AKIAOLD", "AKIANEW", "ASIATEMP")
    world = in_use("berlin", aws=aws)
    world.keys(TEMPORARY)
    found = rotated(world, aws=aws, retire=True)
    assert (found.retired, found.left, world.restarts) == (0, 0, 1)
    assert [proof.proven for proof in found.proofs] == [True]
    assert not [call for call in aws.calls if "deactivate" in call]


def test_another_account_of_the_retiring_profile_is_refused() -> None:
    aws = FakeAws("AKIAOLD", "AKIANEW")
    world = in_use("berlin", aws=aws)
    aws.iam_account = "333333333333"
    with pytest.raises(CredentialError, match=r"not retired.*retire_profile"):
        rotated(world, aws=aws, retire=True)
    assert aws.active["AKIAOLD"]


def test_retiring_needs_to_ask_aws() -> None:
    with pytest.raises(CredentialError, match="verify must not be false"):
        rotated(in_use("berlin"), retire=True)


def test_a_secret_that_changes_meanwhile_stops_the_retirement() -> None:
    aws = FakeAws("AKIAOLD", "AKIANEW")
    world = in_use("berlin", aws=aws)
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if line.startswith("proving"):
            world.keys(OLD)

    with pytest.raises(CredentialError, match="changed by somebody else"):
        rotated(world, aws=aws, retire=True, say=say)
    assert aws.active["AKIAOLD"]


def test_check_mode_says_whom_it_would_prove_and_touches_nothing() -> None:
    aws = FakeAws("AKIAOLD", "AKIANEW")
    world = in_use("berlin", aws=aws)
    before = len(world.writes())
    found = rotated(world, aws=aws, retire=True, dry_run=True)
    assert found.changed
    assert found.done.restarted
    assert [(proof.name, proof.proven, proof.message) for proof in found.proofs] == [("berlin", False, "check mode")]
    assert (found.retired, len(world.writes()), world.restarts) == (1, before, 0)
    assert aws.calls == ["who AKIAOLD", "who AKIANEW"]


def test_what_has_no_keys_cannot_be_rotated() -> None:
    with pytest.raises(CredentialError, match="nothing to rotate"):
        rotate(api_of(World()), Wish(kind="controller"), Terms(), Patience(), retire=False)


def test_without_children_there_is_nothing_to_prove() -> None:
    aws = FakeAws("AKIAOLD", "AKIANEW")
    found = rotated(in_use(aws=aws), aws=aws, retire=True)
    assert (found.proofs, found.retired) == ((), 1)


def test_children_by_a_role_that_the_key_assumes_are_proven_too() -> None:
    world = in_use("berlin")
    roles = f"{INFRASTRUCTURE}/awsclusterroleidentities"
    world.put(
        f"{roles}/a", spec={"sourceIdentityRef": {"kind": "AWSClusterStaticIdentity", "name": "aws-cluster-identity"}}
    )
    world.put(f"{roles}/b", spec={"sourceIdentityRef": {"kind": "AWSClusterRoleIdentity", "name": "a"}})
    world.cluster("rome")["spec"]["identityRef"] = {"kind": "AWSClusterRoleIdentity", "name": "b"}
    assert [proof.name for proof in rotated(world).proofs] == ["berlin", "rome"]


def test_children_of_another_identity_with_the_same_secret_are_proven_too() -> None:
    world = in_use("berlin")
    world.put(f"{INFRASTRUCTURE}/awsclusterstaticidentities/twin", spec={"secretRef": "aws-cluster-identity-secret"})
    world.cluster("rome", identity="twin")
    assert [proof.name for proof in rotated(world).proofs] == ["berlin", "rome"]


def test_a_key_that_another_secret_has_is_not_retired() -> None:
    aws = FakeAws("AKIAOLD", "AKIANEW")
    world = in_use("berlin", aws=aws)
    world.put(SECRET.replace("aws-cluster-identity", "rome"), data=world.objects[SECRET]["data"])
    with pytest.raises(CredentialError, match="Secret k0rdent/rome-secret still has it"):
        rotated(world, aws=aws, retire=True)
    assert aws.active["AKIAOLD"]


LEASE = "/apis/coordination.k8s.io/v1/namespaces/k0rdent/leases/controller-leader-elect-capa"
PODS = "/api/v1/namespaces/k0rdent/pods"


def test_nothing_is_proven_before_the_new_process_leads() -> None:
    world = in_use("berlin")
    world.put(LEASE, spec={"holderIdentity": "capa-old_1"})
    world.put(f"{PODS}/capa-old", metadata={"deletionTimestamp": "now"})
    world.put(f"{PODS}/capa-new")
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if line.startswith("waiting until"):
            world.put(LEASE, spec={"holderIdentity": "capa-new_2"})

    assert rotated(world, say=say).proofs[0].proven
    assert [line.split()[0] for line in said if line.split()[0] in ("waiting", "proving")] == ["waiting", "proving"]


@pytest.mark.parametrize("holder", ["capa-old_1", ""])
def test_a_capa_that_nobody_leads_is_told(holder: str) -> None:
    world = in_use("berlin")
    world.put(LEASE, spec={"holderIdentity": holder})
    with pytest.raises(TimedOut, match="no process of CAPA has taken over the work"):
        rotated(world)


def test_events_of_a_cluster_count_once_they_are_new() -> None:
    world = in_use("berlin")
    about = {"kind": "AWSCluster", "name": "berlin", "namespace": "k0rdent"}
    world.put(
        f"{EVENTS}/one",
        involvedObject=about,
        reason="AuthFailure",
        message="AuthFailure: old",
        count=3,
        metadata={"uid": "1"},
    )
    assert rotated(world).proofs[0].proven

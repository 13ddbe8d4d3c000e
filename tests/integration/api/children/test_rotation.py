# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of clusters in use are replaced on a real API server, with a CAPA that remembers keys as CAPA does.

See tests/integration/api/children/capa.py: what is asked of AWS is answered by an AWS that knows who may do what.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.action.aws_credential import ActionModule
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from tests.api.bed import Bed
from tests.aws.bed import Aws, Keys
from tests.aws.fixtures import aws, aws_server

from .capa import Capa, capa

__all__ = ["aws", "aws_server", "capa"]
Run = Callable[..., dict[str, Any]]
MAY = ("ec2:*", "iam:GetAccessKeyLastUsed", "iam:ListAccessKeys", "iam:UpdateAccessKey", "iam:DeleteAccessKey")
USER = "children"


@pytest.fixture
def run(bed: Bed, aws: Aws, capa: Capa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)

    def found(keys: Keys | None, **arguments: Any) -> dict[str, Any]:
        given = {
            "name": capa.namespace,
            "timeout": 30,
            "settle": 1,
            "proof_timeout": 20,
            "kubeconfig": bed.kubeconfig(),
        }
        way = {**keys.options} if keys else {"keep_keys": True}
        return dict(action(ActionModule, tmp_path, {**given, **way, **arguments}).run(task_vars={}))

    return found


def second_key(aws: Aws) -> Keys:
    made = aws.client("iam").create_access_key(UserName=USER)["AccessKey"]
    return Keys(made["AccessKeyId"], made["SecretAccessKey"], USER)


def key_ids(aws: Aws) -> list[str]:
    return [item["AccessKeyId"] for item in aws.client("iam").list_access_keys(UserName=USER)["AccessKeyMetadata"]]


def two_children(run: Run, capa: Capa, aws: Aws) -> Keys:
    """They share an identity, and work with the first key of a user."""
    keys = aws.user_with(actions=MAY, name=USER)
    made = run(keys)
    assert not made.get("failed"), made
    for name in ("berlin", "paris"):
        capa.cluster(name, capa.namespace)
    return keys


def test_the_secret_alone_leaves_clusters_behind(run: Run, capa: Capa, aws: Aws) -> None:
    """What all of this is for: so it is with CAPA, and this proves that the CAPA of these tests does the same."""
    old = two_children(run, capa, aws)
    new = second_key(aws)
    run(new, restart=False)
    aws.client("iam").delete_access_key(UserName=USER, AccessKeyId=old.access_key)
    capa.until(lambda: sum("AuthFailure" in text for text in capa.troubles().values()) == 3)
    healed = run(None)
    assert healed["restarted"]
    capa.until(lambda: not any(capa.troubles().values()))


def test_every_child_is_proven_before_the_old_key_is_retired(run: Run, capa: Capa, aws: Aws) -> None:
    old = two_children(run, capa, aws)
    new = second_key(aws)
    aws.forget_calls()
    done = run(new, state="rotated", retire_old=True)
    assert not done.get("failed"), done
    assert [(child["name"], child["proven"]) for child in done["children"]] == [("berlin", True), ("paris", True)]
    assert (done["restarted"], done["retired"], done["not_retired"]) == (True, 1, 0)
    assert key_ids(aws) == [new.access_key]
    ended = [call["arguments"] for call in aws.calls if call["action"] == "iam:UpdateAccessKey"]
    assert [(item["AccessKeyId"], item["Status"]) for item in ended] == [(old.access_key, "Inactive")]
    assert not any(capa.troubles().values())
    again = run(new, state="rotated", retire_old=True)
    assert (again["changed"], again["children"], capa.starts) == (False, [], 2)


def test_a_key_that_may_do_less_is_not_proven_and_the_old_one_stays(run: Run, capa: Capa, aws: Aws) -> None:
    old = two_children(run, capa, aws)
    weak = aws.user_with(actions=["iam:*"], name="weak")
    failed = run(weak, state="rotated", retire_old=True, proof_timeout=4)
    assert failed["failed"]
    assert "UnauthorizedOperation" in failed["msg"]
    assert [child["proven"] for child in failed["children"]] == [False, False]
    assert old.access_key in key_ids(aws)
    good = second_key(aws)
    healed = run(good, state="rotated", retire_old=True, retire_profile="")
    assert not healed.get("failed"), healed
    assert healed["retired"] == 2
    assert key_ids(aws) == [good.access_key]


def test_a_child_that_fails_without_the_old_key_gets_it_back(run: Run, capa: Capa, aws: Aws) -> None:
    two_children(run, capa, aws)
    new = second_key(aws)

    def break_it() -> None:
        capa.until(lambda: "iam:UpdateAccessKey" in aws.actions())
        aws.faults.expect("ec2", "DescribeVpcs", "AuthFailure", "not able to validate", key=new.access_key)

    with ThreadPoolExecutor(1) as pool:
        broken = pool.submit(break_it)
        failed = run(new, state="rotated", retire_old=True, settle=4, proof_timeout=6)
        broken.result()
    assert failed["failed"]
    assert "activated again" in failed["msg"]
    states = aws.client("iam").list_access_keys(UserName=USER)["AccessKeyMetadata"]
    assert [item["Status"] for item in states] == ["Active", "Active"]


def test_a_paused_child_keeps_the_old_key_alive(run: Run, capa: Capa, aws: Aws) -> None:
    two_children(run, capa, aws)
    paused = {"metadata": {"annotations": {"cluster.x-k8s.io/paused": "true"}}}
    capa.bed.client.call("PATCH", capa.path("awsclusters", "paris"), paused, "application/merge-patch+json")
    failed = run(second_key(aws), state="rotated", retire_old=True, proof_timeout=3)
    assert failed["failed"]
    assert "paris: it is paused" in failed["msg"]
    assert len(key_ids(aws)) == 2


def test_keys_without_permission_to_retire_others_are_told_and_nothing_is_lost(run: Run, capa: Capa, aws: Aws) -> None:
    two_children(run, capa, aws)
    stranger = aws.user_with(actions=["ec2:*"], name="stranger")
    failed = run(stranger, state="rotated", retire_old=True)
    assert failed["failed"]
    assert "retire_profile" in failed["msg"]
    later = run(second_key(aws), state="rotated", retire_old=True)
    assert not later.get("failed"), later


def test_keys_that_aws_refuses_are_replaced_before_a_deletion_and_good_ones_are_not(
    run: Run, capa: Capa, aws: Aws
) -> None:
    old = two_children(run, capa, aws)
    new = second_key(aws)
    assert not run(new, state="synced")["changed"]
    aws.client("iam").delete_access_key(UserName=USER, AccessKeyId=old.access_key)
    capa.until(lambda: all(capa.troubles().values()))
    assert run(new, state="synced")["restarted"]
    capa.until(lambda: not any(capa.troubles().values()))
    assert not run(None, state="synced")["changed"]
    nowhere = run(new, state="synced", name="nobody")
    assert (nowhere["changed"], "is not there" in nowhere["text"][0]) == (False, True)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of children in use are replaced with the real provider for AWS, which keeps more in memory than one thinks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.action.aws_credential import ActionModule
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from tests.api.client import Object
from tests.aws.bed import Keys
from tests.capi.bed import CapiBed
from tests.capi.manifests import Wish

from .watching import Watching

Rotate = Callable[..., dict[str, Any]]
USER = "children"
NAMES = ("first", "second")


def second_key(capi: CapiBed, user: str) -> Keys:
    made = capi.aws.client("iam").create_access_key(UserName=user)["AccessKey"]
    return Keys(made["AccessKeyId"], made["SecretAccessKey"], user)


def two_children(capi: CapiBed, watching: Watching, hint: str) -> Keys:
    """They share an identity."""
    keys = capi.aws.user_with(actions=["*"], name=f"{USER}-{hint}")
    capi.identity(f"shared-{hint}", keys)
    names = [f"{hint}-{name}" for name in NAMES]
    for name, region in zip(names, ("us-east-1", "us-east-2")):
        capi.child(Wish(name, region, f"shared-{hint}", control_planes=0))
    watching.ready(*names)
    return keys


def refused(capi: CapiBed, name: str) -> bool:
    """Whether the provider is refused by AWS on behalf of a child."""
    found: Object = capi.get("AWSCluster", name) or {}
    return any(
        "AuthFailure" in str(item.get("message")) for item in (found.get("status") or {}).get("conditions") or ()
    )


def end(capi: CapiBed, watching: Watching, hint: str) -> None:
    names = [f"{hint}-{name}" for name in NAMES]
    for name in names:
        capi.delete("ClusterDeployment", name)
    watching.gone(*names)
    assert [capi.in_aws(name, region) for name, region in zip(names, ("us-east-1", "us-east-2"))] == [{}, {}]


@pytest.fixture
def rotate(capi: CapiBed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rotate:
    for name, value in capi.aws.environment().items():
        monkeypatch.setenv(name, value)

    def found(keys: Keys, name: str, **arguments: Any) -> dict[str, Any]:
        given = {
            "name": name,
            "credential": name,
            "state": "rotated",
            "settle": 4,
            "proof_timeout": 60,
            "timeout": 60,
            "kubeconfig": capi.kubeconfig(),
            **keys.options,
        }
        return dict(action(ActionModule, tmp_path, {**given, **arguments}).run(task_vars={}))

    return found


def test_new_keys_in_the_secret_alone_leave_a_child_behind(capi: CapiBed, watching: Watching) -> None:
    """What the collection's rotation is for. The day this fails, the provider has become better."""
    old = two_children(capi, watching, "alone")
    new = second_key(capi, old.user)
    capi.rotate("shared-alone", new)
    capi.aws.client("iam").delete_access_key(UserName=old.user, AccessKeyId=old.access_key)
    names = [f"alone-{name}" for name in NAMES]

    def one_is_left_behind() -> bool:
        for name in names:
            capi.touch(name)
        return any(refused(capi, name) for name in names)

    capi.until("a child is refused", one_is_left_behind)
    capi.managers.restart_provider()
    capi.until("no child is refused", lambda: not any(refused(capi, name) for name in names))
    end(capi, watching, "alone")


def test_the_rotation_of_this_collection_holds_for_every_child(
    capi: CapiBed, watching: Watching, rotate: Rotate
) -> None:
    old = two_children(capi, watching, "both")
    new = second_key(capi, old.user)
    before = capi.others.restarts
    capi.aws.forget_calls()
    done = rotate(new, "shared-both", retire_old=True)
    assert not done.get("failed"), done
    assert [(child["name"], child["proven"]) for child in done["children"]] == [
        (f"both-{name}", True) for name in NAMES
    ]
    assert capi.others.restarts == before + 1
    keys = capi.aws.client("iam").list_access_keys(UserName=old.user)["AccessKeyMetadata"]
    assert [item["AccessKeyId"] for item in keys] == [new.access_key]
    assert not any(refused(capi, f"both-{name}") for name in NAMES)
    end(capi, watching, "both")

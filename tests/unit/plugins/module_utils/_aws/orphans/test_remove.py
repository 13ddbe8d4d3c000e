# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which order, how often and how long leftovers are removed."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, Call, Missing, refusal
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans import remove as removal
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.deletions import DELETIONS
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.model import Belonging, Thing
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.remove import ORDER, Patience, remove

ACCESS: Any = None


class Cloud:
    """Answers of AWS to deletions, by id; the clock goes on with every pause."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: Dict[str, List[Exception]] = {}
        self.order: List[str] = []
        self.still_there = 0
        self.now = 0.0
        self.failing_look = False
        for kind in ORDER:
            monkeypatch.setitem(DELETIONS, kind, self.delete)
        monkeypatch.setattr(removal, "is_gone", self.is_gone)

    def delete(self, _access: Any, thing: Thing) -> None:
        self.order.append(thing.id)
        if self.answers.get(thing.id):
            raise self.answers[thing.id].pop(0)

    def is_gone(self, *_all: Any) -> bool:
        if self.failing_look:
            raise AwsError("cannot look")
        self.still_there -= 1
        return self.still_there < 0

    def patience(self, seconds: float = 60) -> Patience:
        return Patience(seconds, 5.0, lambda: self.now, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    return Cloud(monkeypatch)


def left(*kinds: str, **more: Any) -> List[Belonging]:
    return [Belonging("prod", Thing(kind, f"{kind}-1", "r"), "tag", **more) for kind in kinds]


def ids(items: Sequence[Belonging]) -> List[str]:
    return [item.thing.id for item in items]


def refused(code: str) -> AwsError:
    return refusal(code, "no", Call("ec2", "Delete", "r"))


def test_what_hangs_on_others_goes_first(cloud: Cloud) -> None:
    done = remove(ACCESS, left(*reversed(ORDER)), cloud.patience())
    assert cloud.order == [f"{kind}-1" for kind in ORDER]
    assert not done.failures


@pytest.mark.parametrize("code", ["DependencyViolation", "InvalidIPAddress.InUse", "IncorrectState", "VolumeInUse"])
def test_what_is_still_in_use_is_tried_again(cloud: Cloud, code: str) -> None:
    cloud.answers["subnet-1"] = [refused(code)] * 3
    assert ids(remove(ACCESS, left("subnet"), cloud.patience()).done) == ["subnet-1"]
    assert cloud.now == 15


def test_an_address_of_a_gateway_that_goes_is_tried_again(cloud: Cloud) -> None:
    cloud.answers["elastic-ip-1"] = [refused("AuthFailure")]
    assert not remove(ACCESS, left("elastic-ip"), cloud.patience()).failures


def test_after_the_time_the_reason_is_told_and_the_rest_goes_on(cloud: Cloud) -> None:
    cloud.answers["subnet-1"] = [refused("DependencyViolation")] * 100
    done = remove(ACCESS, left("subnet", "volume"), cloud.patience(20))
    assert "DependencyViolation" in done.failures["subnet-1"]
    assert ids(done.done) == ["volume-1"]


def test_what_is_denied_is_not_tried_again(cloud: Cloud) -> None:
    cloud.answers["volume-1"] = [refused("UnauthorizedOperation")]
    done = remove(ACCESS, left("volume"), cloud.patience())
    assert "ec2:Delete" in done.failures["volume-1"]
    assert cloud.order == ["volume-1"]


def test_what_is_gone_already_counts_as_removed(cloud: Cloud) -> None:
    cloud.answers["volume-1"] = [Missing("gone", "InvalidVolume.NotFound")]
    assert ids(remove(ACCESS, left("volume"), cloud.patience()).done) == ["volume-1"]


def test_machines_are_waited_for(cloud: Cloud) -> None:
    cloud.still_there = 2
    remove(ACCESS, left("instance", "subnet"), cloud.patience())
    assert cloud.now == 10


def test_machines_are_not_waited_for_for_ever(cloud: Cloud) -> None:
    cloud.still_there = 1000
    assert ids(remove(ACCESS, left("instance", "subnet"), cloud.patience(20)).done) == ["instance-1", "subnet-1"]


def test_not_being_able_to_look_does_not_end_it(cloud: Cloud) -> None:
    cloud.failing_look = True
    assert len(remove(ACCESS, left("instance", "subnet"), cloud.patience()).done) == 2


@pytest.mark.parametrize("more", [{"live": True}, {"reason": "its tags name other too"}])
def test_what_is_not_removable_is_never_touched(cloud: Cloud, more: Any) -> None:
    done = remove(ACCESS, left(*ORDER, **more), cloud.patience())
    assert not cloud.order
    assert not done.done


def test_a_bucket_is_never_touched(cloud: Cloud) -> None:
    remove(ACCESS, left("bucket", "secret"), cloud.patience())
    assert not cloud.order

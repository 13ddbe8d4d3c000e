# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Gone
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotReachable, NotServed, Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait import follow
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Stream
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.follow import Follower, News

from .fakes import Event, FakeApi, Listing

EVENTS = Stream(Kind("v1", "Event"), "mke", fields="type=Warning")


def thing(version: str) -> dict[str, Any]:
    return {"metadata": {"name": "x", "namespace": "mke", "resourceVersion": version}}


class Followed:
    """A follower whose news are taken one by one; the end of the test ends it."""

    def __init__(self, api: FakeApi) -> None:
        self.inbox: queue.Queue[News] = queue.Queue()
        go_on = threading.Event()
        go_on.set()
        self.follower = Follower(api, EVENTS, self.inbox, go_on)  # type: ignore[arg-type]
        self.follower.watch_first = True
        self.follower.unserved_seconds = 0.0

    def kinds(self, count: int) -> list[str]:
        return [self.inbox.get(timeout=30).kind for _number in range(count)]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    monkeypatch.setattr(follow, "FIRST_PAUSE_SECONDS", 0.0)
    found = FakeApi()
    found.lists["Event"] = [Listing([], "20")]
    return found


@pytest.fixture
def followed(api: FakeApi) -> Iterator[Followed]:
    found = Followed(api)
    yield found
    found.follower.end()


def test_what_there_is_may_come_through_the_watch_itself(api: FakeApi, followed: Followed) -> None:
    api.watches["Event"] = [([Event("ADDED", thing("7")), Event("MODIFIED", thing("8"))], False)]
    followed.follower.start()
    assert followed.kinds(2) == ["ADDED", "MODIFIED"]
    assert api.asked == ["watch Event"]


def test_a_watch_that_was_cut_after_its_first_objects_is_taken_up_where_it_ended(
    api: FakeApi, followed: Followed
) -> None:
    api.watches["Event"] = [([Event("ADDED", thing("7")), Event("BOOKMARK", thing("9"))], True)]
    api.watches["Event"].append(([Event("MODIFIED", thing("10"))], False))
    followed.follower.start()
    assert followed.kinds(3) == ["ADDED", "BOOKMARK", "MODIFIED"]
    assert api.asked == ["watch Event", "watch Event 9"]


@pytest.mark.parametrize("cut", [[Event("ADDED", thing("7"))], [], [Gone("too old")]])
def test_a_watch_that_was_cut_before_everything_came_is_followed_by_a_list(
    cut: list[Any], api: FakeApi, followed: Followed
) -> None:
    """The versions of the first objects are in no order: from them nobody can go on."""
    api.watches["Event"] = [(cut, True), ([Event("MODIFIED", thing("21"))], False)]
    followed.follower.start()
    assert [kind for kind in followed.kinds(len(cut) + 2 - isinstance((cut or [0])[0], Gone)) if kind != "ADDED"] == [
        "LISTED",
        "MODIFIED",
    ]
    assert api.asked == ["watch Event", "list Event mke  type=Warning", "watch Event 20"]


@pytest.mark.parametrize("answer", [NotServed("no such kind"), Refused("404", 404)])
def test_a_kind_that_is_not_served_is_looked_for_again(answer: Exception, api: FakeApi, followed: Followed) -> None:
    real, answers = api.watch, [answer]

    def watch(*args: Any, **options: Any) -> Any:
        if answers:
            raise answers.pop()
        return real(*args, **options)

    api.watch = watch  # type: ignore[method-assign]
    api.watches["Event"] = [([Event("ADDED", thing("7"))], False)]
    followed.follower.start()
    news = followed.inbox.get(timeout=30)
    assert (news.kind, news.text) == ("LISTED", "it does not serve Event")
    assert followed.kinds(1) == ["ADDED"]


def test_who_may_not_look_is_told_so_at_once(api: FakeApi, followed: Followed) -> None:
    def watch(*_args: Any, **_options: Any) -> Any:
        raise Refused("forbidden", 403)

    api.watch = watch  # type: ignore[method-assign]
    followed.follower.start()
    assert followed.kinds(1) == ["ENDED"]


def test_a_quiet_watch_says_that_the_trouble_is_over(api: FakeApi, followed: Followed) -> None:
    real, answers = api.watch, [NotReachable("503")]

    def watch(*args: Any, **options: Any) -> Any:
        if answers:
            raise answers.pop()
        return real(*args, **options)

    api.watch = watch  # type: ignore[method-assign]
    followed.follower.start()
    assert followed.kinds(2) == ["TROUBLE", "OPENED"]

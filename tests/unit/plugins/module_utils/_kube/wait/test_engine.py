# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Gone
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import (
    KubeError,
    NotReachable,
    Refused,
    TimedOut,
    WaitFailed,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait import engine, follow
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Selection, Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import absent, condition, exists, field

from .fakes import Event, FakeApi, Listing, Time

UI = Ref("v1", "ConfigMap", "ui", "mke")
OTHER = Ref("v1", "ConfigMap", "other", "mke")
NODES = Selection(Kind("v1", "Node"))


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "FIRST_PAUSE_SECONDS", 0.0)


def thing(name: str = "ui", version: str = "1", **status: Any) -> Dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "mke", "resourceVersion": version}, "status": status}


def listing(*items: Dict[str, Any], version: str = "10") -> Listing:
    return Listing(list(items), version)


def wait(api: FakeApi, *wanted: Wanted, timeout: float = 600, **options: Any) -> Dict[Ref, Dict[str, Any]]:
    options = {"clock": Time(), "explainer": lambda _api, namespace: [], **options}
    return engine.wait_all(api, wanted, timeout, **options)  # type: ignore[arg-type]


def test_what_is_as_it_should_be_costs_one_request() -> None:
    api = FakeApi()
    api.lists["ConfigMap"] = [listing(thing(phase="up"))]
    assert wait(api, Wanted(UI, field("status.phase", "up"))) == {UI: thing(phase="up")}
    assert api.asked == ["list ConfigMap mke  metadata.name=ui"]


def test_nothing_to_wait_for_costs_nothing() -> None:
    assert wait(FakeApi()) == {}


def test_changes_come_by_a_watch_and_not_by_asking_again() -> None:
    api = FakeApi()
    api.lists["ConfigMap"] = [listing(thing(), thing("other"), thing("third"))]
    changes: List[Any] = [
        Event("MODIFIED", thing(version="11", phase="up")),
        Event("MODIFIED", thing("other", "12", phase="up")),
    ]
    api.watches["ConfigMap"] = [(changes, False)]
    up = field("status.phase", "up")
    assert set(wait(api, Wanted(UI, up), Wanted(OTHER, up))) == {UI, OTHER}
    assert api.asked == ["list ConfigMap mke", "watch ConfigMap 10"]


def test_a_cut_watch_is_taken_up_where_it_ended() -> None:
    api = FakeApi()
    api.lists["ConfigMap"] = [listing(thing())]
    api.watches["ConfigMap"] = [
        ([Event("MODIFIED", thing(version="11"))], True),
        ([], True),
        ([Event("BOOKMARK", {"metadata": {"resourceVersion": "15"}})], True),
        ([Event("MODIFIED", thing(version="16", phase="up"))], False),
    ]
    wait(api, Wanted(UI, field("status.phase", "up")))
    assert api.asked[1:] == ["watch ConfigMap 10", "watch ConfigMap 11", "watch ConfigMap 11", "watch ConfigMap 15"]


def test_a_version_that_is_too_old_means_a_new_list() -> None:
    api = FakeApi()
    api.lists["ConfigMap"] = [listing(thing()), listing(thing(phase="up"), version="20")]
    api.watches["ConfigMap"] = [([Gone("too old")], True)]
    wait(api, Wanted(UI, field("status.phase", "up")))
    assert [asked.split()[0] for asked in api.asked][:3] == ["list", "watch", "list"]


def test_a_kind_that_is_not_served_yet_is_waited_for() -> None:
    api = FakeApi()
    api.lists["ConfigMap"] = [listing(version=""), listing(version=""), listing(thing())]
    wait(api, Wanted(UI, exists()))
    assert [asked.split()[0] for asked in api.asked][:3] == ["list"] * 3


def test_an_object_that_goes_away_ends_a_wait_for_that() -> None:
    api = FakeApi()
    api.lists["ConfigMap"] = [listing(thing())]
    api.watches["ConfigMap"] = [([Event("DELETED", thing(version="11"))], False)]
    assert wait(api, Wanted(UI, absent())) == {}


def test_everything_has_to_be_so_at_the_same_time() -> None:
    api = FakeApi()
    api.lists["ConfigMap"] = [listing(thing(phase="up"))]
    api.lists["Node"] = [listing()]
    back: List[Any] = [
        Event("MODIFIED", thing(version="12", phase="down")),
        Event("MODIFIED", thing(version="13", phase="up")),
    ]
    api.watches["ConfigMap"] = [(back, False)]
    api.watches["Node"] = [([Event("ADDED", {"metadata": {"name": "n1", "resourceVersion": "14"}})], False)]
    found = wait(api, Wanted(UI, field("status.phase", "up")), Wanted(NODES, exists()))
    assert found[UI]["status"] == {"phase": "up"}


def test_a_failure_ends_the_wait_at_once_with_its_causes() -> None:
    api = FakeApi()
    api.lists["ConfigMap"] = [listing(thing())]
    broken = {"type": "Ready", "status": "False", "reason": "Broken", "message": "no such chart"}
    api.watches["ConfigMap"] = [([Event("MODIFIED", thing(version="11", conditions=[broken]))], False)]
    with pytest.raises(WaitFailed) as caught:
        wait(
            api,
            Wanted(UI, condition("Ready", fails=("Broken",))),
            explainer=lambda _api, namespace: [f"Job {namespace}/pre failed"],
        )
    assert str(caught.value) == (
        "Waiting ended after 0 s, it can't succeed any more: ConfigMap mke/ui: Ready is False (Broken): no such chart\n"
        "What the cluster says about it:\n"
        "  Job mke/pre failed"
    )
    assert caught.value.report()["causes"] == ["Job mke/pre failed"]
    assert caught.value.report()["lacking"] == ["ConfigMap mke/ui: Ready is False (Broken): no such chart"]


def test_on_time_out_everything_that_is_missing_is_told() -> None:
    time, api = Time(), FakeApi()
    api.lists["ConfigMap"] = [listing(thing())]
    api.watches["ConfigMap"] = [([lambda: time.pass_by(601)], False)]
    asked: List[str] = []
    with pytest.raises(TimedOut) as caught:
        wait(
            api,
            Wanted(UI, field("status.phase", "up")),
            Wanted(OTHER, exists()),
            clock=time,
            explain_in=["a", "b"],
            explainer=lambda _api, namespace: asked.append(namespace) or [],  # type: ignore[func-returns-value]
        )
    assert str(caught.value) == (
        "After 10 min 1 s not everything is as it should be:\n"
        "  ConfigMap mke/ui: status.phase is not set yet\n"
        "  ConfigMap mke/other: it does not exist"
    )
    assert asked == ["a", "b"]


def test_a_server_that_can_not_be_reached_is_weather_until_the_time_is_over() -> None:
    time, api = Time(), FakeApi()

    def later() -> Listing:
        time.now = 701.0
        raise NotReachable("https://example.com did not answer")

    api.lists["ConfigMap"] = [NotReachable("first"), later]
    with pytest.raises(TimedOut) as caught:
        wait(api, Wanted(UI, exists()), clock=time, explainer=lambda _api, _namespace: ["never asked"])
    text = str(caught.value)
    assert text.startswith("After 10 min 1 s not everything is as it should be: ConfigMap ui in mke: ")
    assert "The API server could not be asked: " in text
    assert "never asked" not in text


def test_a_server_that_comes_back_goes_on_with_the_wait() -> None:
    api = FakeApi()
    api.lists["ConfigMap"] = [NotReachable("away"), listing(thing())]
    api.watches["ConfigMap"] = [([NotReachable("away")], True)]
    api.lists["ConfigMap"].append(listing(thing(phase="up")))
    assert wait(api, Wanted(UI, field("status.phase", "up"))) == {UI: thing(phase="up")}


def test_an_answer_that_says_no_ends_the_wait() -> None:
    api = FakeApi()
    api.lists["ConfigMap"] = [Refused("no", 403, "Forbidden")]
    with pytest.raises(Refused, match="no"):
        wait(api, Wanted(UI, exists()))


def test_progress_is_said_once_until_it_changes() -> None:
    time, api = Time(), FakeApi()
    api.lists["ConfigMap"] = [listing(thing())]
    api.watches["ConfigMap"] = [
        (
            [
                lambda: time.pass_by(40),
                Event("MODIFIED", thing(version="11", phase="new")),
                lambda: time.pass_by(40),
                Event("MODIFIED", thing(version="12", phase="up")),
            ],
            False,
        )
    ]
    said: List[str] = []
    wait(api, Wanted(UI, field("status.phase", "up")), clock=time, progress=said.append)
    assert said[0].endswith("0 of 1 ready; waiting for ConfigMap mke/ui: status.phase is not set yet")
    assert len(said) == len({line.partition(": ")[2] for line in said})


def test_every_watch_is_closed_in_the_end() -> None:
    api = FakeApi()
    api.lists["ConfigMap"] = [listing(thing())]
    api.lists["Node"] = [listing()]
    api.watches["ConfigMap"] = [([Event("MODIFIED", thing(version="11", phase="up"))], False)]
    api.watches["Node"] = [([Event("ADDED", {"metadata": {"name": "n1"}})], False)]
    wait(api, Wanted(UI, field("status.phase", "up")), Wanted(NODES, exists()))
    assert all(watching.closed.wait(60) for watching in api.opened)
    assert len(api.opened) == 2


def test_an_error_without_a_name_is_told_as_well() -> None:
    api = FakeApi()
    api.lists["ConfigMap"] = [KubeError("the answer is no JSON")]
    with pytest.raises(KubeError, match="no JSON"):
        wait(api, Wanted(UI, exists()))


def test_a_look_waits_for_nothing_and_says_what_is_missing() -> None:
    api = FakeApi()
    api.lists["ConfigMap"] = [listing(thing(phase="up"))]
    api.lists["Node"] = [listing()]
    found = engine.look(api, [Wanted(UI, exists()), Wanted(NODES, exists())])  # type: ignore[arg-type]
    assert found == ({UI: thing(phase="up")}, ["Node objects: there are none yet"])

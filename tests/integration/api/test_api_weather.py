# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each verb through each kind of bad weather."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube import api as api_module
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api, Gone
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotReachable, NotServed, Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from tests.api import fault_kinds
from tests.api.bed import Bed
from tests.api.faults import ALWAYS, FaultProxy

from .weather import UNSEEN, WEATHER, Sleeps, api_through

CONFIG_MAPS = Kind("v1", "ConfigMap")


def config_map(namespace: str, name: str = "x", **data: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": namespace},
        "data": data,
    }


def made(bed: Bed, namespace: str, name: str = "x", **data: str) -> Ref:
    bed.client.apply(f"/api/v1/namespaces/{namespace}/configmaps/{name}", config_map(namespace, name, **data))
    return Ref("v1", "ConfigMap", name, namespace)


def data_of(bed: Bed, namespace: str, name: str = "x") -> Any:
    found = bed.client.get(f"/api/v1/namespaces/{namespace}/configmaps/{name}")
    return None if found is None else found.get("data")


VERBS: dict[str, Callable[[Api, Ref], Any]] = {
    "get": lambda api, ref: (api.get(ref) or {})["data"] == {"a": "1"},
    "list": lambda api, ref: [item["metadata"]["name"] for item in api.list(CONFIG_MAPS, ref.namespace).items] == ["x"],
    "apply": lambda api, ref: api.apply(config_map(ref.namespace, b="2"))["data"] == {"a": "1", "b": "2"},
    "patch": lambda api, ref: api.patch(ref, {"data": {"b": "2"}})["data"] == {"a": "1", "b": "2"},
    "replace": lambda api, ref: api.replace(config_map(ref.namespace, b="2"))["data"] == {"b": "2"},
    "raw": lambda api, ref: "v1" in api.raw("/version"),
    "version": lambda api, ref: api.version()["major"] == "1",
}


@pytest.mark.parametrize("weather", UNSEEN)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_does_its_work_in_bad_weather(
    verb: str, weather: str, bed: Bed, proxy: FaultProxy, namespace: str
) -> None:
    ref = made(bed, namespace, a="1")
    api = api_through(bed, proxy)
    # A token that has expired is read again once; a second refusal would be meant.
    times = 1 if weather in ("expired token", "slow") else 3
    proxy.expect(UNSEEN[weather], times=times)
    assert VERBS[verb](api, ref)
    assert proxy.played
    assert api.requests == len(proxy.requests()) == (1 if weather == "slow" else times + 1)


@pytest.mark.parametrize("weather", WEATHER)
def test_an_object_is_created_and_deleted_in_bad_weather(
    weather: str, bed: Bed, proxy: FaultProxy, namespace: str
) -> None:
    api, ref = api_through(bed, proxy), Ref("v1", "ConfigMap", "x", namespace)
    truncated = weather.startswith("truncated")
    proxy.expect(WEATHER[weather], method="GET" if truncated else "")
    if truncated:
        assert api.get(ref) is None
    assert api.create(config_map(namespace, a="1"))["metadata"]["name"] == "x"
    assert api.delete(ref)
    assert not api.delete(ref)
    assert data_of(bed, namespace) is None


def test_a_deletion_whose_answer_is_lost_is_a_deletion(bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    ref = made(bed, namespace)
    proxy.expect(fault_kinds.LostAnswer(), method="DELETE")
    assert api_through(bed, proxy).delete(ref)
    assert data_of(bed, namespace) is None


def test_a_creation_whose_answer_is_lost_is_a_creation(bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    proxy.expect(fault_kinds.LostAnswer(), method="POST")
    found = api_through(bed, proxy).create(config_map(namespace, a="1"))
    assert found["data"] == {"a": "1"}


def test_what_is_there_already_is_not_taken_for_created(bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    made(bed, namespace)
    with pytest.raises(Refused) as caught:
        api_through(bed, proxy).create(config_map(namespace))
    assert (caught.value.status, caught.value.reason) == (409, "AlreadyExists")


def test_what_the_server_asks_for_is_kept(bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    sleeps = Sleeps()
    api = bed.api(server=proxy.url, clock=sleeps.clock)
    proxy.expect(fault_kinds.busy(retry_after=7), times=2)
    assert api.version()
    assert [seconds >= 7 for seconds in sleeps.wanted] == [True, True]


def test_a_connection_that_fell_silent_is_given_up(
    bed: Bed, proxy: FaultProxy, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_module, "REQUEST_SECONDS", 0.5)
    api = api_through(bed, proxy)
    proxy.expect(fault_kinds.Silent())
    assert api.version()["major"] == "1"


WORDS = {
    "503": "503 the server is currently unable to handle the request",
    "429": "429 too many requests",
    "storage is initializing": "429 storage is (re)initializing",
    "leader changed": "500 etcdserver: leader changed",
    "etcd timed out": "500 etcdserver: request timed out",
    "502 page": "502",
    "reset": "onnection",
    "truncated": "onnection",
    "truncated to nothing": "onnection",
}


@pytest.mark.parametrize("weather", WORDS)
def test_weather_that_lasts_is_told_in_its_own_words(weather: str, bed: Bed, proxy: FaultProxy) -> None:
    api = api_through(bed, proxy, deadline=0.3)
    proxy.expect(WEATHER[weather], times=ALWAYS)
    with pytest.raises(NotReachable) as caught:
        api.version()
    told, _words, last = str(caught.value).rpartition("at last: ")
    assert told.startswith(f"Could not read the version of the API server: {proxy.url} gave no usable answer")
    assert WORDS[weather] in last


def test_a_token_that_stays_refused_is_told(bed: Bed, proxy: FaultProxy) -> None:
    proxy.expect(fault_kinds.unauthorized(), times=ALWAYS)
    with pytest.raises(Refused) as caught:
        api_through(bed, proxy).version()
    assert caught.value.status == 401
    assert "credentials" in str(caught.value)
    assert len(proxy.requests()) == 2


def test_a_token_that_was_replaced_in_its_file_is_read_again(bed: Bed, proxy: FaultProxy, tmp_path: Any) -> None:
    token = tmp_path / "token"
    token.write_text("expired-token")
    kubeconfig = bed.kubeconfig(server=proxy.url)
    kubeconfig["users"][0]["user"] = {"tokenFile": str(token)}
    from ansible_collections.mke4k.core.plugins.module_utils._kube.access import Access  # noqa: PLC0415
    from ansible_collections.mke4k.core.plugins.module_utils._kube.client import connect  # noqa: PLC0415

    api = connect(Access.of({"kubeconfig": kubeconfig}, {}), deadline=60)
    token.write_text(bed.kubeconfig()["users"][0]["user"]["token"])
    assert api.version()["major"] == "1"
    assert len(proxy.requests()) == 2


def test_who_may_not_do_something_is_told_at_once(bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    api = api_through(bed, proxy, user="restricted")
    assert api.list(CONFIG_MAPS, namespace).items == []
    with pytest.raises(Refused) as caught:
        api.apply(config_map(namespace))
    assert caught.value.status == 403
    assert 'User "restricted" cannot patch resource "configmaps"' in str(caught.value)
    assert len(proxy.requests("PATCH")) == 1


def test_an_unknown_kind_is_looked_for_and_told(bed: Bed, proxy: FaultProxy) -> None:
    api = api_through(bed, proxy)
    kind = Kind("nobody.example/v1", "Thing")
    assert api.list(kind).resource_version == ""
    assert api.get(Ref("nobody.example/v1", "Thing", "x")) is None
    with pytest.raises(NotServed, match="does not know the kind Thing"):
        api.apply({"apiVersion": "nobody.example/v1", "kind": "Thing", "metadata": {"name": "x"}})


def test_a_long_list_comes_in_pages_and_each_may_meet_bad_weather(
    bed: Bed, proxy: FaultProxy, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_module, "PAGE", 2)
    for number in range(5):
        made(bed, namespace, f"c{number}")
    proxy.expect(fault_kinds.unavailable(), path="/configmaps", skip=1)
    proxy.expect(fault_kinds.Truncated(), path="/configmaps", skip=1)
    listing = api_through(bed, proxy).list(CONFIG_MAPS, namespace)
    assert [item["metadata"]["name"] for item in listing.items] == [f"c{number}" for number in range(5)]
    assert proxy.played


def test_a_page_that_is_too_old_begins_the_list_anew(
    bed: Bed, proxy: FaultProxy, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_module, "PAGE", 2)
    for number in range(3):
        made(bed, namespace, f"c{number}")
    proxy.expect(fault_kinds.gone(), path="/configmaps", skip=1)
    listing = api_through(bed, proxy).list(CONFIG_MAPS, namespace)
    assert [item["metadata"]["name"] for item in listing.items] == ["c0", "c1", "c2"]
    assert proxy.played


def events_of(api: Api, namespace: str, version: str, count: int = 100) -> list[str]:
    """The first events of a watch, or all until it ends."""
    found = []
    watch = api.watch(CONFIG_MAPS, namespace, resource_version=version, timeout=60)
    for event in watch:
        found.append(f"{event.type} {event.object['metadata'].get('name')}")
        if len(found) == count:
            watch.close()
    return found


def test_a_watch_tells_what_has_happened_since(bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    api = api_through(bed, proxy)
    version = api.list(CONFIG_MAPS, namespace).resource_version
    made(bed, namespace, a="1")
    made(bed, namespace, a="2")
    assert events_of(api, namespace, version, 2) == ["ADDED x", "MODIFIED x"]


@pytest.mark.parametrize("weather", [name for name in WEATHER if not name.startswith("truncated")])
def test_a_watch_is_opened_in_bad_weather(weather: str, bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    api = api_through(bed, proxy)
    version = api.list(CONFIG_MAPS, namespace).resource_version
    made(bed, namespace, a="1")
    proxy.expect(WEATHER[weather], watch=True)
    assert events_of(api, namespace, version, 1) == ["ADDED x"]
    assert proxy.played


@pytest.mark.parametrize("how", ["end", "torn", "reset"])
def test_a_watch_that_is_cut_just_ends(how: str, bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    api = api_through(bed, proxy)
    version = api.list(CONFIG_MAPS, namespace).resource_version
    made(bed, namespace, a="1")
    made(bed, namespace, a="2")
    proxy.expect(fault_kinds.Cut(1, how), watch=True)
    assert events_of(api, namespace, version) in (["ADDED x"], [])
    assert proxy.played


@pytest.mark.parametrize("fault", [fault_kinds.gone(), fault_kinds.gone_in_watch()], ids=["status", "event"])
def test_a_version_that_is_too_old_is_told_apart(
    fault: fault_kinds.Fault, bed: Bed, proxy: FaultProxy, namespace: str
) -> None:
    api = api_through(bed, proxy)
    proxy.expect(fault, watch=True)
    with pytest.raises(Gone):
        events_of(api, namespace, "1")

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Gone, Watch
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotReachable, NotServed, Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref

from .server import Server, Time, Trouble, answer, api_of, config_map, lost, refused

CONFIG_MAP = Ref("v1", "ConfigMap", "a", "x")
PATH = "/api/v1/namespaces/x/configmaps/a"


def server_with(*troubles: Trouble) -> Server:
    server = Server(*troubles)
    server.objects[PATH] = config_map(key="1")
    return server


def test_an_object_is_read_with_one_request() -> None:
    server = server_with()
    api = api_of(server)
    assert api.get(CONFIG_MAP) == config_map(key="1")
    assert (api.requests, server.verbs()) == (1, ["GET"])


def test_an_object_that_is_not_there_is_none() -> None:
    assert api_of(Server()).get(CONFIG_MAP) is None


@pytest.mark.parametrize(
    "trouble",
    [refused(503), refused(429, "TooManyRequests"), refused(500, "InternalError", "etcdserver: leader changed"), lost(),
     refused(504, "Timeout"), lambda: answer(200, ["no object"])],
)  # fmt: skip
def test_bad_weather_passes_unseen(trouble: Trouble) -> None:
    api = api_of(server_with(trouble, trouble))
    assert api.get(CONFIG_MAP) == config_map(key="1")
    assert api.requests == 3


def test_weather_that_lasts_is_told_with_the_last_answer() -> None:
    server = Server(*[refused(503, message="no endpoints")] * 500)
    with pytest.raises(
        NotReachable, match=r"Could not read ConfigMap x/a: https://api.test:6443 gave .* 503 no endpoints"
    ):
        api_of(server, deadline=20).get(CONFIG_MAP)


def test_the_server_says_how_long_to_wait() -> None:
    time = Time()
    api_of(server_with(refused(429, Retry_After="7")), time=time).get(CONFIG_MAP)
    assert 7 <= time.slept[0] < 8


def test_credentials_that_have_expired_are_read_again_once() -> None:
    server = server_with(refused(401))
    assert api_of(server).get(CONFIG_MAP)
    assert server.renewed == 1
    with pytest.raises(Refused, match=r"401.*get new ones"):
        api_of(server_with(refused(401), refused(401))).get(CONFIG_MAP)


def test_a_refusal_is_told_at_once_with_what_to_do() -> None:
    server = server_with(refused(403, "Forbidden", "cannot get configmaps"))
    with pytest.raises(Refused, match=r"cannot get configmaps.*cluster-admin") as caught:
        api_of(server).get(CONFIG_MAP)
    assert (caught.value.status, caught.value.reason, len(server.seen)) == (403, "Forbidden", 1)


def test_a_list_says_what_its_items_are_and_comes_in_pages() -> None:
    pages = [{"items": [{"metadata": {"name": "a"}}], "metadata": {"continue": "more"}},
             {"items": [{"metadata": {"name": "b"}}], "metadata": {"resourceVersion": "9"}}]  # fmt: skip
    server = Server(*[lambda page=page: answer(200, page) for page in pages])
    found = api_of(server).list(Kind("v1", "Node"), labels="role=cp")
    assert [item["metadata"]["name"] for item in found.items] == ["a", "b"]
    assert {item["kind"] for item in found.items} == {"Node"}
    assert found.resource_version == "9"
    assert [query.get("labelSelector") for _verb, _path, query, _body in server.seen] == ["role=cp"] * 2


def test_a_list_whose_pages_are_too_old_is_made_anew_in_one() -> None:
    first = {"items": [{"metadata": {"name": "a"}}], "metadata": {"continue": "more"}}
    whole = {"items": [{"metadata": {"name": "b"}}], "metadata": {"resourceVersion": "9"}}
    server = Server(lambda: answer(200, first), refused(410, "Expired"), lambda: answer(200, whole))
    assert [item["metadata"]["name"] for item in api_of(server).list(Kind("v1", "Node")).items] == ["b"]


def test_a_kind_that_is_not_served_has_no_objects() -> None:
    api = api_of(Server())
    thing = Kind("example.com/v1", "Thing")
    assert (api.list(thing).items, api.list(thing).resource_version) == ([], "")
    assert api.get(Ref("example.com/v1", "Thing", "a")) is None
    assert not api.delete(Ref("example.com/v1", "Thing", "a"))
    with pytest.raises(NotServed, match=r"does not know the kind Thing of example.com/v1"):
        api.apply({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}})


def test_a_kind_is_looked_for_again_as_long_as_it_is_not_there() -> None:
    server = Server()
    api = api_of(server)
    ref = Ref("example.com/v1", "Thing", "a")
    assert api.get(ref) is None
    server.kinds["/apis/example.com/v1"] = [
        {"name": "things", "kind": "Thing"},
        {"name": "things/status", "kind": "Thing"},
    ]
    server.objects["/apis/example.com/v1/things/a"] = {"metadata": {"name": "a"}}
    assert api.get(ref) == {"metadata": {"name": "a"}}
    before = api.requests
    assert api.get(ref)
    assert api.requests == before + 1


def test_an_apply_names_this_collection_as_the_owner() -> None:
    server = Server()
    api_of(server).apply(config_map(key="1"), dry_run=True)
    assert server.seen[0][2] == {"fieldManager": "mke4k.core", "force": "true", "dryRun": "All"}
    assert server.objects == {}


def test_an_object_that_was_created_although_the_answer_was_lost_is_no_conflict() -> None:
    server = Server(lost())
    server.objects[PATH] = config_map(key="1")
    assert api_of(server).create(config_map(key="1")) == config_map(key="1")
    with pytest.raises(Refused, match=r"409"):
        api_of(server_with()).create(config_map(key="1"))


def test_a_deletion_whose_answer_was_lost_counts_as_done() -> None:
    assert api_of(Server(lost())).delete(CONFIG_MAP)
    assert not api_of(Server()).delete(CONFIG_MAP)


def test_only_the_object_that_was_seen_is_deleted() -> None:
    server = server_with()
    assert api_of(server).delete(CONFIG_MAP, uid="u1")
    assert server.seen[0][3] == {"propagationPolicy": "Background", "preconditions": {"uid": "u1"}}
    with pytest.raises(Refused, match=r"409"):
        api_of(server_with(refused(409, "Conflict"))).delete(CONFIG_MAP)


def test_other_verbs_reach_the_server_as_they_are() -> None:
    server = server_with()
    api = api_of(server)
    api.patch(CONFIG_MAP, {"data": {"a": "b"}}, subresource="status")
    api.replace(config_map(key="2"))
    server.objects["/version"] = {"gitVersion": "v1.33.13"}
    assert api.version()["gitVersion"] == "v1.33.13"
    assert '"gitVersion"' in api.raw("/version")
    api.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {"metadata": {"name": "x"}})
    assert [path for _verb, path, _query, _body in server.seen][:2] == [f"{PATH}/status", PATH]


class FakeLines:
    def __init__(self, *lines: bytes) -> None:
        self._lines = lines
        self.closed = False

    def __iter__(self):  # type: ignore[no-untyped-def]
        yield from self._lines

    def close(self) -> None:
        self.closed = True


def watched(*lines: bytes) -> list[str]:
    found = FakeLines(*lines)
    events = [event.type for event in Watch(found)]  # type: ignore[arg-type]
    assert found.closed
    return events


def test_a_watch_gives_events_until_it_is_cut() -> None:
    added = b'{"type": "ADDED", "object": {}}'
    assert watched(added, b"torn", added) == ["ADDED"]
    assert watched(added, b'{"type": "ERROR", "object": {"code": 500}}', added) == ["ADDED"]


def test_a_watch_says_that_its_version_is_too_old() -> None:
    with pytest.raises(Gone, match=r"too old"):
        watched(b'{"type": "ERROR", "object": {"code": 410, "message": "too old resource version"}}')

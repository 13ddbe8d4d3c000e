# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All keys of etcd at one revision, read page by page from a server."""

from __future__ import annotations

import base64
import json
from typing import Any, Dict, Iterator, List, Tuple

import pytest
from hypothesis import given, strategies

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.keys import (
    Compacted,
    EtcdKeys,
    census,
    kind_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.prove import prove
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError, NoAnswer
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.etcd import Etcd
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.servers import Pki

KEYS = {f"/registry/configmaps/shop/c{number}": 100 + number for number in range(7)}
KEYS["/registry/minions/n1"] = 90


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("controller"))


class FakeEtcd:
    """Answers ranges as etcd's gateway does: numbers are texts, keys base64."""

    def __init__(self, keys: Dict[str, int], compacted: int = 0) -> None:
        self.keys = keys
        self.compacted = compacted
        self.asked: List[Dict[str, Any]] = []

    def __call__(self, body: bytes) -> Tuple[int, Any]:
        asked = json.loads(body)
        self.asked.append(asked)
        if asked.get("revision", self.compacted) < self.compacted:
            message = "etcdserver: mvcc: required revision has been compacted"
            return 400, {"error": message, "code": 11, "message": message}
        if "range_end" not in asked:
            return 200, {"header": {"revision": "120"}}
        start = base64.b64decode(asked["key"])
        found = sorted(name.encode() for name in self.keys if name.encode() >= start)
        page = found[: asked["limit"]]
        items = [
            {"key": base64.b64encode(name).decode(), "mod_revision": str(self.keys[name.decode()])} for name in page
        ]
        return 200, {"kvs": items, "more": len(found) > len(page)} if items else {}


def read(pki: Pki, fake: Any, page: int = 3) -> Iterator[EtcdKeys]:
    with pki.etcd_client({"/v3/kv/range": fake}) as server:
        yield EtcdKeys(Etcd(str(pki.data_dir), port=server.port), page=page)


@pytest.mark.parametrize("page", [1, 3, 8, 5000])
def test_keys_are_read_page_by_page(pki: Pki, page: int) -> None:
    fake = FakeEtcd(KEYS)
    for keys in read(pki, fake, page):
        assert keys.revision() == 120
        assert list(keys.at(120)) == sorted(KEYS.items())
    assert all(asked["keys_only"] and asked["revision"] == 120 for asked in fake.asked[1:])


def test_the_same_keys_prove_a_restore(pki: Pki) -> None:
    wanted = census(120, sorted(KEYS.items()))
    assert (wanted.keys, wanted.kinds) == (8, {"configmaps": 7, "nodes": 1})
    for keys in read(pki, FakeEtcd(KEYS)):
        found = prove(wanted.to_dict(), keys)
    assert (found.proven, found.keys) == (True, 8)


def test_a_lost_object_is_told_by_its_kind(pki: Pki) -> None:
    wanted = census(120, sorted(KEYS.items())).to_dict()
    fewer = {name: changed for name, changed in KEYS.items() if not name.endswith(("c1", "c2"))}
    for keys in read(pki, FakeEtcd(fewer)):
        with pytest.raises(K0sError, match=r"6 keys at revision 120, 8 were expected \(configmaps: 5 of 7\)"):
            prove(wanted, keys)


def test_an_older_version_of_an_object_is_a_difference(pki: Pki) -> None:
    wanted = census(120, sorted(KEYS.items())).to_dict()
    for keys in read(pki, FakeEtcd({**KEYS, "/registry/minions/n1": 80})):
        with pytest.raises(K0sError, match="other versions of them"):
            prove(wanted, keys)


def test_a_revision_that_etcd_has_forgotten_proves_nothing(pki: Pki) -> None:
    for keys in read(pki, FakeEtcd(KEYS, compacted=200)):
        with pytest.raises(Compacted):
            list(keys.at(120))
        found = prove(census(120, sorted(KEYS.items())).to_dict(), keys)
    assert not found.proven
    assert "all 8 keys" in found.text


def test_an_etcd_without_a_quorum_is_an_error(pki: Pki) -> None:
    for keys in read(pki, lambda _body: (503, {"message": "etcdserver: no leader"})):
        with pytest.raises(NoAnswer, match="no leader"):
            keys.revision()


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("/registry/pods/kube-system/x", "pods"),
        ("/registry/minions/n1", "nodes"),
        ("/registry/services/specs/default/kubernetes", "services"),
        ("/registry/services/endpoints/default/kubernetes", "endpoints"),
        ("/registry/apiregistration.k8s.io/apiservices/v1.", "apiservices.apiregistration.k8s.io"),
        ("/registry/k0rdent.mirantis.com/clusterdeployments/mke/a", "clusterdeployments.k0rdent.mirantis.com"),
        ("/registry/ranges", ""),
        ("compact_rev_key", ""),
    ],
)
def test_kinds(key: str, kind: str) -> None:
    assert kind_of(key) == kind


def test_what_the_server_writes_by_itself_does_not_count() -> None:
    assert census(5, [("compact_rev_key", 5), ("a", 1)]) == census(5, [("a", 1)])


@given(strategies.dictionaries(strategies.text(min_size=1, max_size=8), strategies.integers(1, 99), max_size=6))
def test_two_different_sets_of_keys_have_different_digests(keys: Dict[str, int]) -> None:
    items = sorted(keys.items())
    more = [*items, ("zzzzzzzzzz", 1)]
    assert census(9, items).digest != census(9, more).digest

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any, Dict, Mapping, Optional

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.etcd import Etcd, is_embedded
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.servers import Pki, Route

ME, PEER = 10501334649042878790, 9372538179322589801
STATUS = {"header": {"member_id": str(ME)}, "leader": str(ME), "version": "3.5.24"}


def routes(peer_url: str = "", replaced: Optional[Mapping[str, Route]] = None) -> Dict[str, Route]:
    members = [{"ID": str(ME), "name": "n1", "peerURLs": ["https://10.77.0.11:2380"]}]
    if peer_url:
        members.append({"ID": str(PEER), "name": "n2", "peerURLs": [peer_url], "isLearner": True})  # type: ignore[dict-item]
    return {
        "/v3/maintenance/status": (200, STATUS),
        "/v3/cluster/member/list": (200, {"members": members}),
        "/health": (200, {"health": "true"}),
        **(replaced or {}),
    }


def test_a_healthy_single_member_is_told(pki: Pki) -> None:
    with pki.etcd_client(routes()) as server:
        etcd = Etcd(str(pki.data_dir), port=server.port).read("n1")
    assert etcd == {
        "name": "n1",
        "member_id": "91bc3c398fb3c146",
        "healthy": True,
        "leader": True,
        "members": [
            {
                "id": "91bc3c398fb3c146",
                "name": "n1",
                "peer_url": "https://10.77.0.11:2380",
                "learner": False,
                "answers": True,
            }
        ],
        "error": "",
    }


def test_members_are_listed_without_asking_the_quorum(pki: Pki) -> None:
    bodies = []

    def listing(body: bytes) -> Any:
        bodies.append(json.loads(body))
        return 200, {"members": []}

    with pki.etcd_client(routes(replaced={"/v3/cluster/member/list": listing})) as server:
        Etcd(str(pki.data_dir), port=server.port).read("n1")
    assert bodies == [{"linearizable": False}]


def test_a_peer_that_answers_is_told_so(pki: Pki) -> None:
    with pki.etcd_client({"/version": (200, {"etcdserver": "3.5.24"})}) as peer:
        with pki.etcd_client(routes(f"https://127.0.0.1:{peer.port}")) as server:
            etcd = Etcd(str(pki.data_dir), port=server.port).read("n1")
        assert peer.asked == ["GET /version"]
    assert [(item["name"], item["learner"], item["answers"]) for item in etcd["members"]] == [
        ("n1", False, True),
        ("n2", True, True),
    ]


@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "https://", ""])
def test_a_silent_peer_is_told_so(pki: Pki, url: str) -> None:
    with pki.etcd_client(routes(url or "https://nowhere")) as server:
        etcd = Etcd(str(pki.data_dir), port=server.port).read("n1")
    assert [item["answers"] for item in etcd["members"]] == [True, False]
    assert etcd["healthy"]


def test_a_member_without_quorum_is_unhealthy_and_still_tells_its_members(pki: Pki) -> None:
    status = (200, {**STATUS, "leader": "0", "errors": ["etcdserver: no leader"]})
    answers = routes(replaced={"/v3/maintenance/status": status, "/health": (503, {"health": "false"})})
    with pki.etcd_client(answers) as server:
        etcd = Etcd(str(pki.data_dir), port=server.port).read("n1")
    assert not etcd["healthy"]
    assert not etcd["leader"]
    assert etcd["error"].endswith("/health answered with 503: etcdserver: no leader")
    assert len(etcd["members"]) == 1


def test_an_etcd_that_refuses_says_why(pki: Pki) -> None:
    refusal = (500, {"message": "etcdserver: not ready"})
    with pki.etcd_client(routes(replaced={"/v3/cluster/member/list": refusal})) as server:
        etcd = Etcd(str(pki.data_dir), port=server.port).read("n1")
    assert not etcd["healthy"]
    assert etcd["error"].endswith("/v3/cluster/member/list answered with 500: etcdserver: not ready")


def test_an_etcd_that_is_down_is_unhealthy(pki: Pki) -> None:
    etcd = Etcd(str(pki.data_dir), port=1).read("n1")
    assert (etcd["name"], etcd["healthy"], etcd["members"]) == ("n1", False, [])
    assert etcd["error"] == "https://127.0.0.1:1 gave no answer: connection refused"


def test_a_health_check_that_hangs_is_an_illness(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = "ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.tls.Server.ask.__defaults__"
    monkeypatch.setattr(ask, (None, 0.5, ""))
    with pki.etcd_client(routes(replaced={"/health": (0, None)})) as server:
        etcd = Etcd(str(pki.data_dir), port=server.port).read("n1")
    assert not etcd["healthy"]
    assert "time-out" in etcd["error"]


@pytest.mark.parametrize(
    ("storage", "single", "embedded"),
    [
        ({"type": "etcd"}, False, True),
        ({"type": "etcd", "etcd": {"externalCluster": {"endpoints": ["https://e:2379"]}}}, False, False),
        ({"type": "kine"}, True, False),
        (None, False, True),
        (None, True, False),
    ],
)
def test_only_an_etcd_of_k0s_is_asked(storage: Any, single: bool, embedded: bool) -> None:
    assert is_embedded({"spec": {"storage": storage}}, single) is embedded

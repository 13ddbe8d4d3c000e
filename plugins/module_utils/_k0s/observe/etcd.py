# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""etcd as the controller on this host sees it, through etcd's own JSON gateway.

`k0s etcd member-list` hangs for minutes where the local etcd is down, and starting k0s costs 100 ms.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Sequence
from urllib.parse import urlsplit

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import NoAnswer
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.tls import TIMEOUT, Credentials, Server

CLIENT_PORT = 2379
PEER_TIMEOUT = 2.0


@dataclass(frozen=True)
class Etcd:
    """The member on this host. Ports are etcd's own; tests have others."""

    data_dir: str
    host: str = "127.0.0.1"
    port: int = CLIENT_PORT

    @property
    def server(self) -> Server:
        pki = f"{self.data_dir}/pki"
        ca = f"{pki}/etcd/ca.crt"
        client = Credentials(f"{pki}/apiserver-etcd-client.crt", f"{pki}/apiserver-etcd-client.key", ca=ca)
        return Server(self.host, self.port, client)

    def read(self, hostname: str) -> Dict[str, Any]:
        """Name, health, leadership and all members; an etcd that does not answer is one with an `error`."""
        found: Dict[str, Any] = {
            "name": hostname, "member_id": "", "healthy": False, "leader": False, "members": [], "error": "",
        }  # fmt: skip
        try:
            status = self.call("/v3/maintenance/status", {})
            listed = self.call("/v3/cluster/member/list", {"linearizable": False})
        except NoAnswer as error:
            return {**found, "error": str(error)}
        own = _hex((status.get("header") or {}).get("member_id"))
        members = [_member(item) for item in listed.get("members") or []]
        illness = self._illness(status)
        answers = self._answering([item for item in members if item["id"] != own])
        for member in members:
            member["answers"] = member["id"] == own or member["id"] in answers
        name = next((item["name"] for item in members if item["id"] == own), "")
        return {
            **found,
            "name": name or hostname,
            "member_id": own,
            "healthy": not illness,
            "leader": bool(own) and own == _hex(status.get("leader")),
            "members": members,
            "error": illness,
        }

    def call(self, path: str, body: Mapping[str, Any], timeout: float = TIMEOUT) -> Dict[str, Any]:
        """What etcd's JSON gateway answers."""
        answer = self.server.ask(path, json.dumps(body).encode("ascii"), timeout)
        found = answer.json(f"{self.server.url}{path}")
        if answer.status != 200 or not isinstance(found, dict):
            said = found.get("message") if isinstance(found, dict) else ""
            raise NoAnswer(f"{self.server.url}{path} answered with {answer.status}: {said or 'no reason'}")
        return found

    def _illness(self, status: Mapping[str, Any]) -> str:
        """Why etcd does not serve: /health makes a read that needs the quorum."""
        told = "; ".join(str(item) for item in status.get("errors") or [])
        try:
            answer = self.server.ask("/health")
        except NoAnswer as error:
            return f"{error}{f' ({told})' if told else ''}"
        if answer.status == 200:
            return ""
        return f"{self.server.url}/health answered with {answer.status}: {told or answer.text.strip()[:200]}"

    def _answering(self, others: Sequence[Mapping[str, Any]]) -> List[str]:
        """The ids of the other members that answer on their peer address. All are asked at once."""
        if not others:
            return []
        with ThreadPoolExecutor(max_workers=min(len(others), 8)) as pool:
            heard = list(pool.map(self._peer_answers, (item["peer_url"] for item in others)))
        return [item["id"] for item, answered in zip(others, heard) if answered]

    def _peer_answers(self, url: str) -> bool:
        address = urlsplit(url)
        if not address.hostname or not address.port:
            return False
        folder = f"{self.data_dir}/pki/etcd"
        peer = Credentials(f"{folder}/peer.crt", f"{folder}/peer.key", ca=f"{folder}/ca.crt")
        try:
            answer = Server(address.hostname, address.port, peer).ask("/version", timeout=PEER_TIMEOUT)
        except NoAnswer:
            return False
        return answer.status == 200


def is_embedded(cluster_config: Mapping[str, Any], single_node: bool) -> bool:
    """Whether the cluster's storage is an etcd that k0s runs."""
    storage = (cluster_config.get("spec") or {}).get("storage") or {}
    if not storage.get("type"):
        return not single_node
    return storage["type"] == "etcd" and not (storage.get("etcd") or {}).get("externalCluster")


def _member(item: Mapping[str, Any]) -> Dict[str, Any]:
    return {
        "id": _hex(item.get("ID")),
        "name": str(item.get("name") or ""),
        "peer_url": str((item.get("peerURLs") or [""])[0]),
        "learner": bool(item.get("isLearner")),
        "answers": False,
    }


def _hex(number: Any) -> str:
    """etcd's ids as etcdctl shows them; the gateway has them as decimal text."""
    try:
        return f"{int(number):x}" if number else ""
    except (TypeError, ValueError):
        return str(number)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster's etcd and records that are only data, so that members can leave it in a test."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import NoAnswer


def member(number: int, **values: Any) -> Dict[str, Any]:
    """The member n1, n2, … with the ids a1, a2, …"""
    return {
        "id": f"a{number}",
        "name": f"n{number}",
        "peer_url": f"https://10.0.0.{number}:2380",
        "learner": False,
        "answers": True,
        **values,
    }


def etcd_of(*members: Mapping[str, Any], **values: Any) -> Dict[str, Any]:
    """etcd as n1 sees it."""
    found = {"name": "n1", "member_id": "a1", "healthy": True, "leader": True, "error": ""}
    return {**found, "members": [dict(item) for item in members], **values}


class FakeEtcd:
    """`weather`: errors that come before the answers to calls; `seen`: other answers to the next reads."""

    def __init__(self, state: Dict[str, Any]) -> None:
        self.state = state
        self.calls: List[Any] = []
        self.weather: List[str] = []
        self.seen: List[Dict[str, Any]] = []

    def read(self, _hostname: str) -> Dict[str, Any]:
        return self.seen.pop(0) if self.seen else dict(self.state)

    def call(self, path: str, body: Mapping[str, Any], _timeout: float = 0.0) -> Dict[str, Any]:
        verb = path.rpartition("/")[2]
        self.calls.append((verb, dict(body)))
        if self.weather:
            raise NoAnswer(self.weather.pop(0))
        members = self.state["members"]
        if verb == "remove":
            self.state["members"] = [item for item in members if str(int(item["id"], 16)) != body["ID"]]
        return {"members": [{"ID": str(int(item["id"], 16))} for item in members]}

    @property
    def verbs(self) -> List[str]:
        return [verb for verb, _body in self.calls]

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster whose autopilot takes one step each time that somebody looks, as the true one writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Listing
from ansible_collections.mke4k.core.plugins.module_utils._kube.autopilot.model import CONTROL_NODES, NODES, Host
from ansible_collections.mke4k.core.plugins.module_utils._kube.autopilot.plan import PLAN
from ansible_collections.mke4k.core.plugins.module_utils._kube.autopilot.words import SIGNAL
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import Clock

Manifest = dict[str, Any]
Manifests = list[Manifest]
NEW = "v1.33.13+k0s.0"
URL = "https://files.test/k0s-amd64"
STEPS = ("Downloading", "Cordoning", "ApplyingUpdate", "Restart", "UnCordoning", "Completed")
C1 = Host("c1.example", "controller", "", "10.0.0.11", URL, "a" * 64)
C2 = Host("c2.example", "controller+worker", "c2", "10.0.0.12", URL, "a" * 64)
W1 = Host("w1.example", "worker", "w1", "10.0.0.21", URL, "a" * 64)
W2 = Host("w2.example", "worker", "w2", "10.0.0.22", URL, "a" * 64)


class Cluster:
    """`stuck`: the step after which a node says nothing more. `failing`: the nodes that cannot download."""

    def __init__(self) -> None:
        self.control_nodes = {name: _node("ControlNode", name, address) for name, address in _CONTROLLERS.items()}
        self.nodes = {name: _node("Node", name, address) for name, address in _WORKERS.items()}
        self.plan: Manifest | None = None
        self.updates: Manifests = []
        self.stuck: dict[str, str] = {}
        self.failing: set[str] = set()
        self.deleted: list[str] = []
        self.seconds = 0.0
        self.clock = Clock(now=lambda: self.seconds, sleep=self._sleep)
        self.order: list[str] = []
        self.requests = 0

    def get(self, ref: Ref) -> Manifest | None:
        assert ref == PLAN
        self.requests += 1
        if self.plan is not None and self.plan.get("status", {}).get("state") not in ("Completed", "ApplyFailed"):
            self._work(self.plan)
        return self.plan

    def list(self, kind: Kind) -> Listing:
        self.requests += 1
        tables = {CONTROL_NODES: [*self.control_nodes.values()], NODES: [*self.nodes.values()]}
        return Listing(tables.get(kind, self.updates), "1")

    def create(self, manifest: Mapping[str, Any]) -> Manifest:
        assert self.plan is None
        self.plan = {**manifest, "metadata": {**manifest["metadata"], "uid": f"uid-{manifest['spec']['id']}"}}
        return self.plan

    def delete(self, ref: Ref, uid: str = "") -> bool:
        assert ref == PLAN
        assert self.plan is not None
        assert uid == self.plan["metadata"].get("uid", "")
        self.deleted.append(self.plan["spec"]["id"])
        self.plan = None
        return True

    def _sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def _work(self, plan: Manifest) -> None:
        update = plan["spec"]["commands"][0]["k0supdate"]
        if "status" not in plan:
            groups = {
                group: [{"name": name, "state": "SignalPending"} for name in target["discovery"]["static"]["nodes"]]
                for group, target in update["targets"].items()
            }
            plan["status"] = {"state": "SchedulableWait", "commands": [{"id": 0, "k0supdate": groups}]}
            return
        groups = plan["status"]["commands"][0]["k0supdate"]
        for group in ("controllers", "workers"):
            items = groups.get(group, [])
            if any(item["state"] != "SignalCompleted" for item in items):
                self._step(plan, items, update["targets"][group]["limits"]["concurrent"])
                return
        plan["status"]["state"] = "Completed"

    def _step(self, plan: Manifest, items: Manifests, at_once: int) -> None:
        busy = [item for item in items if item["state"] == "SignalSent"]
        for item in busy:
            self._advance(plan, item)
        waiting = [item for item in items if item["state"] == "SignalPending"]
        for item in waiting[: at_once - len(busy)]:
            item["state"] = "SignalSent"
            self.order.append(item["name"])
            self._say(plan, item["name"], None)

    def _advance(self, plan: Manifest, item: Manifest) -> None:
        name = item["name"]
        said = json.loads(self._object(name)["metadata"]["annotations"][SIGNAL]).get("status") or {}
        if said.get("status", "") == self.stuck.get(name, "never"):
            return
        if name in self.failing:
            self._say(plan, name, "FailedDownload")
            item["state"] = "SignalApplyFailed"
            plan["status"]["state"] = "ApplyFailed"
            return
        steps = ("", *STEPS)
        following = steps[steps.index(said.get("status", "")) + 1]
        self._say(plan, name, following)
        if following == "Completed":
            item["state"] = "SignalCompleted"

    def _say(self, plan: Manifest, name: str, status: str | None) -> None:
        data = {"planId": plan["spec"]["id"], "status": {"status": status} if status else None}
        self._object(name)["metadata"]["annotations"] = {SIGNAL: json.dumps(data)}

    def _object(self, name: str) -> Manifest:
        return self.control_nodes[name] if name in self.control_nodes else self.nodes[name]


_CONTROLLERS = {"c1": "10.0.0.11", "c2": "10.0.0.12"}
_WORKERS = {"c2": "10.0.0.12", "w1": "10.0.0.21", "w2": "10.0.0.22"}


def _node(kind: str, name: str, address: str) -> Manifest:
    return {
        "kind": kind,
        "metadata": {"name": name, "labels": {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}},
        "status": {"addresses": [{"type": "InternalIP", "address": address}]},
    }

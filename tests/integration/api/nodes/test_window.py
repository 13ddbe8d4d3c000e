# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many hosts in a sliding window: how many are in work at a time, and whom a slow or failing one holds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.wish import DrainWish
from ansible_collections.mke4k.core.plugins.plugin_utils._node_change import NodeChange, Wish
from ansible_collections.mke4k.core.plugins.plugin_utils._run_marks import RunMarks
from tests.api.controllers import Controllers

from .test_nodes import only_on

WINDOW = 3


class Hosts:
    """k0s_node of hosts that are played; `then` is what happens to one of them in the middle."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.at_work: set[str] = set()
        self.most = 0
        self.done: list[str] = []
        self.then: dict[str, Callable[[], None]] = {}
        self.failing: set[str] = set()

    def k0s_node(self, host: str) -> dict[str, Any]:
        with self.lock:
            self.at_work.add(host)
            self.most = max(self.most, len(self.at_work))
        self.then.get(host, lambda: None)()
        with self.lock:
            self.at_work.remove(host)
            self.done.append(host)
        if host in self.failing:
            return {"failed": True, "msg": "it did not start"}
        return {"changed": True, "changes": [{"kind": "restart"}], "node": {"running": True}}


def change_all(living: Controllers, hosts: Hosts, names: list[str], folder: Path) -> dict[str, dict[str, Any]]:
    """As a task with `throttle` does it: in order, so many at a time."""
    api = living.bed.api()

    def change(name: str) -> dict[str, Any]:
        wish = Wish(host=name, node=name, version="", restarts=True, drain=DrainWish(timeout=60))
        marks = RunMarks("workers", str(folder))
        return NodeChange(wish, lambda: api, lambda _ask: hosts.k0s_node(name), marks, lambda _line: None).run()

    with ThreadPoolExecutor(WINDOW) as pool:
        return dict(zip(names, pool.map(change, names)))


def test_a_slow_host_holds_nobody_but_itself_and_pods_serve_all_the_time(living: Controllers, tmp_path: Path) -> None:
    names = [f"window-{number:02}" for number in range(12)]
    living.add_nodes(*names)
    namespace = living.bed.namespace("window")
    living.deploy(namespace, "web", 8, **only_on(*names))
    living.budget(namespace, "web", maxUnavailable=2)
    hosts = Hosts()
    slow = names[1]
    hosts.then[slow] = lambda: living.until(lambda: len(hosts.done) == len(names) - 1, "all others changed")
    results = change_all(living, hosts, names, tmp_path)
    assert not [result for result in results.values() if result.get("failed")]
    assert hosts.done[-1] == slow
    assert hosts.most <= WINDOW
    living.until(lambda: all(living.is_open(name) for name in names), "all nodes open again")
    assert living.ready(namespace, "web") == 8
    living.remove_nodes(*names)


def test_after_a_failure_no_other_host_begins(living: Controllers, tmp_path: Path) -> None:
    names = [f"stops-{number:02}" for number in range(8)]
    living.add_nodes(*names)
    hosts = Hosts()
    hosts.failing = {names[2]}
    results = change_all(living, hosts, names, tmp_path)
    begun = [name for name, result in results.items() if not result.get("not_begun")]
    assert names[2] in begun
    # Those that were at work beside it go on; nobody follows.
    assert len(begun) <= 2 + WINDOW
    assert results[names[-1]]["stopped_at"] == "begin"
    assert not living.is_open(names[2])
    living.remove_nodes(*names)

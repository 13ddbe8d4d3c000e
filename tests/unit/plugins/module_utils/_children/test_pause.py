# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._children.model import PAUSED_MARK, Child
from ansible_collections.mke4k.core.plugins.module_utils._children.pause import set_pauses
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.mothership_server import CLUSTERS, child
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Server, api_of

KINDS = "/apis/cluster.x-k8s.io/v1beta1"
MARKED = {"a": child("a", annotations={PAUSED_MARK: "true"})}


def server_with(*, paused: bool = False) -> Server:
    server = Server()
    server.kinds[KINDS] = [{"name": "clusters", "kind": "Cluster", "namespaced": True}]
    server.objects[f"{CLUSTERS}/a"] = {"metadata": {"name": "a", "namespace": "k0rdent"}, "spec": {"paused": paused}}
    return server


def patches(server: Server) -> list[Any]:
    return [body["spec"] for verb, _path, _query, body in server.seen if verb == "PATCH"]


def test_a_child_is_paused_once() -> None:
    server = server_with()
    assert len(set_pauses(api_of(server), [Child("a", {}, paused=True)], {})) == 1
    assert patches(server) == [{"paused": True}]
    paused = server_with(paused=True)
    assert set_pauses(api_of(paused), [Child("a", {}, paused=True)], MARKED) == []


def test_only_a_pause_of_ours_is_taken_away() -> None:
    server = server_with(paused=True)
    assert set_pauses(api_of(server), [Child("a", {})], {"a": child("a")}) == []
    assert patches(server) == []
    set_pauses(api_of(server), [Child("a", {})], MARKED)
    assert patches(server) == [{"paused": False}]


def test_children_without_a_pause_cost_no_request() -> None:
    server = server_with()
    set_pauses(api_of(server), [Child("a", {}), Child("b", {})], {"a": child("a")})
    assert server.seen == []


def test_a_child_that_has_no_cluster_yet_and_check_mode_change_nothing() -> None:
    server = server_with()
    assert set_pauses(api_of(server), [Child("b", {}, paused=True)], {}) == []
    assert len(set_pauses(api_of(server), [Child("a", {}, paused=True)], {}, dry_run=True)) == 1
    assert patches(server) == []

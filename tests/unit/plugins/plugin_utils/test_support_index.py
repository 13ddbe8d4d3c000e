# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.collect import Item
from ansible_collections.mke4k.core.plugins.plugin_utils._support_index import MOST, Bundle, HostPart, index

NOW = 1_800_000_000.0
RUNNING = {"running": {"version": "v1.33.13+k0s.0", "role": "controller"}, "ready": True}


def remarks(*hosts: HostPart, **objects: Any) -> list[str]:
    named = {name.replace("__", "."): items for name, items in objects.items()}
    text = index(Bundle("x", "now", NOW, [], hosts, objects=named))
    return [line[2:] for line in text.splitlines() if line.startswith("- ")]


def on_host(**node: Any) -> list[str]:
    return remarks(HostPart("n1", state={"node": {**RUNNING, **node}}))


def named(name: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "mke"}, **more}


def test_a_cluster_without_troubles_has_no_remarks() -> None:
    ready = {"type": "Ready", "status": "True"}
    healthy = named("n1", status={"conditions": [ready, {"type": "DiskPressure", "status": "False"}]})
    assert remarks(HostPart("n1", state={"node": RUNNING}), nodes=[healthy]) == []
    assert "Nothing that was looked for." in index(Bundle("x", "now", NOW, [], []))


@pytest.mark.parametrize(
    ("node", "told"),
    [
        ({"running": None, "ready_message": "no answer"}, "**n1**: k0s does not run (no answer)"),
        ({"ready": False, "ready_message": "etcd is away"}, "**n1**: k0s runs and is not ready: etcd is away"),
        ({"etcd": {"healthy": False, "error": "no leader"}}, "**n1**: etcd is not healthy: no leader"),
        (
            {"etcd": {"healthy": True, "members": [{"name": "n2", "answers": False}, {"answers": True}]}},
            "**n1**: the etcd member n2 does not answer",
        ),
        (
            {"certificates": [{"not_after": "2027-01-20T00:00:00Z"}, {"not_after": "2030-01-01T00:00:00Z"}]},
            "**n1**: 1 certificates end within 30 days, the first 2027-01-20T00:00:00Z",
        ),
    ],
)
def test_what_is_wrong_with_a_host_stands_in_front(node: dict[str, Any], told: str) -> None:
    assert on_host(**node) == [told]


def test_a_file_system_that_is_nearly_full_is_told_once() -> None:
    disk = {"mount": "/", "size_bytes": 100, "free_bytes": 4}
    disks = {"/var/lib/k0s": disk, "/tmp": disk, "/data": {"mount": "/data", "size_bytes": 100, "free_bytes": 50}}
    assert remarks(HostPart("n1", state={"node": RUNNING, "host": {"disks": disks}})) == ["**n1**: / is 96 % full"]


def test_nodes_that_are_not_ready_cordoned_or_under_pressure_are_told() -> None:
    conditions = [{"type": "Ready", "status": "Unknown", "message": "kubelet is silent"},
                  {"type": "DiskPressure", "status": "True", "message": "no room"}]  # fmt: skip
    node = {"metadata": {"name": "n1"}, "spec": {"unschedulable": True}, "status": {"conditions": conditions}}
    assert remarks(nodes=[node]) == [
        "The Node n1 is not Ready: kubelet is silent",
        "The Node n1 is cordoned",
        "The Node n1 says DiskPressure: no room",
    ]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ({"phase": "Succeeded"}, []),
        ({"phase": "Failed", "message": "evicted"}, ["The Pod mke/p: Failed evicted"]),
        (
            {"phase": "Pending", "conditions": [{"status": "False", "message": "no node fits"}]},
            ["The Pod mke/p: Pending no node fits"],
        ),
        (
            {
                "containerStatuses": [
                    {"name": "a", "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "x"}}}
                ]
            },
            ["The Pod mke/p: a CrashLoopBackOff x"],
        ),
        (
            {"phase": "Running", "containerStatuses": [{"name": "a", "restartCount": 7}]},
            ["The Pod mke/p: a was restarted 7 times"],
        ),
        (
            {"phase": "Pending", "containerStatuses": [{"state": {"waiting": {"reason": "ContainerCreating"}}}]},
            ["The Pod mke/p: Pending"],
        ),
    ],
)
def test_pods_in_trouble_are_told_with_the_reason(status: dict[str, Any], told: list[str]) -> None:
    assert remarks(pods=[named("p", status=status)]) == told


def test_of_very_many_pods_in_trouble_the_rest_is_counted() -> None:
    found = remarks(pods=[named(f"p{n}", status={"phase": "Failed"}) for n in range(MOST + 3)])
    assert len(found) == MOST + 1
    assert found[-1].startswith("3 more Pods")


def test_objects_of_mke_that_are_not_ready_are_told() -> None:
    condition = {"type": "Ready", "status": "False", "message": "waiting for dex"}
    assert remarks(mkeconfigs__mke__mirantis__com=[named("mke", status={"conditions": [condition]})]) == [
        "mkeconfigs.mke.mirantis.com mke/mke is not Ready: waiting for dex"
    ]


def test_warnings_are_counted_and_the_most_frequent_come_first() -> None:
    def event(reason: str, count: int, kind: str = "Warning") -> dict[str, Any]:
        return {"type": kind, "reason": reason, "count": count, "message": "m\nm", "involvedObject": {"kind": "Pod"}}

    found = remarks(events=[event("A", 1), event("B", 5), event("B", 2), event("C", 9, "Normal")])
    assert found == ["7 times B (Pod): m m", "1 times A (Pod): m m"]


def test_notes_stay_in_their_cell() -> None:
    items = [Item("a.txt", "x", "one | two\nthree")]
    text = index(Bundle("x", "now", NOW, ["By us."], [HostPart("n1", items, state={"node": RUNNING})]))
    assert "| [a.txt](hosts/n1/a.txt) | 1 | one / two three |" in text
    assert "By us." in text

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.explain import explain

from .fakes import FakeApi, Listing


def failing_pod(name: str) -> Dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "mke"}, "status": {"phase": "Failed", "reason": "Evicted"}}


def warning(name: str) -> Dict[str, Any]:
    target = {"kind": "Pod", "name": name, "namespace": "mke"}
    return {"type": "Warning", "reason": "BackOff", "message": "back-off", "involvedObject": target}


def api(**lists: Any) -> FakeApi:
    found = FakeApi()
    for kind in ("Pod", "Job", "Event"):
        item = lists.get(kind, [])
        found.lists[kind] = [item if isinstance(item, Exception) else Listing(item, "1")]
    return found


def test_a_namespace_is_explained_with_three_requests() -> None:
    fake = api(Pod=[failing_pod("ui-1"), failing_pod("ui-1")], Event=[warning("ui-1")])
    assert explain(fake, "mke") == [  # type: ignore[arg-type]
        "Pod mke/ui-1 failed (Evicted)",
        "Event, Pod mke/ui-1 (BackOff): back-off",
    ]
    assert fake.asked == ["list Pod mke", "list Job mke", "list Event mke"]


def test_only_what_is_asked_for_is_told() -> None:
    pods = [failing_pod("ui-1"), failing_pod("uix-1"), failing_pod("api-1")]
    events = [warning("ui-1"), warning("api-1")]
    lines = explain(api(Pod=pods, Event=events), "mke", names=("ui",))  # type: ignore[arg-type]
    assert [line.split()[2] if line.startswith("Event") else line.split()[1] for line in lines] == ["mke/ui-1"] * 2
    labelled = explain(api(Pod=pods[:1], Event=events), "mke", labels="app=ui")  # type: ignore[arg-type]
    assert labelled == lines


def test_what_can_not_be_read_is_said() -> None:
    lines = explain(api(Pod=[failing_pod("ui-1")], Event=Refused("no rights", 403)), "mke")  # type: ignore[arg-type]
    assert lines == ["Pod mke/ui-1 failed (Evicted)", "The Event objects in mke could not be looked at: no rights"]

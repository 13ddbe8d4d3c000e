# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes and the pods of a probe, where nobody runs pods: a thread plays scheduler and kubelets."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from tests.lab.standin import kinds
from tests.lab.standin.api import Api, ApiError, Kind, Object

POD = Kind("v1", "Pod", "pods")
PAUSE_SECONDS = 0.05


def node(api: Api, name: str, *, manager: bool = False, ready: bool = True, unschedulable: bool = False) -> None:
    made = kinds.NODE.made(name, spec={"unschedulable": True} if unschedulable else {})
    made["metadata"]["labels"] = {"kubernetes.io/hostname": name}
    if manager:
        made["metadata"]["labels"]["node-role.kubernetes.io/control-plane"] = "true"
    there = api.apply(kinds.NODE, made, "test")
    state = "True" if ready else "False"
    text = "" if ready else "container runtime network not ready: cni plugin not initialized"
    api.set_status(kinds.NODE, there, {"conditions": [{"type": "Ready", "status": state, "message": text}]})


class Kubelets:
    """Runs every pod of a probe. `broken`: ways that do not work, as `client-on-n1/to-n2`, with what is said there."""

    def __init__(self, api: Api, broken: Mapping[str, str], no_image: bool) -> None:
        self.seen: dict[str, Object] = {}
        self._api = api
        self._broken = broken
        self._no_image = no_image
        self._stop = threading.Event()

    def run(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            for pod in self._api.list(POD):
                if "status" not in pod or not pod["status"].get("podIP"):
                    self._play(pod)

    def end(self) -> None:
        self._stop.set()

    def _play(self, pod: Object) -> None:
        name = pod["metadata"]["name"]
        self.seen[name] = pod
        try:
            self._api.set_status(POD, {**pod, "kind": "Pod"}, self._status(name, pod))
        except ApiError as error:
            if error.status not in (404, 409):
                raise

    def _status(self, name: str, pod: Object) -> Object:
        names = [container["name"] for container in pod["spec"]["containers"]]
        if self._no_image:
            waiting = {"waiting": {"reason": "ImagePullBackOff", "message": "not found"}}
            return {"phase": "Pending", "containerStatuses": [_container(each, pod, waiting) for each in names]}
        if name.startswith("server-"):
            ready = [{"type": "Ready", "status": "True"}]
            address = f"10.244.0.{len(self.seen) + 1}"
            return {"phase": "Running", "podIP": address, "podIPs": [{"ip": address}], "conditions": ready}
        states = {each: self._ended(f"{name}/{each}") for each in names}
        done = all(state["terminated"]["exitCode"] == 0 for state in states.values())
        listed = [_container(each, pod, state) for each, state in states.items()]
        return {"phase": "Succeeded" if done else "Running", "podIP": "10.244.9.9", "containerStatuses": listed}

    def _ended(self, way: str) -> Object:
        if way in self._broken:
            return {"terminated": {"exitCode": 1, "reason": "Error", "message": self._broken[way]}}
        return {"terminated": {"exitCode": 0, "reason": "Completed"}}


def _container(name: str, pod: Object, state: Object) -> dict[str, Any]:
    image = pod["spec"]["containers"][0]["image"]
    return {"name": name, "image": image, "imageID": "", "ready": False, "restartCount": 0, "state": state}


@contextmanager
def kubelets(api: Api, broken: Mapping[str, str] | None = None, *, no_image: bool = False) -> Iterator[Kubelets]:
    playing = Kubelets(api, broken or {}, no_image)
    thread = threading.Thread(target=playing.run, daemon=True)
    thread.start()
    try:
        yield playing
    finally:
        playing.end()
        thread.join(10)


def names_of(items: Sequence[Object]) -> list[str]:
    return sorted(str(item["metadata"]["name"]) for item in items)

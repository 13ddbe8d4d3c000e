# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is not there, played: kubelets of machines, of k0rdent what ends a deletion and sums up a child, and Deployments.

The provider's Deployment is one whose Pod is a process of the bed: who rolls it gets that process started anew.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from tests.api.client import MERGE, AdminClient, Object, Unexpected
from tests.capi.manifests import CLEANUP, HELD, PROVIDER, VERSION, path

PAUSE = 0.3
# Cluster API looks at a Node when something is told of it, and at the first word it may not know the machine yet.
HEARTBEAT_SECONDS = 4.0
SINCE = "2026-11-01T10:00:00Z"
NODES = "/api/v1/nodes"
_NODE_INFO = (
    *("architecture", "bootID", "containerRuntimeVersion", "kernelVersion", "kubeProxyVersion", "kubeletVersion"),
    *("machineID", "operatingSystem", "osImage", "systemUUID"),
)


class Others:
    """Looks a few times a second. What goes wrong is raised when it is stopped."""

    def __init__(self, client: AdminClient, restart_provider: Callable[[], None]) -> None:
        self._client = client
        self._restart_provider = restart_provider
        self._generation = 1
        self.restarts = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="others", daemon=True)
        self._heartbeats: dict[str, float] = {}
        self.error: BaseException | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(30)
        if self.error is not None:
            raise self.error

    def _run(self) -> None:
        try:
            while not self._stop.wait(PAUSE):
                self._join_nodes()
                self._look_after_children()
                self._look_after_credentials()
                self._look_after_provider()
        except BaseException as error:  # noqa: BLE001 - a test has to see it
            self.error = error

    def _list(self, where: str) -> list[Object]:
        return list(self._client.call("GET", where)["items"])

    def _join_nodes(self) -> None:
        """The API server of the bed is that of each child: a running instance gets a ready Node there."""
        wanted = set()
        for item in self._list(path("AWSMachine")):
            running = (item.get("status") or {}).get("instanceState") == "running"
            if running and item["spec"].get("providerID") and not _is_leaving(item):
                wanted.add(str(item["spec"]["providerID"]))
        there = {str(item["spec"].get("providerID")) for item in self._list(NODES)}
        for identity in wanted - there:
            name = identity.rsplit("/", 1)[-1]
            node = {"metadata": {"name": name}, "spec": {"providerID": identity}}
            self._client.apply(f"{NODES}/{name}", {"apiVersion": "v1", "kind": "Node", **node}, "kubelet")
            self._beat(identity)
        self._heartbeats = {identity: last for identity, last in self._heartbeats.items() if identity in wanted}
        for identity, last in list(self._heartbeats.items()):
            if time.monotonic() - last > HEARTBEAT_SECONDS:
                self._beat(identity)

    def _beat(self, identity: str) -> None:
        where = f"{NODES}/{identity.rsplit('/', 1)[-1]}/status"
        answer = self._client.request("PATCH", where, {"status": _node_status()}, MERGE)
        # Cluster API may have deleted it with its machine.
        if answer.status >= 300 and answer.status not in (404, 429):
            raise Unexpected(f"PATCH {where}: {answer.status} {answer.text[:1000]}", answer.status)
        self._heartbeats[identity] = time.monotonic()

    def told(self) -> str:
        """How the parts that are played see their work, for a test that waits in vain."""
        nodes = [f"{item['metadata']['name']} {item['spec'].get('providerID')}" for item in self._list(NODES)]
        lived = "live" if self._thread.is_alive() else f"ended by {self.error!r}"
        return f"The played kubelets {lived}; Nodes: {', '.join(nodes) or 'none'}; beating: {sorted(self._heartbeats)}"

    def _look_after_children(self) -> None:
        clusters = {item["metadata"]["name"]: item for item in self._list(path("Cluster"))}
        machines: dict[str, list[Object]] = defaultdict(list)
        for item in self._list(path("Machine")):
            machines[item["spec"]["clusterName"]].append(item)
        for item in self._list(path("AWSCluster")):
            if _is_leaving(item) and not machines[item["metadata"]["name"]]:
                self._release("AWSCluster", item, CLEANUP)
        for item in self._list(path("ClusterDeployment")):
            name = item["metadata"]["name"]
            if not _is_leaving(item):
                self._sum_up(item, clusters.get(name), machines[name])
            elif name not in clusters:
                self._release("ClusterDeployment", item, HELD)
            elif not _is_leaving(clusters[name]):
                self._client.request("DELETE", path("Cluster", name))

    def _look_after_credentials(self) -> None:
        for item in self._list(path("Credential")):
            generation = item["metadata"]["generation"]
            told = {
                "type": "CredentialReady",
                "status": "True",
                "reason": "Succeeded",
                "message": "Credential is ready",
            }
            condition = {**told, "observedGeneration": generation, "lastTransitionTime": SINCE}
            status = {"ready": True, "conditions": [condition]}
            if any((item.get("status") or {}).get(key) != value for key, value in status.items()):
                where = f"{path('Credential', item['metadata']['name'])}/status"
                self._client.request("PATCH", where, {"status": status}, MERGE)

    def _look_after_provider(self) -> None:
        live = self._client.get(path("Deployment", PROVIDER))
        generation = live["metadata"]["generation"] if live else 0
        if not live or (live.get("status") or {}).get("observedGeneration") == generation:
            return
        if generation != self._generation:
            self._restart_provider()
            self.restarts += 1
        self._generation = generation
        counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), 1)
        self._client.set_status(path("Deployment", PROVIDER), {"observedGeneration": generation, **counts})

    def _release(self, kind: str, item: Object, finalizer: str) -> None:
        kept = [name for name in item["metadata"].get("finalizers") or () if name != finalizer]
        if len(kept) < len(item["metadata"].get("finalizers") or ()):
            body = {"metadata": {"finalizers": kept, "resourceVersion": item["metadata"]["resourceVersion"]}}
            # Somebody else may have changed it meanwhile: then the next look does it.
            self._client.request("PATCH", path(kind, item["metadata"]["name"]), body, MERGE)

    def _sum_up(self, item: Object, cluster: Object | None, machines: list[Object]) -> None:
        config = item["spec"]["config"]
        running = sum((machine.get("status") or {}).get("phase") == "Running" for machine in machines)
        wanted = int(config["controlPlaneNumber"]) + int(config["workersNumber"])
        up = bool(((cluster or {}).get("status") or {}).get("infrastructureReady"))
        ready = up and running == wanted == len(machines)
        condition = {
            "type": "Ready",
            "status": str(ready),
            "reason": "Succeeded" if ready else "Progressing",
            "message": "" if ready else f"{running} of {wanted} machines run",
            "lastTransitionTime": SINCE,
            "observedGeneration": item["metadata"]["generation"],
        }
        status = {"conditions": [condition], "observedGeneration": item["metadata"]["generation"]}
        if any((item.get("status") or {}).get(key) != value for key, value in status.items()):
            # It may have gone since it was listed.
            where = f"{path('ClusterDeployment', item['metadata']['name'])}/status"
            self._client.request("PATCH", where, {"status": status}, MERGE)


def _node_status() -> Object:
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    info = dict.fromkeys(_NODE_INFO, "")
    conditions = [
        {
            "type": kind,
            "status": str(kind == "Ready"),
            "reason": "Kubelet",
            "lastHeartbeatTime": now,
            "lastTransitionTime": SINCE,
        }
        for kind in ("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")
    ]
    info.update(kubeletVersion=VERSION, architecture="amd64", operatingSystem="linux")
    return {"nodeInfo": info, "conditions": conditions}


def _is_leaving(item: Any) -> bool:
    return bool(item["metadata"].get("deletionTimestamp"))

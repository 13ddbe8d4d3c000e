# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What brings a bed to life: Kubernetes' own controller manager and scheduler, and kwok, which plays kubelets.

Deployments get pods then, budgets count them, pods find nodes, and evicted ones come back elsewhere.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.api.bed import Bed
from tests.api.client import Object
from tests.lab.mke4k_lab.k0s import DEFAULT_VERSION
from tests.lab.mke4k_lab.paths import cache_root
from tests.lab.mke4k_lab.tools import ensure_programs

PROGRAMS = ("kube-controller-manager", "kube-scheduler", "kwok")
CONTROLLERS = ("deployment", "replicaset", "statefulset", "daemonset", "disruption", "node-lifecycle-controller")
PLAYED = {"kwok.x-k8s.io/node": "fake"}
# A leader ends that could not renew its lease in time, and a machine may be busy with other tests.
LEASE = ("--leader-elect-lease-duration=90s", "--leader-elect-renew-deadline=80s", "--leader-elect-retry-period=1s")
# Without leases kwok only answers once a node counts as lost, and its pods stay not ready then.
HEARTBEATS = ("--node-lease-duration-seconds=40",)
LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases"
LEADERS = ("kube-controller-manager", "kube-scheduler")
SECONDS = 120


class Controllers:
    """The running programs. `stop_leaders` lets pods be, but nobody makes or places new ones."""

    def __init__(self, bed: Bed, folder: Path) -> None:
        self.bed = bed
        self._folder = folder
        self._kubeconfig = bed.kubeconfig_file(folder)
        self._programs = ensure_programs(cache_root(), PROGRAMS, DEFAULT_VERSION)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Controllers:
        self.bed.ensure_namespace("kube-system")
        managed = "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake"
        self._start("kwok", managed, "--server-address=", *HEARTBEATS)
        self.start_leaders()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop(*reversed(PROGRAMS))

    def start_leaders(self) -> None:
        common = ["--secure-port=0", "--kube-api-qps=200", "--kube-api-burst=400", *LEASE]
        self._start("kube-controller-manager", *common, f"--controllers={','.join(CONTROLLERS)}")
        self._start("kube-scheduler", *common)

    def stop_leaders(self) -> None:
        self._stop(*LEADERS)

    def free_leases(self) -> None:
        """The next leaders need not wait until the leases of the last ones are over."""
        for name in LEADERS:
            body = {"spec": {"holderIdentity": ""}}
            self.bed.client.call("PATCH", f"{LEASES}/{name}", body, "application/merge-patch+json")

    def add_nodes(self, *names: str) -> None:
        for name in names:
            metadata = {"name": name, "annotations": PLAYED, "labels": {"kubernetes.io/hostname": name}}
            node = {"apiVersion": "v1", "kind": "Node", "metadata": metadata}
            self.bed.client.apply(f"/api/v1/nodes/{name}", node)
        self.until(lambda: all(self.is_open(name) for name in names), f"nodes {names} ready")

    def remove_nodes(self, *names: str) -> None:
        for name in names:
            self.bed.client.call("DELETE", f"/api/v1/nodes/{name}")

    def is_open(self, name: str) -> bool:
        """Whether pods may come to a node."""
        node = self.node(name)
        conditions = (node.get("status") or {}).get("conditions") or ()
        ready = any(found["type"] == "Ready" and found["status"] == "True" for found in conditions)
        return ready and not (node.get("spec") or {}).get("taints")

    def node(self, name: str) -> Object:
        return self.bed.client.get(f"/api/v1/nodes/{name}") or {}

    def deploy(self, namespace: str, name: str, replicas: int, **spec: Any) -> None:
        """A Deployment whose pods are ready when this returns."""
        labels = {"app": name}
        container = {"name": "c", "image": "played"}
        manifest = {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {
                "replicas": replicas,
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": [container], **spec}},
            },
        }
        self.bed.client.apply(f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}", manifest)
        self.until(lambda: self.ready(namespace, name) == replicas, f"{replicas} pods of {name} ready")

    def budget(self, namespace: str, name: str, **spec: Any) -> None:
        """A budget for the pods of that name, counted when this returns."""
        manifest = {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"selector": {"matchLabels": {"app": name}}, **spec},
        }
        path = f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets/{name}"
        self.bed.client.apply(path, manifest)

        def counted() -> bool:
            found = self.bed.client.get(path) or {}
            generation = found["metadata"]["generation"]
            return bool((found.get("status") or {}).get("observedGeneration") == generation)

        self.until(counted, f"budget {name} counted")

    def pods(self, namespace: str, app: str = "") -> list[Object]:
        query = f"?labelSelector=app%3D{app}" if app else ""
        found = self.bed.client.get(f"/api/v1/namespaces/{namespace}/pods{query}") or {}
        return list(found["items"])

    def ready(self, namespace: str, app: str) -> int:
        return sum(
            1
            for pod in self.pods(namespace, app)
            if not pod["metadata"].get("deletionTimestamp")
            and any(
                found["type"] == "Ready" and found["status"] == "True"
                for found in (pod.get("status") or {}).get("conditions") or ()
            )
        )

    def nodes_of(self, namespace: str, app: str) -> list[str]:
        return sorted(str(pod["spec"].get("nodeName")) for pod in self.pods(namespace, app))

    def until(self, done: Callable[[], Any], what: str) -> None:
        end = time.monotonic() + SECONDS
        while not done():
            self.check()
            if time.monotonic() > end:
                raise AssertionError(f"not {what} after {SECONDS} s; {self._tail('kwok')}")
            time.sleep(0.1)

    def check(self) -> None:
        """Sees that all of them still run."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                raise AssertionError(f"{name} ended with {process.returncode}:\n{self._tail(name)}")

    def _start(self, name: str, *arguments: str) -> None:
        guard = shutil.which("setpriv")
        command = [str(self._programs[name]), f"--kubeconfig={self._kubeconfig}", *arguments]
        if guard:
            # A test run that is killed takes them with it.
            command = [guard, "--pdeathsig", "TERM", *command]
        with (self._folder / f"{name}.log").open("wb") as stream:
            self._processes[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT, env={"HOME": "/nonexistent"}
            )

    def _stop(self, *names: str) -> None:
        processes = [self._processes.pop(name) for name in names if name in self._processes]
        for process in processes:
            process.terminate()
        for process in processes:
            _end(process)

    def _tail(self, name: str) -> str:
        return "\n".join((self._folder / f"{name}.log").read_text(errors="replace").splitlines()[-15:])


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

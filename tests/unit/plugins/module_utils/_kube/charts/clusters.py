# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts for tests, and a cluster in memory whose k0s works on them."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Event, Listing
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import (
    FINALIZER,
    chart_object,
    values_hash,
    values_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.spec import ChartSpec
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import Clock

Manifest = dict[str, Any]
REFERENCE = "oci://registry.test/mke/app"


def spec(name: str = "app", **fields: Any) -> ChartSpec:
    given = {"name": name, "chart": REFERENCE, "version": "1.0.0", "release": name, "namespace": "apps"}
    return ChartSpec(**{**given, **fields})


def chart(wanted: ChartSpec | None = None, attempt: int = 0, **status: Any) -> Manifest:
    """The Chart of a spec; with a status of its own."""
    manifest = chart_object(wanted or spec(), attempt)
    return {**manifest, "status": status} if status else manifest


def deployed(manifest: Manifest) -> Manifest:
    """The same after k0s has brought it."""
    wanted = manifest["spec"]
    before = manifest.get("status") or {}
    status = {
        "appVersion": "7",
        "namespace": wanted["namespace"],
        "releaseName": wanted["releaseName"],
        "revision": int(before.get("revision") or 0) + 1,
        "updated": "2026-11-21 06:00:00",
        "valuesHash": hash_of(manifest),
        "version": wanted["version"],
    }
    return {**manifest, "status": status}


def failed(manifest: Manifest, error: str) -> Manifest:
    """The same after k0s has failed with it. What ran before goes on running."""
    return {**manifest, "status": {**(manifest.get("status") or {}), "error": error, "valuesHash": hash_of(manifest)}}


def hash_of(manifest: Manifest) -> str:
    return values_hash(manifest["spec"]["releaseName"], manifest["spec"]["values"])


def release_secret(release: str = "app", revision: int = 1, status: str = "pending-install") -> Manifest:
    record = base64.b64encode(json.dumps({"name": release, "info": {"status": status}}).encode())
    return {
        "metadata": {
            "name": f"sh.helm.release.v1.{release}.v{revision}",
            "namespace": "apps",
            "labels": {"owner": "helm", "name": release, "status": status, "version": str(revision)},
        },
        "type": "helm.sh/release.v1",
        "data": {"release": base64.b64encode(record).decode()},
    }


def honest(manifest: Manifest) -> Manifest:
    """k0s that fails as the values say."""
    error = (values_of(manifest) or {}).get("error")
    return failed(manifest, error) if error else deployed(manifest)


class Watching:
    """A watch: what happens in it, one step after the other, then silence until it is closed."""

    def __init__(self, steps: list[Callable[[], Manifest]]) -> None:
        self._steps = steps
        self._closed = threading.Event()

    def __iter__(self) -> Iterator[Event]:
        while self._steps:
            yield Event("MODIFIED", self._steps.pop(0)())
        self._closed.wait()

    def close(self) -> None:
        self._closed.set()


class Cluster:
    """Objects by reference. `k0s` is what becomes of a Chart at once when it is applied; `later` comes in watches."""

    server = "https://api.test:6443"

    def __init__(self, *charts: Manifest, k0s: Callable[[Manifest], Manifest] = honest) -> None:
        self.objects: dict[Ref, Manifest] = {Ref.of(item): item for item in charts}
        self.k0s = k0s
        self.later: list[Callable[[], Manifest]] = []
        self.served = True
        self.asked: list[str] = []
        self.now = 0.0
        self.clock = Clock(now=lambda: self.now, sleep=lambda seconds: None, chance=lambda: 0.0)

    @property
    def requests(self) -> int:
        return len(self.asked)

    @property
    def writes(self) -> list[str]:
        return [line for line in self.asked if line.split()[0] not in ("get", "list", "watch")]

    def chart(self, name: str = "app") -> Manifest:
        return next(item for ref, item in self.objects.items() if (ref.kind, ref.name) == ("Chart", name))

    def names(self, kind: str) -> list[str]:
        return [ref.name for ref in self.objects if ref.kind == kind]

    def becomes(self, change: Callable[[Manifest], Manifest], name: str = "app") -> None:
        """A step of `later`: the Chart is changed then."""

        def step() -> Manifest:
            found = change(self.chart(name))
            self.objects[Ref.of(found)] = found
            return found

        self.later.append(step)

    def get(self, ref: Ref) -> Manifest | None:
        self.asked.append(f"get {ref}")
        return self.objects.get(ref)

    def list(self, kind: Kind, namespace: str = "", labels: str = "", fields: str = "") -> Listing:
        self.asked.append(f"list {kind.kind} {namespace}")
        if kind.kind == "Chart" and not self.served:
            return Listing([], "")
        found = [item for ref, item in self.objects.items() if ref.kind == kind.kind and ref.namespace == namespace]
        name = fields.partition("metadata.name=")[2]
        return Listing([item for item in found if not name or item["metadata"]["name"] == name], "1")

    def watch(self, kind: Kind, **_options: Any) -> Watching:
        self.asked.append(f"watch {kind.kind}")
        return Watching(self.later)

    def apply(self, manifest: Mapping[str, Any], **_options: Any) -> Manifest:
        ref = Ref.of(manifest)
        self.asked.append(f"apply {ref}")
        status = (self.objects.get(ref) or {}).get("status")
        stored = {**manifest, **({"status": status} if status else {})}
        self.objects[ref] = self.k0s(stored)
        return stored

    def patch(self, ref: Ref, patch: Mapping[str, Any], **_options: Any) -> Manifest:
        self.asked.append(f"patch {ref}")
        metadata = {**self.objects[ref]["metadata"], **patch["metadata"]}
        self.objects[ref] = {**self.objects[ref], "metadata": metadata}
        return self.objects[ref]

    def delete(self, ref: Ref, **_options: Any) -> bool:
        """k0s uninstalls what has its finalizer, and cannot for a release without a name."""
        self.asked.append(f"delete {ref}")
        found = self.objects[ref]
        stuck = FINALIZER in (found["metadata"].get("finalizers") or ()) and not found["status"].get("releaseName")
        if not stuck:
            del self.objects[ref]
        return True

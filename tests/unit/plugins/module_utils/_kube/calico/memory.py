# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster in memory: objects by name, and what charts and pods would make of it, as functions."""

from __future__ import annotations

import copy
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Listing
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import Clock

from .networks import INSTALLATION, condition, daemon, named, pool, proxy, status

Object = Dict[str, Any]


class Memory:
    """`on_create` sees every object that is made, and may change it or others."""

    def __init__(self) -> None:
        self.objects: Dict[Ref, Object] = {}
        self.deleted: List[str] = []
        self.refuse_deletion = False
        self.on_create: Callable[[Ref, Object], None] = lambda ref, item: None
        self.time = 0.0
        self.clock = Clock(lambda: self.time, self._sleep, lambda: 0.0)
        self.server = "https://memory"

    @property
    def requests(self) -> int:
        return 1

    def put(self, api_version: str, kind: str, item: Object) -> None:
        self.objects[self._ref(Kind(api_version, kind), item)] = {**item, "apiVersion": api_version, "kind": kind}

    def get(self, ref: Ref) -> Optional[Object]:
        return copy.deepcopy(self.objects.get(ref))

    def list(self, kind: Kind, namespace: str = "", labels: str = "", fields: str = "") -> Listing:
        name = fields.partition("=")[2]
        found = [
            copy.deepcopy(item)
            for ref, item in self.objects.items()
            if ref.of_kind == kind
            and namespace in ("", ref.namespace)
            and name in ("", ref.name)
            and _has(item, labels)
        ]
        return Listing(found, "1")

    def create(self, manifest: Mapping[str, Any]) -> Object:
        item = copy.deepcopy(dict(manifest))
        ref = Ref.of(item)
        self.objects[ref] = item
        self.on_create(ref, item)
        return copy.deepcopy(item)

    apply = create

    def delete(self, ref: Ref) -> bool:
        if self.refuse_deletion:
            raise KubeError(f"{ref} cannot be deleted")
        self.deleted.append(ref.name)
        return self.objects.pop(ref, None) is not None

    def watch(self, *_parts: Any, **_options: Any) -> Any:
        raise KubeError("nothing changes here while somebody waits")

    def _sleep(self, seconds: float) -> None:
        self.time += seconds

    @staticmethod
    def _ref(kind: Kind, item: Object) -> Ref:
        metadata = item["metadata"]
        return Ref(kind.api_version, kind.kind, metadata["name"], metadata.get("namespace", ""))


def _has(item: Object, labels: str) -> bool:
    wanted = [pair.partition("=") for pair in labels.split(",") if pair]
    present = item["metadata"].get("labels") or {}
    return all(present.get(name) == value for name, _equals, value in wanted)


def nodes(memory: Memory, *names: str, ready: bool = True) -> None:
    state = condition("Ready", "True" if ready else "False")
    for name in names:
        memory.put("v1", "Node", named(name, status={"conditions": [state]}))


def calico(memory: Memory, cidr: str = "10.20.0.0/16", vni: int = 4096, **available: Any) -> None:
    """As the Tigera operator leaves it."""
    network = {**INSTALLATION["calicoNetwork"], "ipPools": [{"cidr": cidr}]}
    spec = {**INSTALLATION, "calicoNetwork": network}
    memory.put(
        "operator.tigera.io/v1", "Installation", {"metadata": {"name": "default", "generation": 2}, "spec": spec}
    )
    memory.put("operator.tigera.io/v1", "TigeraStatus", status("calico", condition("Available", **available)))
    memory.put("crd.projectcalico.org/v1", "IPPool", pool(cidr))
    felix = named("default", spec={"vxlanPort": 4789, "vxlanVNI": vni})
    memory.put("crd.projectcalico.org/v1", "FelixConfiguration", felix)


def cluster(*names: str, mode: str = "iptables") -> Memory:
    memory = Memory()
    nodes(memory, *(names or ("n1",)))
    memory.put("v1", "ConfigMap", proxy(mode))
    return memory


def chart(memory: Memory, name: str) -> None:
    spec = {"chartName": "oci://r/mirrored-chart-tigera-operator"}
    memory.put("helm.k0sproject.io/v1beta1", "Chart", named(name, "kube-system", spec=spec))


def daemon_set(memory: Memory, name: str, namespace: str, **environment: Any) -> None:
    ready = {"observedGeneration": 1, "desiredNumberScheduled": 1, "updatedNumberScheduled": 1, "numberAvailable": 1}
    memory.put("apps/v1", "DaemonSet", {**daemon(name, namespace, **environment), "status": ready})


def pods_that_work(memory: Memory, broken: Tuple[str, ...] = ()) -> None:
    """Every server gets an address, and every client that is not broken ends well."""

    def on_create(ref: Ref, item: Object) -> None:
        if ref.kind == "Service":
            item["spec"]["clusterIP"] = "10.96.0.9"
        if ref.kind == "Pod" and ref.name.startswith("server"):
            item["status"] = {"podIP": "10.0.0.1", "conditions": [condition("Ready")]}
        elif ref.kind == "Pod":
            ended = {"exitCode": 1, "message": "TIMEOUT"}
            failed = [{"name": "to-n1", "state": {"terminated": ended}}]
            bad = {"phase": "Running", "containerStatuses": failed}
            item["status"] = bad if ref.name in broken else {"phase": "Succeeded"}

    memory.on_create = on_create

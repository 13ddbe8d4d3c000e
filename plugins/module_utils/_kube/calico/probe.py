# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets pods on several nodes reach each other and a Service, and leaves nothing behind.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico import probe_objects as objects
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.network import waiting
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.probe_checks import client_is_done, server_is_up
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.probe_objects import Probe
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.seen import (
    CONFIRMED,
    NODE,
    PROXY_CONFIG,
    name_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all

Progress = Callable[[str], None]

NO_PROXY = (
    "there is no kube-proxy, so that only pods were tried and no Service; whatever stands in for it is not looked at"
)


@dataclass(frozen=True)
class Reached:
    """`nodes`: where the pods were. `ways`: how many ways were tried. `warnings`: what could not be tried or done."""

    nodes: Tuple[str, ...]
    ways: int
    with_service: bool
    warnings: Tuple[str, ...]
    changed: bool


def run_probe(api: Api, probe: Probe, engine: str, timeout: float, progress: Progress) -> Reached:
    """Raises the error of the wait, with the ways that do not work, where pods do not reach each other in time."""
    _remove_leftovers(api)
    nodes = objects.probed_nodes(api.list(NODE).items)
    if not nodes:
        raise KubeError(
            "The network was not probed, as no node is ready and takes pods. Look at `kubectl get nodes`: a node is not"
            " ready without a network plugin, and takes no pods while it is cordoned."
        )
    run = _Run(api, probe, nodes, with_service=api.get(PROXY_CONFIG) is not None, progress=progress)
    progress(f"using port {probe.port} to verify networking")
    progress(waiting(engine, timeout))
    try:
        ways = run.through(timeout)
    finally:
        progress("Cleaning resources used for verifying networking")
        left = run.clean()
        if left:
            progress(left)
    progress("Confirmed available networking")
    warnings = [*([] if run.with_service else [NO_PROXY]), *([left] if left else [])]
    return Reached(tuple(nodes), ways, run.with_service, tuple(warnings), _remember(api, nodes))


class _Run:
    """One probe with its namespace."""

    def __init__(self, api: Api, probe: Probe, nodes: Sequence[str], *, with_service: bool, progress: Progress) -> None:
        self.with_service = with_service
        self._api = api
        self._probe = probe
        self._nodes = nodes
        self._progress = progress

    def through(self, timeout: float) -> int:
        """The number of ways that work, which are all."""
        until = self._api.clock.now() + timeout
        self._api.create(objects.namespace(self._probe))
        for node in self._nodes:
            self._api.create(objects.server(self._probe, node))
        service = ""
        if self.with_service:
            made = self._api.create(objects.service(self._probe))
            service = str((made.get("spec") or {}).get("clusterIP") or "")
        addresses = self._served(timeout)
        ways = 0
        for node in self._nodes:
            targets = [(objects.target_name(other), addresses[other]) for other in self._nodes]
            targets += [(objects.TO_SERVICE, service)] if service else []
            self._api.create(objects.client(self._probe, node, targets))
            ways += len(targets)
        self._connected(max(until - self._api.clock.now(), 1.0))
        return ways

    def _served(self, timeout: float) -> Dict[str, str]:
        """The address of each server, by node."""
        refs = objects.refs(self._probe, self._nodes, "server")
        wishes = [Wanted(ref, server_is_up, f"server on {node}") for ref, node in zip(refs, self._nodes)]
        found = self._waited(wishes, timeout)
        return {node: str(found[ref]["status"]["podIP"]) for ref, node in zip(refs, self._nodes)}

    def _connected(self, timeout: float) -> None:
        refs = objects.refs(self._probe, self._nodes, "client")
        wishes = [Wanted(ref, client_is_done, f"client on {node}") for ref, node in zip(refs, self._nodes)]
        self._waited(wishes, timeout)

    def _waited(self, wishes: List[Wanted], timeout: float) -> Mapping[Ref, Dict[str, Any]]:
        namespaces = [self._probe.namespace]
        try:
            return wait_all(self._api, wishes, timeout, self._progress, explain_in=namespaces)
        except KubeError as error:
            details = {key: value for key, value in error.details.items() if key not in ("status", "reason")}
            raise KubeError(
                f"Pods do not reach each other over the network of the cluster. {error}", **details
            ) from error

    def clean(self) -> str:
        """What is left behind and why; empty where nothing is."""
        name = self._probe.namespace
        try:
            self._api.delete(_namespace(name))
        except KubeError as error:
            return f"the namespace {name} is left behind, the next probe deletes it: {error}"
        return ""


def _remove_leftovers(api: Api) -> None:
    """Of probes that were killed. The server refuses to delete a namespace that is being deleted."""
    for item in api.list(objects.NAMESPACE, labels=objects.SELECTOR).items:
        if not (item.get("metadata") or {}).get("deletionTimestamp"):
            api.delete(_namespace(name_of(item)))


def _remember(api: Api, nodes: Sequence[str]) -> bool:
    """Whether this was the first time that pods have reached each other."""
    if api.get(CONFIRMED) is not None:
        return False
    manifest = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": CONFIRMED.name, "namespace": CONFIRMED.namespace},
        "data": {"probed": ",".join(nodes)},
    }
    api.apply(manifest)
    return True


def _namespace(name: str) -> Ref:
    return Ref(objects.NAMESPACE.api_version, objects.NAMESPACE.kind, name)

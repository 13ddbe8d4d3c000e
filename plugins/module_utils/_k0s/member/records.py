# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Kubernetes API keeps about members of the cluster, asked of the API server on this host.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple
from urllib.parse import quote

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import Clock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError, NoAnswer
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.kube_api import node_summary
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.tls import Server

CALL_TIMEOUT = 10.0
PAUSE = 0.5
PAGE = 200
NODES = "/api/v1/nodes"
# What k0s keeps of each controller. It forgets none of it by itself.
RECORDS: Tuple[Tuple[str, str, str], ...] = (
    ("ControlNode", "/apis/autopilot.k0sproject.io/v1beta2/controlnodes", ""),
    ("EtcdMember", "/apis/etcd.k0sproject.io/v1beta1/etcdmembers", ""),
    ("Lease", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", "k0s-ctrl-"),
)


@dataclass(frozen=True)
class Records:
    server: Server
    clock: Clock
    timeout: float = 60.0

    def nodes(self) -> List[Dict[str, Any]]:
        """Every Node with its addresses."""
        return [_node(item) for item in self._all(NODES)]

    def records(self) -> List[Dict[str, str]]:
        """What k0s keeps of its controllers: `kind` and the `name` of the controller."""
        return [
            {"kind": kind, "name": name[len(prefix) :]}
            for kind, path, prefix in RECORDS
            for name in (str((item.get("metadata") or {}).get("name") or "") for item in self._all(path))
            if name.startswith(prefix)
        ]

    def forget(self, names: Sequence[str], dry_run: bool = False) -> List[Dict[str, str]]:
        """Deletes what k0s keeps of these controllers, and returns what there was."""
        known = [item for item in self._patiently(self.records) if item["name"] in names] if names else []
        paths = {kind: (path, prefix) for kind, path, prefix in RECORDS}
        for item in known if not dry_run else ():
            path, prefix = paths[item["kind"]]
            target = f"{path}/{quote(prefix + item['name'], safe='')}"
            self._patiently(lambda asked=target: self._ask(asked, "DELETE"))
        return known

    def _all(self, path: str) -> Iterator[Mapping[str, Any]]:
        following = ""
        while True:
            more = f"&continue={quote(following, safe='')}" if following else ""
            found = self._ask(f"{path}?limit={PAGE}{more}")
            yield from found.get("items") or []
            following = str((found.get("metadata") or {}).get("continue") or "")
            if not following:
                return

    def _ask(self, path: str, method: str = "") -> Dict[str, Any]:
        """The answer; empty where there is no such thing."""
        answer = self.server.ask(path, timeout=CALL_TIMEOUT, method=method)
        if answer.status == 404:
            return {}
        found = answer.json(f"{self.server.url}{path}")
        if answer.status not in (200, 202) or not isinstance(found, dict):
            said = found.get("message") if isinstance(found, dict) else ""
            raise NoAnswer(f"{self.server.url}{path} answered with {answer.status}: {said or 'no reason'}")
        return found

    def _patiently(self, call: Any) -> Any:
        """An API server whose etcd has just lost a member may need a moment."""
        end = self.clock.now() + self.timeout
        while True:
            try:
                return call()
            except NoAnswer as error:
                if self.clock.now() >= end:
                    raise K0sError(
                        f"the API server on this host did not do what it was asked for {self.timeout:g} s: {error}."
                        " Run again when it serves; what is done already stays"
                    ) from error
            self.clock.sleep(PAUSE)


def _node(node: Mapping[str, Any]) -> Dict[str, Any]:
    summary = node_summary(node)
    addresses = (node.get("status") or {}).get("addresses") or []
    return {
        "name": summary["name"],
        "ready": summary["ready"],
        "addresses": sorted({str(item.get("address") or "").lower() for item in addresses} - {""}),
    }

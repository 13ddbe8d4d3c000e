# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Kubernetes API as this host reaches it: is the server ready, and is this host's Node.

k0s switches anonymous access off, so a client certificate is needed even for /readyz.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Dict, Mapping, Optional, Tuple
from urllib.parse import urlsplit

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import NoAnswer
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.kubeconfig import read_kubeconfig
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.tls import Credentials, Server

API_PORT = 6443


@dataclass(frozen=True)
class KubeApi:
    server: Server

    def readyz(self) -> Tuple[bool, str]:
        """Whether the API server is ready, and what it says otherwise."""
        try:
            answer = self.server.ask("/readyz")
        except NoAnswer as error:
            return False, str(error)
        if answer.status == 200:
            return True, ""
        failed = [line[3:] for line in answer.text.splitlines() if line.startswith("[-]")]
        said = "; ".join(failed) or answer.text.strip()[:200] or "no reason"
        return False, f"{self.server.url}/readyz answered with {answer.status}: {said}"

    def node(self, name: str) -> Optional[Dict[str, Any]]:
        """The Node of that name, None where it does not exist yet."""
        path = f"/api/v1/nodes/{name}"
        answer = self.server.ask(path)
        if answer.status == 404:
            return None
        found = answer.json(f"{self.server.url}{path}")
        if answer.status != 200:
            message = found.get("message") if isinstance(found, dict) else ""
            raise NoAnswer(f"{self.server.url}{path} answered with {answer.status}: {message or 'no reason'}")
        return node_summary(found)


def as_admin(data_dir: str, cluster_config: Mapping[str, Any]) -> KubeApi:
    """The API server on this very host, with the administrator's certificate that every controller has."""
    api = (cluster_config.get("spec") or {}).get("api") or {}
    host = str(api.get("address")) if api.get("onlyBindToAddress") and api.get("address") else "127.0.0.1"
    pki = f"{data_dir}/pki"
    credentials = Credentials(f"{pki}/admin.crt", f"{pki}/admin.key", ca=f"{pki}/ca.crt")
    return KubeApi(Server(host, int(api.get("port") or API_PORT), credentials))


def lacks_through(address: str, data_dir: str) -> str:
    """What is missing until the API is ready at `host:port`, where others join it; empty where it is."""
    host, _colon, port = address.rpartition(":")
    pki = f"{data_dir}/pki"
    credentials = Credentials(f"{pki}/admin.crt", f"{pki}/admin.key", ca=f"{pki}/ca.crt")
    ready, said = KubeApi(Server(host.strip("[]"), int(port), credentials)).readyz()
    return "" if ready else f"the API cannot be used at the address where others join it: {said}"


def as_kubelet(data_dir: str, root: Root = HOST) -> Optional[KubeApi]:
    """The API server that the kubelet talks to, with its certificate; None before it has one."""
    config = read_kubeconfig(f"{data_dir}/kubelet.conf", root)
    address = urlsplit(config.server)
    if not address.hostname or not config.certificate or not config.key or not (config.ca or config.ca_data):
        return None
    ca = root.at(config.ca) if config.ca else ""
    credentials = Credentials(root.at(config.certificate), root.at(config.key), ca=ca, ca_data=config.ca_data)
    if not credentials.there:
        return None
    return KubeApi(Server(address.hostname, address.port or API_PORT, credentials))


def node_summary(node: Mapping[str, Any]) -> Dict[str, Any]:
    """What is needed of a Node. `heartbeat`: when its kubelet last reported, in seconds since the epoch, 0 unknown."""
    metadata, spec, status = (node.get(part) or {} for part in ("metadata", "spec", "status"))
    conditions = status.get("conditions") or []
    ready: Mapping[str, Any] = next((item for item in conditions if item.get("type") == "Ready"), {})
    return {
        "name": str(metadata.get("name") or ""),
        "ready": ready.get("status") == "True",
        "reason": str(ready.get("reason") or ("" if ready else "its kubelet has not reported yet")),
        "message": str(ready.get("message") or ""),
        "heartbeat": epoch(str(ready.get("lastHeartbeatTime") or "")),
        "unschedulable": bool(spec.get("unschedulable")),
        "labels": dict(metadata.get("labels") or {}),
        "annotations": dict(metadata.get("annotations") or {}),
        "taints": list(spec.get("taints") or []),
    }


def epoch(text: str) -> float:
    """A time of Kubernetes in seconds since the epoch, 0 where it is none."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()
    except ValueError:
        return 0.0

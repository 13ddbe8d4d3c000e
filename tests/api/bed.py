# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bed: servers, users, namespaces, CRDs and proxies, as tests want them."""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.api import crds
from tests.api.client import AdminClient, Object
from tests.api.faults import FaultProxy
from tests.api.servers import USERS, Servers, start_servers

if TYPE_CHECKING:
    from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api

RBAC = "/apis/rbac.authorization.k8s.io/v1"
# What the restricted user may see: enough to be let in, too little to change anything.
READER_RULES: list[Object] = [
    {"apiGroups": [""], "resources": ["configmaps", "pods", "events"], "verbs": ["get", "list", "watch"]}
]


class Bed:
    """A running API server with what tests need around it."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.client: AdminClient = servers.client()
        self._numbers = itertools.count(1)
        self._proxies: list[FaultProxy] = []
        self._allow_readers()

    @classmethod
    def start(cls) -> Bed:
        servers = start_servers()
        try:
            return cls(servers)
        except BaseException:
            servers.stop()
            raise

    def stop(self) -> None:
        while self._proxies:
            self._proxies.pop().stop()
        self.servers.stop()

    def as_user(self, user: str) -> AdminClient:
        """The bed's own client in the name of another user."""
        return self.servers.client(USERS[user])

    def kubeconfig(self, user: str = "admin", server: str = "", inline: bool = True) -> Object:
        """A kubeconfig that holds all it needs, or with `inline=False` one that names the file of the CA."""
        ca = self.servers.pki.ca
        cluster = {"server": server or self.servers.url, "certificate-authority": str(ca)}
        if inline:
            del cluster["certificate-authority"]
            cluster["certificate-authority-data"] = base64.b64encode(ca.read_bytes()).decode()
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "bed", "cluster": cluster}],
            "users": [{"name": user, "user": {"token": USERS[user].token}}],
            "contexts": [{"name": "bed", "context": {"cluster": "bed", "user": user}}],
            "current-context": "bed",
        }

    def kubeconfig_file(self, folder: Path, user: str = "admin", server: str = "") -> Path:
        """The same as a file."""
        path = folder / f"{user}.kubeconfig"
        path.write_text(yaml.safe_dump(self.kubeconfig(user, server)))
        path.chmod(0o600)
        return path

    def api(self, user: str = "admin", server: str = "", deadline: float = 60, **options: Any) -> Api:
        """The collection's own client of this API server."""
        from ansible_collections.mke4k.core.plugins.module_utils._kube.access import Access  # noqa: PLC0415
        from ansible_collections.mke4k.core.plugins.module_utils._kube.client import connect  # noqa: PLC0415

        access = Access.of({"kubeconfig": self.kubeconfig(user, server)}, {})
        return connect(access, deadline=deadline, **options)

    def load_crds(self, *groups: str, prefer_real: bool = True) -> None:
        """Let the server know all kinds of these API groups."""
        crds.load(self.client, crds.of_groups(groups, prefer_real))

    def namespace(self, hint: str = "test", labels: Mapping[str, str] | None = None) -> str:
        """A namespace that nobody else uses."""
        name = f"{re.sub('[^a-z0-9]+', '-', hint.lower()).strip('-')[:40]}-{next(self._numbers)}"
        self.ensure_namespace(name, labels)
        return name

    def ensure_namespace(self, name: str, labels: Mapping[str, str] | None = None) -> None:
        """A namespace of this very name."""
        metadata = {"name": name, "labels": dict(labels or {})}
        self.client.apply(f"/api/v1/namespaces/{name}", {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})

    def proxy(self) -> FaultProxy:
        """A proxy before the API server that can be told to misbehave."""
        proxy = FaultProxy(self.servers.port, self.servers.pki)
        self._proxies.append(proxy)
        return proxy

    def end_proxy(self, proxy: FaultProxy) -> None:
        self._proxies.remove(proxy)
        proxy.stop()

    def _allow_readers(self) -> None:
        meta = {"name": "bed-readers"}
        group = "rbac.authorization.k8s.io"
        role = {"apiVersion": f"{group}/v1", "kind": "ClusterRole", "metadata": meta, "rules": READER_RULES}
        binding = {
            "apiVersion": f"{group}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": meta,
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": meta["name"]},
            "subjects": [{"apiGroup": group, "kind": "Group", "name": "readers"}],
        }
        self.client.apply(f"{RBAC}/clusterroles/{meta['name']}", role)
        self.client.apply(f"{RBAC}/clusterrolebindings/{meta['name']}", binding)

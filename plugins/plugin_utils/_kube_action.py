# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions that talk to the Kubernetes API have in common: options, mke4.yaml, the way to the API, errors.

They run in Ansible's own process on the control node. Nothing but the Python package kubernetes is needed there, and
nothing at all on the host that a connection goes through.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._config.errors import ReportedError
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ConfigError
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._k0s.host_options import CONTROLLER_OPTIONS
from ansible_collections.mke4k.core.plugins.module_utils._kube.access import Access
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.client import (
    connect,
    credentials,
    remove_files,
    require_package,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NoCluster, NotReachable
from ansible_collections.mke4k.core.plugins.module_utils._kube.transport import Credentials
from ansible_collections.mke4k.core.plugins.plugin_utils._admin_kubeconfig import read_admin_kubeconfig
from ansible_collections.mke4k.core.plugins.plugin_utils._cluster import Found, find_cluster
from ansible_collections.mke4k.core.plugins.plugin_utils._layers import layers_of
from ansible_collections.mke4k.core.plugins.plugin_utils._run_lock import keep_lock, lock_before_writing
from ansible_collections.mke4k.core.plugins.plugin_utils._task_action import TaskAction
from ansible_collections.mke4k.core.plugins.plugin_utils._tunnel import Tunnel, can_tunnel, open_tunnel
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables

# Kept beside plugins/doc_fragments/_api.py.
API_OPTIONS: dict[str, Any] = {
    "kubeconfig": {"type": "raw"},
    "context": {"type": "str"},
    "host": {"type": "str"},
    "api_key": {"type": "str", "no_log": True},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "ca_cert": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path"},
    "validate_certs": {"type": "bool"},
    "proxy": {"type": "str"},
    "impersonate_user": {"type": "str"},
    "impersonate_groups": {"type": "list", "elements": "str"},
    "access": {"type": "str", "choices": ["auto", "direct", "connection"], "default": "auto"},
    "request_timeout": {"type": "int", "default": 120},
    **CONTROLLER_OPTIONS,
}
# Kept beside plugins/doc_fragments/_config.py.
CONFIG_OPTIONS: dict[str, Any] = {
    "config": {"type": "raw"},
    "config_file": {"type": "path"},
}
REACHABLE_SECONDS = 3.0


class KubeAction(TaskAction):
    """A subclass says its options and `outcome`, and gets `api`, `cluster`, `check_mode`, `diff` and `progress`.

    `layer`: the action does nothing where the release, or mke4k_layers, leaves this layer out. `keeps_lock`: it renews
    the lock of the cluster, where the run has it, and takes it before it writes, where the run says for which verb.
    """

    common_options = API_OPTIONS
    layer = ""
    keeps_lock = True

    _api: Api | None = None
    _access: Access
    _found: Found | None = None
    _tunnel: Tunnel | None = None

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        if self._api is not None:
            result["api_requests"] = self._api.requests
        return result

    def _guarded(self) -> dict[str, Any]:
        self._closing.callback(remove_files)
        try:
            if self.layer and self.layer not in layers_of(self.cluster, self.variables):
                reason = f"{self.layer} is not a layer of this run: {self.cluster.release.name}, mke4k_layers"
                return {"changed": False, "skipped": True, "skip_reason": reason}
            return {"api_requests": 0, **self.outcome(self._args)}
        except ConfigError as error:
            findings = [finding.to_dict() for finding in error.findings]
            return {"failed": True, "msg": str(error), "findings": findings}
        except NotReachable as error:
            way = f" The way was {self._tunnel.explain()}." if self._tunnel else ""
            return {"failed": True, **error.report(), "msg": f"{error}.{way}"}
        except ReportedError as error:
            return {"failed": True, **error.report()}

    @property
    def variables(self) -> Variables:
        return Variables(self._task_vars, self._loader)

    @property
    def found(self) -> Found:
        """Where mke4.yaml was found, and what is in it."""
        if self._found is None:
            self._found = find_cluster(self._args, self.variables, self._loader)
        return self._found

    @property
    def cluster(self) -> Cluster:
        return self.found.loaded.require()

    @property
    def written_spec(self) -> Mapping[str, Any]:
        """`spec` as the user wrote it."""
        spec = self.found.source.document.get("spec", self.found.source.document)
        return spec if isinstance(spec, Mapping) else {}

    @property
    def api(self) -> Api:
        """The API, opened at the first look. Raises NoCluster in check mode where there is no cluster yet."""
        if self._api is None:
            require_package()
            self._api = self._open()
            if self.keeps_lock and not self.check_mode:
                keep_lock(self._api)
                if "mke4k_lock_verb" in self._task_vars:
                    lock_before_writing(self._api, self.variables)
        return self._api

    @property
    def credentials(self) -> Credentials:
        """The way to the API as `api` goes it, for a program that takes a kubeconfig."""
        if self._api is None:
            self._api = self.api
        return credentials(self._access)

    @property
    def api_or_none(self) -> Api | None:
        """None in check mode where there is no cluster yet: everything would be made."""
        try:
            return self.api
        except NoCluster:
            if not self.check_mode:
                raise
            return None

    def _open(self) -> Api:
        args = self._args
        access = Access.of(args, os.environ)
        way = args["access"]
        if way == "auto":
            way = self._best_way(access)
        if way == "connection":
            access = self._through_connection(access)
        self._access = access
        return connect(access, deadline=float(args["request_timeout"]))

    def _best_way(self, access: Access) -> str:
        """`direct` where the API answers or nothing else is possible."""
        if not can_tunnel(self._connection):
            return "direct"
        if not access.is_given:
            return "connection"
        found = credentials(access)
        return "direct" if found.proxy or _answers(found.server) else "connection"

    def _through_connection(self, access: Access) -> Access:
        if not access.is_given:
            access = replace(access, kubeconfig=self._admin_kubeconfig())
        server = urlsplit(credentials(access).server)
        name = f"[{server.hostname}]" if ":" in str(server.hostname) else server.hostname
        target = f"{name}:{server.port or 443}"
        self._warm_up()
        self._tunnel = self._closing.enter_context(open_tunnel(self._connection, target))
        return replace(
            access,
            host=f"https://127.0.0.1:{self._tunnel.port}",
            tls_server_name=access.tls_server_name or str(server.hostname),
            without_proxy=True,
        )

    def _admin_kubeconfig(self) -> str:
        args = self._args
        text = read_admin_kubeconfig(
            self, self._task_vars, data_dir=args["k0s_data_dir"], binary_path=args["k0s_binary_path"]
        )
        if not text:
            raise NoCluster("There is no cluster yet.")
        return text

    def _warm_up(self) -> None:
        """The connection that asks for a password is opened by Ansible itself, and the tunnel goes through it."""
        answer = self._low_level_execute_command("true", sudoable=False)
        if answer.get("rc", 1) != 0:
            raise AnsibleError(f"The SSH connection that was to carry the API failed: {answer.get('stderr', '')}")


def _answers(server: str) -> bool:
    address = urlsplit(server)
    try:
        with socket.create_connection((address.hostname or "", address.port or 443), timeout=REACHABLE_SECONDS):
            return True
    except OSError:
        return False

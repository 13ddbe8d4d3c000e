# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets the autopilot of k0s upgrade a cluster, and follows it. Runs on the control node."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import PurePosixPath
from typing import Any
from urllib.error import URLError
from urllib.parse import unquote, urlsplit

from ansible.errors import AnsibleError
from ansible.module_utils.urls import open_url
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.checksums import find
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.download import shown
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.autopilot.model import AUTOPILOT, Host
from ansible_collections.mke4k.core.plugins.module_utils._kube.autopilot.run import Limits, upgrade
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction
from ansible_collections.mke4k.core.plugins.plugin_utils._run_lock import keep_lock

UPDATES = Kind(AUTOPILOT, "UpdateConfig")
ROLLING = "or use the other strategy (mke4k_upgrade_strategy: rolling)"


class ActionModule(KubeAction):
    options = {
        "version": {"type": "str", "required": True},
        "hosts": {"type": "dict", "required": True},
        "at_once": {"type": "int", "default": 1},
        "timeout": {"type": "int", "default": 7200},
        "stall_timeout": {"type": "int", "default": 900},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        hosts = self._with_sha256([_host(name, given) for name, given in args["hosts"].items()])
        api = self.api_or_none
        if api is None:
            return {"changed": bool(hosts), "nodes": {}}
        self._warn_of_others(api)
        done = upgrade(
            api,
            args["version"],
            hosts,
            Limits(args["timeout"], args["stall_timeout"], args["at_once"]),
            datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ"),
            self.progress,
            lambda: keep_lock(api),
            dry_run=self.check_mode,
        )
        return {"changed": done.changed, "nodes": done.nodes}

    def _warn_of_others(self, api: Api) -> None:
        found = [str(item["metadata"]["name"]) for item in api.list(UPDATES).items]
        if found:
            Display().warning(
                f"k0s also updates itself as UpdateConfig {', '.join(found)} says. It may make a Plan of its own and"
                " bring another version than mke4.yaml."
            )

    def _with_sha256(self, hosts: list[Host]) -> list[Host]:
        """The autopilot checks what it loads only against a sha256 that it is told."""
        known: dict[str, str] = {}
        complete = []
        for host in hosts:
            sha256 = host.sha256 or known.get(host.url) or self._published(host)
            known[host.url] = sha256
            complete.append(Host(host.name, host.role, host.node, host.address, host.url, sha256))
        return complete

    def _published(self, host: Host) -> str:
        source = shown(host.checksum_url)
        name = PurePosixPath(unquote(urlsplit(host.url).path)).name
        try:
            with open_url(host.checksum_url, timeout=30) as answer:
                text = answer.read().decode("utf-8", "replace")
            return find(text, [name, "k0s"], source)
        except (OSError, URLError, K0sError) as error:
            raise AnsibleError(
                f"k0s was not upgraded: the sha256 of {shown(host.url)} could not be had from {source} on the"
                f" control node: {error}. Give k0s_binary_sha256, {ROLLING}."
            ) from error


def _host(name: str, given: dict[str, Any]) -> Host:
    binary = given.get("binary") or {}
    if not binary.get("url"):
        raise AnsibleError(
            f"k0s was not upgraded: the autopilot loads k0s from a URL, and {name} has none. Give k0s_binary_url or"
            f" k0s_binary_mirror, {ROLLING}."
        )
    if PurePosixPath(str(binary.get("path") or "/k0s")).name != "k0s":
        raise AnsibleError(
            f"k0s was not upgraded: the autopilot writes a binary with the name k0s, and that of {name} is"
            f" {binary['path']}. Give k0s_binary_install_path a path that ends in /k0s, {ROLLING}."
        )
    return Host(
        name=name,
        role=str(given.get("role") or ""),
        node=str(given.get("node") or ""),
        address=str(given.get("address") or ""),
        url=str(binary["url"]),
        sha256=str(binary.get("sha256") or ""),
        checksum_url=str(binary.get("checksum_url") or ""),
    )

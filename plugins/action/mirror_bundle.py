# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pushes a bundle into an OCI registry. Runs on the control node."""

from __future__ import annotations

import os
import time
from dataclasses import asdict
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ConfigError
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Registry
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import registry_of, registry_url
from ansible_collections.mke4k.core.plugins.module_utils._oci.client import Access, Client
from ansible_collections.mke4k.core.plugins.module_utils._oci.errors import OciError
from ansible_collections.mke4k.core.plugins.module_utils._oci.push import Push, summary
from ansible_collections.mke4k.core.plugins.plugin_utils._arguments import checked
from ansible_collections.mke4k.core.plugins.plugin_utils._cluster import InputError, find_cluster
from ansible_collections.mke4k.core.plugins.plugin_utils._upload import check
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables

OPTIONS: dict[str, Any] = {
    "config": {"type": "raw"},
    "config_file": {"type": "path"},
    "src": {"type": "path", "required": True},
    "sha256": {"type": "str"},
    "registry": {"type": "str"},
    "ca": {"type": "str"},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
}


class ActionModule(ActionBase):  # type: ignore[misc]
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False
    _supports_diff = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        args = checked(OPTIONS, self._task.args)
        src = str(self._find_needle("files", args["src"]))
        if args["sha256"]:
            check(src, args["sha256"].lower(), "bundle")
        url, known = self._target(args, task_vars or {})
        access = Access(
            known.host, args["ca"] or known.ca, args["username"] or known.username, args["password"] or known.password
        )
        try:
            with Client(access) as client:
                client.ping()
                push = Push(client, url.partition("/")[2], time.sleep, bool(self._task.check_mode), _tell)
                found = push.bundle(src)
        except OciError as error:
            return {**result, "failed": True, **error.report()}
        return {
            **result,
            "changed": any(item.new for item in found),
            "registry": url,
            "artifacts": [asdict(item) for item in found],
            "sent_bytes": push.sent_bytes,
            "text": f"{os.path.basename(src)} to {url}: "
            + summary(found, push.sent_bytes, bool(self._task.check_mode)),
        }

    def _target(self, args: dict[str, Any], task_vars: dict[str, Any]) -> tuple[str, Registry]:
        """The registry that was asked for, else that of the file, with what the file and variables know of it."""
        given = args["registry"] or ""
        try:
            cluster = find_cluster(args, Variables(task_vars, self._loader), self._loader).loaded.require()
        except ConfigError as error:
            raise AnsibleError(str(error)) from error
        except InputError:
            if not given or args["config"] or args["config_file"]:
                raise
            url = _bare(given)
            return url, Registry(url.partition("/")[0])
        url = _bare(given or registry_url(cluster, "imageRegistry"))
        if not url:
            raise AnsibleError(f"{cluster.release.name} knows no registries; give `registry` as host[:port]/project")
        return url, registry_of(cluster, url)


def _bare(url: str) -> str:
    return (url.partition("://")[2] or url).rstrip("/")


def _tell(text: str) -> None:
    Display().display(f"  {text}")

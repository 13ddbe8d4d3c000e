# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists what a cluster needs behind an air gap. Runs on the control node."""

from __future__ import annotations

import subprocess
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ConfigError
from ansible_collections.mke4k.core.plugins.module_utils._config.render.shopping import shopping_list, shopping_text
from ansible_collections.mke4k.core.plugins.plugin_utils._arguments import checked
from ansible_collections.mke4k.core.plugins.plugin_utils._cluster import find_cluster
from ansible_collections.mke4k.core.plugins.plugin_utils._layers import layers_of
from ansible_collections.mke4k.core.plugins.plugin_utils._needs import chart_references
from ansible_collections.mke4k.core.plugins.plugin_utils._upload import sha256_of
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables

OPTIONS: dict[str, Any] = {
    "config": {"type": "raw"},
    "config_file": {"type": "path"},
    "architecture": {"type": "str", "choices": ["amd64", "arm64"], "default": "amd64"},
    "k0s_binary": {"type": "path"},
    "k0s_sha256": {"type": "str"},
}
TIMEOUT = 60.0


class ActionModule(ActionBase):  # type: ignore[misc]
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False
    _supports_diff = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        args = checked(OPTIONS, self._task.args)
        variables = Variables(task_vars or {}, self._loader)
        try:
            cluster = find_cluster(args, variables, self._loader).loaded.require()
        except ConfigError as error:
            raise AnsibleError(str(error)) from error
        listed = images_of(args["k0s_binary"], args["k0s_sha256"] or "") if args["k0s_binary"] else []
        layers = layers_of(cluster, variables)
        found = shopping_list(cluster, layers, chart_references(variables), listed, args["architecture"])
        return {**result, "changed": False, **found, "text": shopping_text(found)}


def images_of(binary: str, sha256: str) -> list[str]:
    """What a k0s lists. It is run only when it is the one that was meant."""
    try:
        found = sha256_of(binary)
    except OSError as error:
        raise AnsibleError(f"{binary} could not be read: {error.strerror or error}") from error
    if found != sha256.lower():
        raise AnsibleError(
            f"{binary} was not run: its sha256 is {found}, {sha256 or 'none'} was given. Give "
            "k0s_sha256 if you trust it"
        )
    try:
        done = subprocess.run(
            [binary, "airgap", "list-images", "--all"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise AnsibleError(f"`{binary} airgap list-images --all` failed: {error}") from error
    return [line.strip() for line in done.stdout.splitlines() if line.strip()]

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions that plan have in common: options, mke4.yaml and the hosts that were read.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ConfigError
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.binary import BinarySource
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.images import images_from
from ansible_collections.mke4k.core.plugins.plugin_utils._arguments import checked
from ansible_collections.mke4k.core.plugins.plugin_utils._cluster import cluster_of
from ansible_collections.mke4k.core.plugins.plugin_utils._layers import layers_of
from ansible_collections.mke4k.core.plugins.plugin_utils._nodes import Nodes, Sources, gather
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables

PLAN_OPTIONS: dict[str, Any] = {
    "config": {"type": "raw"},
    "config_file": {"type": "path"},
    "nodes": {"type": "dict", "required": True},
    "binary": {"type": "dict", "default": {}},
    "images": {"type": "list", "elements": "dict", "default": []},
    "in_play": {"type": "list", "elements": "str", "default": []},
}


class PlanAction(ActionBase):  # type: ignore[misc]
    """Reads its options, then mke4.yaml, then what was read on the hosts, and leaves the rest to `outcome`."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True
    _supports_diff = False
    options: dict[str, Any] = {}

    cluster: Cluster
    layers: tuple[str, ...]
    nodes: Nodes
    variables: Variables

    @abstractmethod
    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        """The result of the action."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        args = checked({**PLAN_OPTIONS, **self.options}, self._task.args)
        try:
            self.cluster = cluster_of(args, task_vars or {}, self._loader).require()
        except ConfigError as error:
            raise AnsibleError(str(error)) from error
        self.variables = Variables(task_vars or {}, self._loader)
        self.layers = layers_of(self.cluster, self.variables)
        try:
            images = images_from(args["images"])
        except ValueError as error:
            raise AnsibleError(f"{error} (k0s_image_bundle_*, k0s_image_bundles)") from error
        sources = Sources(BinarySource.from_dict(args["binary"]), images)
        self.nodes = gather(self.cluster, args["nodes"], sources, args["in_play"])
        result.update(self.outcome(args))
        return result

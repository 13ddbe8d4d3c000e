# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders what hosts should be. Runs on the control node; its result holds secrets of mke4.yaml."""

from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.plugin_utils._needs import registry_probes_of
from ansible_collections.mke4k.core.plugins.plugin_utils._plan_action import PlanAction


class ActionModule(PlanAction):
    options = {"hosts": {"type": "list", "elements": "str", "default": []}}

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        wanted = args["hosts"] or list(self.nodes.specs)
        specs = {name: self.nodes.specs[name] for name in wanted}
        probes = registry_probes_of(self.cluster, self.layers, self.variables, self.nodes.specs.values())
        return {
            "changed": False,
            "nodes": {
                name: {
                    **spec.to_dict(),
                    "images": [
                        {key: getattr(item, key) for key in ("path", "sha256", "origin")} for item in spec.images
                    ],
                    "registries": probes.get(name, []),
                    "token_role": "controller" if spec.is_controller else "worker",
                }
                for name, spec in specs.items()
            },
        }

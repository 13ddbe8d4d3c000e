# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets pods on several nodes reach each other and a Service. Runs on the control node."""

from __future__ import annotations

import secrets
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.layers import CALICO
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import registry_url
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import network_engine
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.services import IMAGE_REGISTRY
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.probe import run_probe
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.probe_objects import (
    IMAGE,
    MIRRORED_IMAGE,
    NAMESPACE_PREFIX,
    Probe,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.seen import CONFIRMED
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NoCluster
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import CONFIG_OPTIONS, KubeAction


class ActionModule(KubeAction):
    layer = CALICO
    options = {
        **CONFIG_OPTIONS,
        "port": {"type": "int", "default": 80},
        "image": {"type": "str", "default": ""},
        "timeout": {"type": "int", "default": 600},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        image = args["image"] or default_image(self.cluster)
        if self.check_mode:
            text = f"Pods with the image {image} would try whether they reach each other and a Service."
            return {"changed": self._is_new(), "nodes": [], "ways": 0, "service": False, "text": [text]}
        probe = Probe(f"{NAMESPACE_PREFIX}-{secrets.token_hex(4)}", image, args["port"])
        found = run_probe(self.api, probe, network_engine(self.cluster), args["timeout"], self.progress)
        where = ", ".join(found.nodes)
        result: dict[str, Any] = {
            "changed": found.changed,
            "nodes": list(found.nodes),
            "ways": found.ways,
            "service": found.with_service,
            "text": [f"Pods on {where} reach each other{' and a Service' if found.with_service else ''}."],
        }
        if found.warnings:
            result["warnings"] = list(found.warnings)
            result["text"] += [f"Note: {line}" for line in found.warnings]
        return result

    def _is_new(self) -> bool:
        """Whether it would be the first time that the network is confirmed."""
        try:
            return self.api.get(CONFIRMED) is None
        except NoCluster:
            return True


def default_image(cluster: Cluster) -> str:
    """Where the file names a registry of the user's own, nodes may reach no other."""
    registry = registry_url(cluster, "imageRegistry")
    return IMAGE if registry in ("", IMAGE_REGISTRY) else f"{registry}/{MIRRORED_IMAGE}"

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for many Kubernetes objects at once."""

from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import look, wait_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.wishes import wanted_of
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction

OBJECT: dict[str, Any] = {
    "api_version": {"type": "str", "default": ""},
    "kind": {"type": "str", "required": True},
    "name": {"type": "str", "default": ""},
    "namespace": {"type": "str", "default": ""},
    "labels": {"type": "str", "default": ""},
    "at_least": {"type": "int", "default": 1},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "condition": {"type": "str", "default": ""},
    "status": {"type": "str", "default": "True"},
    "field": {"type": "str", "default": ""},
    "value": {"type": "raw"},
    "fail_on": {"type": "list", "elements": "raw", "default": []},
}


class ActionModule(KubeAction):
    options = {
        "objects": {"type": "list", "elements": "dict", "required": True, "options": OBJECT},
        "timeout": {"type": "int", "default": 600},
        "explain_namespaces": {"type": "list", "elements": "str"},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        wanted = wanted_of(args["objects"])
        if self.check_mode:
            # What earlier tasks would have made is not there: that is no failure.
            return _result(*look(self.api, wanted))
        timeout, namespaces = args["timeout"], args["explain_namespaces"]
        return _result(wait_all(self.api, wanted, timeout, self.progress, explain_in=namespaces), [])


def _result(found: dict[Ref, dict[str, Any]], lacking: list[str]) -> dict[str, Any]:
    objects = [
        {
            "api_version": ref.api_version,
            "kind": ref.kind,
            "name": ref.name,
            "namespace": ref.namespace,
            "status": manifest.get("status") or {},
        }
        for ref, manifest in found.items()
    ]
    return {"changed": False, "met": not lacking, "lacking": lacking, "objects": objects}

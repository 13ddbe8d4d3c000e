# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs k0rdent in a cluster, adopts one that is there, or takes it away. Runs on the control node."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.layers import K0RDENT
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.decide import Intent, Wish, decide
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.find import Found, find
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.install import Patience
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.present import Terms, predicted, present
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.providers import Provider
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.remove import remove
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import CONFIG_OPTIONS, KubeAction
from ansible_collections.mke4k.core.plugins.plugin_utils._password import generated


class ActionModule(KubeAction):
    layer = K0RDENT
    options = {
        **CONFIG_OPTIONS,
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "edition": {"type": "str", "choices": ["enterprise", "oss"], "default": "enterprise"},
        "chart": {"type": "str", "default": ""},
        "version": {"type": "str", "default": ""},
        "namespace": {"type": "str", "default": ""},
        "registry": {"type": "str", "default": ""},
        "k0s_url": {"type": "str", "default": ""},
        "values": {"type": "dict", "default": {}},
        "providers": {"type": "list", "elements": "raw", "default": []},
        "ui": {"type": "bool", "default": True},
        "ui_password": {"type": "str", "default": "", "no_log": True},
        "chart_timeout": {"type": "int", "default": 1200},
        "timeout": {"type": "int", "default": 1800},
        "wait": {"type": "bool", "default": True},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        absent = args["state"] == "absent"
        if self.cluster.value("k0rdent.enabled", True) is False and not absent:
            return {"changed": False, "skipped": True, "skip_reason": "k0rdent.enabled is false in mke4.yaml"}
        api = self.api_or_none
        found = Found() if api is None else find(api)
        intent = decide(found, _wish(args), self.cluster)
        if absent:
            return self._removed(api, found, intent, args)
        for note in intent.notes:
            self.progress(f"k0rdent: {note}")
        done = predicted(intent) if api is None else present(api, self.cluster, found, intent, self._terms(args))
        return {**done.to_dict(found), "diff": list(done.diffs) if self.diff else []}

    def _removed(self, api: Api | None, found: Found, intent: Intent, args: Mapping[str, Any]) -> dict[str, Any]:
        steps: list[str] = []
        if api is not None:
            steps = remove(api, found, intent.namespace, self._patience(args), dry_run=self.check_mode)
        return {"changed": bool(steps), "namespace": intent.namespace, "removed": steps, "text": _removal(steps)}

    def _terms(self, args: Mapping[str, Any]) -> Terms:
        return Terms(
            patience=self._patience(args),
            make_password=lambda: generated().text,
            password=str(args["ui_password"]),
            chart_seconds=args["chart_timeout"],
            wait=args["wait"],
            dry_run=self.check_mode,
        )

    def _patience(self, args: Mapping[str, Any]) -> Patience:
        return Patience(args["timeout"], self.progress, time.monotonic)


def _wish(args: Mapping[str, Any]) -> Wish:
    return Wish(
        edition=args["edition"],
        chart=args["chart"],
        version=args["version"],
        namespace=args["namespace"],
        registry=args["registry"],
        k0s_url=args["k0s_url"],
        ui=args["ui"],
        values=args["values"],
        providers=[Provider.of(item) for item in args["providers"]],
    )


def _removal(steps: list[str]) -> list[str]:
    return [f"removed: {step}" for step in steps] or ["There is no k0rdent."]

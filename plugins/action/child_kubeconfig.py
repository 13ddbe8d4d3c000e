# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the kubeconfigs of child clusters on the control node."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._children.kubeconfig import ChildKubeconfig, read
from ansible_collections.mke4k.core.plugins.plugin_utils._child_files import KubeconfigFile, planned
from ansible_collections.mke4k.core.plugins.plugin_utils._child_probe import Reached, probe_all
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction

SUFFIX = ".kubeconfig"


class ActionModule(KubeAction):
    options = {
        "names": {"type": "list", "elements": "str", "default": []},
        "namespace": {"type": "str", "default": ""},
        "dest": {"type": "path", "default": ""},
        "file": {"type": "path", "default": ""},
        "force": {"type": "bool", "default": False},
        "allow_missing": {"type": "bool", "default": False},
        "return_content": {"type": "bool", "default": False},
        "probe": {"type": "bool", "default": False},
        "probe_timeout": {"type": "int", "default": 10},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        names = [name for name in args["names"] if name]
        if args["file"] and (len(names) != 1 or args["dest"]):
            raise AnsibleError("file is for the kubeconfig of one child: name that one, and leave dest empty.")
        api = self.api_or_none
        found = read(api, names, args["namespace"]) if api is not None else []
        if names and not args["allow_missing"] and api is not None:
            _require(found)
        files = {item.name: self._planned(item, args) for item in found if item.text}
        if not self.check_mode:
            for file in files.values():
                file.write()
        reached = probe_all({item.name: item.text for item in found if item.text}, args) if args["probe"] else {}
        shown = [_shown(item, files.get(item.name), reached.get(item.name), args["return_content"]) for item in found]
        changed = [file for file in files.values() if file.changed]
        diff = {"diff": [file.diff() for file in changed]} if self.diff else {}
        return {"changed": bool(changed), "kubeconfigs": shown, "text": _text(shown), **diff}

    def _planned(self, item: ChildKubeconfig, args: Mapping[str, Any]) -> KubeconfigFile:
        """All of them are planned before the first is written, so that a refusal leaves every file as it was."""
        path = args["file"] or (os.path.join(args["dest"], f"{item.name}{SUFFIX}") if args["dest"] else "")
        return planned(os.path.abspath(path) if path else "", item, force=args["force"])


def _require(found: Sequence[ChildKubeconfig]) -> None:
    missing = [f"{item.name}: {item.message}" for item in found if not item.text]
    if missing:
        raise AnsibleError(
            f"{len(missing)} of {len(found)} kubeconfigs are not there, and none was written. {'; '.join(missing)}."
            " Wait for the children with mke4k.core.child_cluster, or set allow_missing."
        )


def _shown(
    item: ChildKubeconfig, file: KubeconfigFile | None, reached: Reached | None, content: bool
) -> dict[str, Any]:
    return {
        "name": item.name,
        "namespace": item.namespace,
        "secret": item.secret,
        "path": file.path if file is not None else "",
        "changed": file is not None and file.changed,
        "server": file.server if file is not None else "",
        "reachable": reached.answers if reached is not None else None,
        "version": reached.version if reached is not None else "",
        "message": item.message or (reached.message if reached is not None else ""),
        **({"content": item.text} if content else {}),
    }


def _text(shown: Sequence[Mapping[str, Any]]) -> list[str]:
    return [_line(item) for item in shown]


def _line(item: Mapping[str, Any]) -> str:
    parts = [item["path"], item["server"], item["message"]]
    if item["reachable"]:
        parts.append(f"answers ({item['version']})")
    return f"{item['name']}: {', '.join(part for part in parts if part)}"

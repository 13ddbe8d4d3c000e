# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes, changes or deletes many Kubernetes objects. Runs on the control node."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import (
    ABSENT,
    CREATED,
    Applied,
    Change,
    apply_all,
    delete_all,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.diff import redact
from ansible_collections.mke4k.core.plugins.module_utils._kube.manifests import Manifest, manifests_of, parsed, placed
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import plain


class ActionModule(KubeAction):
    options = {
        "objects": {"type": "raw"},
        "src": {"type": "list", "elements": "path", "default": []},
        "namespace": {"type": "str", "default": ""},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "timeout": {"type": "int", "default": 120},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        manifests = self._given(args)
        applied = self._done(manifests, args)
        return {
            "changed": applied.changed,
            "objects": [_shown(change) for change in applied.changes],
            **({"diff": applied.diffs()} if self.diff else {}),
        }

    def _done(self, manifests: list[Manifest], args: dict[str, Any]) -> Applied:
        present = args["state"] == "present"
        api = self.api_or_none
        if api is None:
            return _without_cluster(manifests, present)
        manifests = placed(api, manifests, args["namespace"])
        if present:
            return apply_all(api, manifests, dry_run=self.check_mode)
        refs = [Ref.of(manifest) for manifest in manifests]
        return delete_all(api, refs, dry_run=self.check_mode, wait_seconds=args["timeout"])

    def _given(self, args: dict[str, Any]) -> list[Manifest]:
        given = [] if args["objects"] is None else [args["objects"]]
        for path in args["src"]:
            given += self._documents(path)
        found = manifests_of(given[0] if len(given) == 1 else given)
        if not found:
            raise AnsibleError("Nothing to do: neither objects nor src holds a Kubernetes object.")
        return found

    def _documents(self, path: str) -> list[Any]:
        """What a file of the control node holds; relative paths are looked for as those of ansible.builtin.copy."""
        found = Path(self._find_needle("files", path))
        try:
            text = found.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise AnsibleError(f"{found} could not be read on the control node: {error}") from error
        return list(plain(parsed(text, str(found))))


def _without_cluster(manifests: list[Manifest], present: bool) -> Applied:
    """What check mode predicts before there is a cluster."""
    if not present:
        return Applied(tuple(Change(Ref.of(item), ABSENT) for item in manifests))
    return Applied(tuple(Change(Ref.of(item), CREATED, {}, redact(item, Ref.of(item))) for item in manifests))


def _shown(change: Change) -> dict[str, str]:
    ref = change.ref
    return {
        "api_version": ref.api_version,
        "kind": ref.kind,
        "name": ref.name,
        "namespace": ref.namespace,
        "action": change.action,
    }

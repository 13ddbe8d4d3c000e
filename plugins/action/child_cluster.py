# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes, changes, or takes away child clusters, and tells what each of them is doing. Runs on the control node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._children.apply import all_of, without_cluster
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.diagnose import Diagnoser
from ansible_collections.mke4k.core.plugins.module_utils._children.coming import Run, Terms, bring_up, unsent
from ansible_collections.mke4k.core.plugins.module_utils._children.going import take_away
from ansible_collections.mke4k.core.plugins.module_utils._children.lines import table
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child
from ansible_collections.mke4k.core.plugins.module_utils._children.remove import (
    Doomed,
    names_of,
    refuse_unconfirmed,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.render import file_name, rendered
from ansible_collections.mke4k.core.plugins.module_utils._children.results import failure, placed, told
from ansible_collections.mke4k.core.plugins.module_utils._children.rules.before import check, foreseen
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.build import build_children
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.friendly import needs_of
from ansible_collections.mke4k.core.plugins.plugin_utils._child_apis import recorded
from ansible_collections.mke4k.core.plugins.plugin_utils._children_action import WHERE_OPTIONS, ChildrenAction
from ansible_collections.mke4k.core.plugins.plugin_utils._folder import Written, make_files, remove_files


class ActionModule(ChildrenAction):
    options = {
        **WHERE_OPTIONS,
        "children": {"type": "raw", "required": True},
        "defaults": {"type": "raw"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "mode": {"type": "str", "choices": ["apply", "plan", "render"], "default": "apply"},
        "dest": {"type": "path"},
        "confirm": {"type": "list", "elements": "str", "default": []},
        "found_in_aws": {"type": "list", "elements": "dict", "default": []},
        "wait": {"type": "bool", "default": True},
        "timeout": {"type": "int", "default": 3600},
        "settle": {"type": "int", "default": 20},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        if args["mode"] == "render" and not args["dest"]:
            raise AnsibleError("mode: render needs dest, the folder that the manifests are written to.")
        return self._absent(args) if args["state"] == "absent" else self._present(args)

    def _present(self, args: dict[str, Any]) -> dict[str, Any]:
        children = build_children(self.listed("children"), self.mapped("defaults"), self.facts)
        found = check(children, self.facts, self.facts.others, self.engine)
        findings = self.refuse_errors(foreseen(found) if self.check_mode else found)
        result = {"findings": findings}
        if args["mode"] == "render":
            texts = rendered(children, self.engine, self.facts)
            return {**result, **self._files(make_files(args["dest"], texts, self.check_mode))}
        if args["mode"] == "plan":
            return {**result, "changed": False, "needs": [self._need(child) for child in children]}
        return {**result, **self._brought_up(children)}

    def _brought_up(self, children: Sequence[Child]) -> dict[str, Any]:
        api = self.api_or_none
        if api is None:
            run = unsent(without_cluster(children, self.engine, self.facts), self.engine)
        else:
            diagnose = Diagnoser(self.facts, api).diagnose
            run = bring_up(api, children, self.engine, self.facts, self._terms, diagnose)
        actions = {one.child.name: one.action for one in run.sent}
        return {
            "changed": run.changed,
            "children": [
                {**told(outcome, actions[child.name]), **placed(child)}
                for child, outcome in zip(children, run.outcomes, strict=True)
            ],
            **self._told(run),
            **({"diff": all_of(run.sent).diffs()} if self.diff else {}),
        }

    def _told(self, run: Run) -> dict[str, Any]:
        message = failure(run.outcomes)
        return {"text": table(run.outcomes), **({"failed": True, "msg": message} if message else {})}

    def _need(self, child: Child) -> dict[str, Any]:
        return {**needs_of(child), "exists": child.name in self.facts.others}

    @property
    def _terms(self) -> Terms:
        args = self._args
        return Terms(
            timeout=args["timeout"],
            settle=args["settle"],
            say=self.progress,
            wait=args["wait"],
            dry_run=self.check_mode,
        )

    def _files(self, written: Sequence[Written]) -> dict[str, Any]:
        changed = [item for item in written if item.changed]
        return {
            "changed": bool(changed),
            "files": [item.path for item in written],
            **({"diff": [item.diff() for item in changed]} if self.diff else {}),
        }

    def _absent(self, args: dict[str, Any]) -> dict[str, Any]:
        names = names_of(self.listed("children"))
        if args["mode"] == "render":
            return self._files(remove_files(args["dest"], [file_name(name) for name in names], self.check_mode))
        doomed = [Doomed.of(name, self.engine, self.facts) for name in names]
        refuse_unconfirmed(doomed, args["confirm"])
        api = self.api_or_none
        if args["mode"] == "plan" or api is None:
            return {"changed": False, "needs": [item.to_dict() for item in doomed]}
        seen = recorded(api, doomed, args["found_in_aws"], self.progress)
        diagnose = Diagnoser(self.facts, api).diagnose
        removal = take_away(api, doomed, self.engine, self.facts.namespace, seen, self._terms, diagnose)
        message = failure(removal.outcomes)
        return {
            **removal.to_dict(),
            "text": table(removal.outcomes),
            **({"diff": removal.diffs()} if self.diff else {}),
            **({"failed": True, "msg": message} if message else {}),
        }

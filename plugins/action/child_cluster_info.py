# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells what child clusters there are, how far each is, and why it is not further. Runs on the control node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.diagnose import Diagnoser
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.engine import Manner
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.look import look
from ansible_collections.mke4k.core.plugins.module_utils._children.lines import table
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    CLUSTER_DEPLOYMENT,
    GONE,
    MKE_CHILD_CONFIG,
    Mothership,
    Outcome,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.mothership import children_of, read_mothership
from ansible_collections.mke4k.core.plugins.module_utils._children.results import found, told
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction


class ActionModule(KubeAction):
    options = {
        "names": {"type": "list", "elements": "str", "default": []},
        "namespace": {"type": "str", "default": ""},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        facts = read_mothership(self.api, "mke-operator", args["namespace"])
        outcomes = self._looked(facts, args["names"])
        there = [outcome for outcome in outcomes if outcome.state != GONE]
        return {
            "changed": False,
            "children": [{**told(outcome, "unchanged"), **found(outcome, facts.namespace)} for outcome in there],
            "missing": [outcome.name for outcome in outcomes if outcome.state == GONE],
            "version": facts.version,
            "text": table(there) if there else [],
        }

    def _looked(self, facts: Mothership, names: Sequence[str]) -> list[Outcome]:
        """Children of both engines: what has no MkeChildConfig was made by k0rdent alone."""
        alone = set(children_of(self.api, facts.namespace)) - set(facts.others)
        wanted = list(names) or sorted({*facts.others, *alone})
        diagnose = Diagnoser(facts, self.api, patience=0.0).diagnose
        seen: dict[str, Outcome] = {}
        for root_kind in (MKE_CHILD_CONFIG, CLUSTER_DEPLOYMENT):
            some = [name for name in wanted if (name in alone) == (root_kind == CLUSTER_DEPLOYMENT)]
            if some:
                looked = look(self.api, facts.namespace, some, diagnose, Manner(root_kind=root_kind))
                seen.update((outcome.name, outcome) for outcome in looked)
        return [seen[name] for name in wanted]

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the autopilot writes of a Plan and of nodes, in words. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
from typing import Any, Dict, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._kube.autopilot.plan import (
    description_of,
    id_of,
    node_states,
    state_of,
)

SIGNAL = "k0sproject.io/autopilot-signal-data"
DONE = "has the new k0s"
# What a node says of itself while the Plan only knows that it was told.
_STEPS = {
    "": "was told to upgrade",
    "Downloading": "downloads k0s",
    "Cordoning": "moves its pods away",
    "ApplyingUpdate": "replaces the k0s binary",
    "Restart": "restarts k0s",
    "UnCordoning": "takes pods again",
    "Completed": DONE,
    "Failed": "failed",
    "FailedDownload": "could not download k0s, or got something with another sha256",
}
_NODES = {
    "": "is not in work yet",
    "SignalPending": "waits for its turn",
    "SignalCompleted": DONE,
    "SignalMissingNode": "is no node of the cluster any more",
    "SignalMissingPlatform": "has a platform for which the Plan has no binary",
    "SignalApplyFailed": "failed",
}
_PLANS = {
    "": "was not taken up by the autopilot yet",
    "Schedulable": "goes on to the next node",
    "SchedulableWait": "waits for nodes",
    "Completed": "is done",
    "Warning": "has a problem",
    "IncompleteTargets": "ended because of a node that is missing, or whose platform is",
    "Restricted": "ended because this cluster forbids updates of some kind of node (k0s was started so)",
    "ApplyFailed": "ended because a node failed",
}


def step_of(node: Mapping[str, Any], plan_id: str) -> str:
    """The step of this Plan that a ControlNode or Node is at; empty before it says anything."""
    text = (node["metadata"].get("annotations") or {}).get(SIGNAL)
    try:
        signal = json.loads(text) if text else {}
    except ValueError:
        return ""
    if not isinstance(signal, dict) or signal.get("planId") != plan_id:
        return ""
    return str((signal.get("status") or {}).get("status") or "")


def nodes_in_words(plan: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]]) -> Dict[str, str]:
    """What every node of the Plan is at. `nodes`: the objects, by the names that the Plan has."""
    found = {}
    for name, state in node_states(plan).items():
        step = step_of(nodes[name], id_of(plan)) if name in nodes else ""
        if state == "SignalSent" or (state == "SignalApplyFailed" and step in ("Failed", "FailedDownload")):
            found[name] = _STEPS.get(step, f"is at {step}")
        else:
            found[name] = _NODES.get(state, f"is in the state {state}")
    return found


def plan_in_words(plan: Mapping[str, Any]) -> str:
    state = state_of(plan)
    said = description_of(plan)
    return _PLANS.get(state, f"is in the state {state}") + (f" ({said})" if said else "")


def table(words: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {text}" for name, text in words.items())

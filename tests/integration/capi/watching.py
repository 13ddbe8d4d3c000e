# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children followed as the collection does it, from their ClusterDeployment down to AWS."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.diagnose import Diagnoser
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.engine import Manner, follow
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.look import look
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    CLUSTER_DEPLOYMENT,
    GONE,
    READY,
    Child,
    Mothership,
    Outcome,
)
from tests.capi.bed import CapiBed
from tests.capi.manifests import NAMESPACE

TIME = "12:00"
# A folder that what children say is written to, for tests that have no controllers.
RECORD = "MKE4K_CAPI_RECORD"
# Beside other tests on two cores everything takes its time.
PATIENCE = 240.0
# How long a cause has to last: conditions flip several times a second here, and heal in less than that.
SETTLE = 6.0


class Watching:
    """`said` has what a user would have read."""

    def __init__(self, capi: CapiBed) -> None:
        self.capi = capi
        self.said: list[str] = []

    def follow(
        self,
        names: Sequence[str],
        goal: str = READY,
        timeout: float = PATIENCE,
        settle: float = SETTLE,
        since: Mapping[str, int] | None = None,
    ) -> dict[str, Outcome]:
        self.said = []
        children = [Child(name, {}, NAMESPACE) for name in names]
        api = self.capi.api
        manner = Manner(root_kind=CLUSTER_DEPLOYMENT, grace=0.5, settle=settle, time_of_day=lambda: TIME)
        diagnose = Diagnoser(Mothership(), api, patience=4.0).diagnose
        outcomes = follow(api, children, goal, timeout, self.said.append, diagnose, since, manner)
        self._record(outcomes)
        return {outcome.name: outcome for outcome in outcomes}

    def ready(self, *names: str, since: Mapping[str, int] | None = None) -> None:
        found = self.follow(names, since=since)
        assert {name: outcome.state for name, outcome in found.items()} == dict.fromkeys(names, READY), self.told(found)

    def gone(self, *names: str) -> None:
        found = self.follow(names, GONE)
        assert {name: outcome.state for name, outcome in found.items()} == dict.fromkeys(names, GONE), self.told(found)

    def look(self, name: str) -> Outcome:
        manner = Manner(root_kind=CLUSTER_DEPLOYMENT)
        return look(self.capi.api, NAMESPACE, [name], manner=manner)[0]

    def phases(self, name: str) -> list[tuple[str, int]]:
        """What was told of a child: each phase with the number of those behind it."""
        found = []
        for line in self.said:
            words = line.split()
            if len(words) == 4 and words[:2] == [TIME, name]:
                found.append((words[2], int(words[3].partition("/")[0])))
        return found

    def _record(self, outcomes: Sequence[Outcome]) -> None:
        folder = os.environ.get(RECORD)
        for outcome in [each for each in outcomes if each.failed] if folder else ():
            place = Path(str(folder)) / self.capi.pair.name / f"{outcome.name}.json"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(json.dumps(recorded(outcome), indent=1, sort_keys=True) + "\n")

    def told(self, outcomes: Mapping[str, Outcome]) -> str:
        ended = [f"{name}: {outcome.message}" for name, outcome in outcomes.items()]
        return "\n".join([*self.said, *ended, self.capi.others.told()])


def causes(outcome: Outcome) -> list[str]:
    return [item.cause.name for item in outcome.diagnoses]


def recorded(outcome: Outcome) -> dict[str, Any]:
    """What the objects of a child say, without what is not read of them."""
    family = outcome.family
    assert family is not None
    single = {"cluster": family.cluster, "aws_cluster": family.aws_cluster}
    many = {"machines": family.machines, "aws_machines": family.aws_machines}
    events = [{key: event.get(key) for key in ("reason", "message", "involvedObject")} for event in family.events]
    return {
        "causes": causes(outcome),
        **{key: _said(manifest) for key, manifest in single.items()},
        **{key: {name: _said(manifest) for name, manifest in found.items()} for key, found in many.items()},
        "events": events,
    }


def _said(manifest: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if manifest is None:
        return None
    metadata = {key: manifest["metadata"][key] for key in ("name", "namespace") if key in manifest["metadata"]}
    status = manifest.get("status") or {}
    told = {
        "conditions": _bad(status.get("conditions")),
        "v1beta2": {"conditions": _bad((status.get("v1beta2") or {}).get("conditions"))},
    }
    return {"apiVersion": manifest["apiVersion"], "kind": manifest["kind"], "metadata": metadata, "status": told}


def _bad(conditions: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Those that are not True, without what is another one at each run."""
    kept = ("type", "status", "reason", "severity", "message")
    return [{key: item[key] for key in kept if item.get(key)} for item in conditions or () if item["status"] != "True"]

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children followed as the collection does it, from their ClusterDeployment down to AWS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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

    def told(self, outcomes: Mapping[str, Outcome]) -> str:
        return "\n".join([*self.said, *(f"{name}: {outcome.message}" for name, outcome in outcomes.items())])


def causes(outcome: Outcome) -> list[str]:
    return [item.cause.name for item in outcome.diagnoses]

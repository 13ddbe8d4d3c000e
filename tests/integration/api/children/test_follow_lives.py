# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole lives of children on the stand-in mothership, as they are told to people."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.diagnose import Diagnoser
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.engine import Manner, follow
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child, Mothership, Outcome
from tests.api.bed import Bed
from tests.integration.api.mothership.with_children import ChildrenMothership, children_mothership

__all__ = ["children_mothership"]

# Far longer than anything here takes: a wait that does not end is what fails.
PATIENCE = 120.0


def children(there: ChildrenMothership, *names: str) -> list[Child]:
    return [Child(name, {}, there.namespace) for name in names]


def followed(
    bed: Bed,
    there: ChildrenMothership,
    goal: str,
    *names: str,
    say: Callable[[str], None] = print,
    timeout: float = PATIENCE,
    since: dict[str, int] | None = None,
    **manner: Any,
) -> list[Outcome]:
    how = Manner(time_of_day=lambda: "12:03", **{"grace": 0.0, "settle": 1.0, **manner})
    diagnose = Diagnoser(Mothership(namespace=there.namespace)).diagnose
    return follow(bed.api(), children(there, *names), goal, timeout, say, diagnose, since, how)


def phases(said: list[str], name: str) -> list[str]:
    """The phases of a child that were said, with how many steps were behind it."""
    found = [re.match(rf"12:03 {name} +(\w+)  (\d+)/\d+$", line) for line in said]
    return [match.group(1) for match in found if match]


EARLY = (
    *("MkeChildConfig", "ClusterDeployment", "TemplateReady", "CredentialReady", "HelmChartReady", "HelmReleaseReady"),
    "CAPIClusterSummary",
)
UP = [
    *("VpcReady", "SubnetsReady", "InternetGatewayReady", "NatGatewaysReady", "RouteTablesReady"),
    *("ClusterSecurityGroupsReady", "LoadBalancerReady", "ControlPlaneReady", "WorkersReady", "ServicesReady", "Ready"),
]
DOWN = [
    *("ServicesDeleted", "MachinesDeleted", "LoadBalancerDeleted", "SecurityGroupsDeleted", "RouteTablesDeleted"),
    *("NatGatewaysDeleted", "InternetGatewayDeleted", "SubnetsDeleted", "VpcDeleted", "ClusterDeleted"),
    *("ClusterDeploymentDeleted", "Gone"),
]


def in_order(said: list[str], order: list[str], early: tuple[str, ...] = ()) -> bool:
    """Whether the phases come in that order; a step may be over before anybody looks, and early ones mostly are."""
    places = [[*early, *order].index(phase) for phase in said]
    return places == sorted(places) and len({*said} & {*order}) > len(order) // 2


def test_a_life_is_told_step_by_step(bed: Bed, children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    said: list[str] = []
    there.child("prod", "ready-after: 6\ndelete-after: 6", workersNumber=2)
    outcomes = followed(bed, there, "ready", "prod", say=said.append)
    assert outcomes[0].state == "ready"
    assert in_order(phases(said, "prod"), UP, EARLY), said
    assert said[-1] == "12:03 prod  Ready  11/11"
    there.delete("prod")
    said.clear()
    outcomes = followed(bed, there, "gone", "prod", say=said.append)
    assert outcomes[0].state == "gone"
    assert in_order(phases(said, "prod"), DOWN), said
    assert said[-1] == "12:03 prod  Gone  12/12"


def test_children_that_fail_for_different_causes_do_not_stop_the_others(
    bed: Bed, children_mothership: ChildrenMothership
) -> None:
    there = children_mothership
    there.child("eip", "eip-quota")
    there.child("key", "key-pair-missing")
    for name in ("one", "two", "three"):
        there.child(name)
    outcomes = followed(bed, there, "ready", "eip", "one", "key", "two", "three")
    print([outcome.message for outcome in outcomes])
    assert [outcome.state for outcome in outcomes] == ["failed", "ready", "failed", "ready", "ready"]
    assert [outcome.diagnoses[0].cause.name for outcome in outcomes if outcome.failed] == [
        "eip-quota",
        "key-pair-missing",
    ]
    assert outcomes[0].progress.phase == "NatGatewaysReady"
    assert outcomes[2].progress.phase == "ControlPlaneReady"


def test_a_failure_that_passes_in_time_is_none(bed: Bed, children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    there.child("prod", "cause: eip-quota\nlasts: 3")
    outcomes = followed(bed, there, "ready", "prod", settle=60.0)
    assert [(outcome.state, outcome.diagnoses) for outcome in outcomes] == [("ready", ())]


def test_a_deletion_that_is_blocked_names_the_resource(bed: Bed, children_mothership: ChildrenMothership) -> None:
    """The condition has words only for a moment, many times a minute."""
    there = children_mothership
    there.child("prod", "subnet-in-use")
    there.ready("prod")
    there.delete("prod")
    outcome = followed(bed, there, "gone", "prod", settle=2.0)[0]
    print(outcome.message, outcome.progress)
    assert outcome.failed
    assert outcome.progress.phase == "SubnetsDeleted"
    assert "DependencyViolation" in outcome.progress.message
    assert outcome.diagnoses[0].cause.name == "deletion-blocked"
    there.command(prod="none")
    assert followed(bed, there, "gone", "prod")[0].state == "gone"


def test_an_operator_that_is_restarted_loses_no_child(bed: Bed, children_mothership: ChildrenMothership) -> None:
    there = children_mothership
    names = ["one", "two", "three"]
    for name in names:
        there.child(name, "ready-after: 4")
    said: list[str] = []
    restarted: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if not restarted:
            restarted.append(line)
            there.restart()

    outcomes = followed(bed, there, "ready", *names, say=say)
    assert restarted
    assert [outcome.state for outcome in outcomes] == ["ready"] * 3, [outcome.message for outcome in outcomes]


def test_a_child_that_was_changed_is_followed_to_its_new_form(
    bed: Bed, children_mothership: ChildrenMothership
) -> None:
    there = children_mothership
    there.child("prod", workersNumber=1)
    there.ready("prod")
    changed = there.child("prod", workersNumber=3)
    since = {"prod": int(changed["metadata"]["generation"])}
    outcome = followed(bed, there, "ready", "prod", since=since)[0]
    assert outcome.state == "ready"
    assert outcome.family is not None
    deployment = outcome.family.machine_deployments["prod-md"]
    assert (deployment["spec"]["replicas"], deployment["status"]["readyReplicas"]) == (3, 3)


def test_a_release_whose_children_have_no_conditions_is_followed_by_the_clusterdeployment(
    bed: Bed, children_mothership: ChildrenMothership
) -> None:
    there = children_mothership
    there.child("prod", "silent-root: true")
    assert followed(bed, there, "ready", "prod")[0].state == "ready"

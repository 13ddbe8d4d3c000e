# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children are followed on a real API server, through what controllers, other people and the weather do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.follow.engine import Manner, follow
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Outcome
from tests.api.bed import Bed
from tests.api.faults import FaultProxy
from tests.integration.api.weather import api_through

from .followed import Written, condition

# Far longer than anything here takes: a wait that does not end is what fails.
PATIENCE = 120.0


@pytest.fixture
def written(bed: Bed, namespace: str) -> Written:
    return Written(bed, namespace)


@pytest.fixture
def later() -> Iterator[Callable[..., None]]:
    """Does something in another thread as soon as something is so; an error there is the test's."""
    stop = threading.Event()
    with ThreadPoolExecutor(4) as pool:
        jobs = []

        def start(ready: Callable[[], Any], *work: Callable[[], Any]) -> None:
            def run() -> None:
                while not ready():
                    if stop.wait(0.02):
                        return
                for step in work:
                    step()

            jobs.append(pool.submit(run))

        yield start
        stop.set()
        for job in jobs:
            job.result(60)


def watches(proxy: FaultProxy, count: int) -> Callable[[], bool]:
    return lambda: len(proxy.requests(watch=True)) >= count


def root_of(outcome: Outcome) -> dict[str, Any]:
    assert outcome.family is not None
    assert outcome.family.root is not None
    return outcome.family.root


def states(outcomes: list[Outcome]) -> dict[str, str]:
    return {outcome.name: outcome.state for outcome in outcomes}


def test_children_that_become_ready_at_once_cost_two_watches(
    bed: Bed, proxy: FaultProxy, written: Written, later: Callable[..., None]
) -> None:
    children = [written.child(f"c{number}") for number in range(60)]

    def come_up() -> None:
        for child in children:
            written.ready(child.name)

    later(watches(proxy, 2), come_up)
    said: list[str] = []
    api = api_through(bed, proxy)
    outcomes = follow(api, children, "ready", PATIENCE, said.append, manner=Manner(grace=60))
    assert states(outcomes) == {f"c{number}": "ready" for number in range(60)}
    assert [outcome.name for outcome in outcomes] == [child.name for child in children]
    assert api.requests == len(proxy.requests()) == 2


def test_a_child_is_not_ready_before_its_newest_form_was_looked_at(
    bed: Bed, proxy: FaultProxy, written: Written, later: Callable[..., None]
) -> None:
    child = written.child("prod")
    written.ready("prod")
    changed = written.child("prod", workers=5)
    later(watches(proxy, 2), lambda: written.ready("prod"))
    assert child != changed
    outcomes = follow(api_through(bed, proxy), [changed], "ready", PATIENCE, print)
    assert states(outcomes) == {"prod": "ready"}
    assert root_of(outcomes[0])["status"]["observedGeneration"] == 2


def test_a_child_says_at_which_step_of_aws_it_is(
    bed: Bed, proxy: FaultProxy, written: Written, later: Callable[..., None]
) -> None:
    child = written.child("prod")
    written.deploy("prod", controlPlaneNumber=1, workersNumber=2)
    written.write("Cluster", "prod")
    conditions = [condition("VpcReady", True), condition("SubnetsReady", True)]
    status = {
        "ready": False,
        "conditions": [condition("Ready", True), *conditions, condition("NatGatewaysReady", False)],
    }
    written.write("AWSCluster", "prod", {"region": "eu-west-1"}, status)
    said: list[str] = []
    later(lambda: any("NatGateways" in line for line in said), lambda: written.ready("prod"))
    manner = Manner(grace=0.2, time_of_day=lambda: "12:03")
    outcomes = follow(api_through(bed, proxy), [child], "ready", PATIENCE, said.append, manner=manner)
    assert states(outcomes) == {"prod": "ready"}
    assert "12:03 prod  NatGatewaysReady  3/11" in said
    assert said[-1] == "12:03 prod  Ready  11/11"

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._children.follow.talk import Talk, phases_of
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Cause, Diagnosis, Outcome, Progress

NAT = Progress("NatGatewaysReady", 3, 11)
READY = Progress("Ready", 11, 11, reached=True)


def talk(*names: str) -> tuple[Talk, list[str]]:
    said: list[str] = []
    return Talk(said.append, lambda: "12:03", "ready", names), said


def test_a_line_is_said_when_the_phase_is_another_one() -> None:
    one, said = talk("prod-eu", "prod")
    one.step("prod-eu", NAT, 0.0)
    one.step("prod-eu", NAT, 60.0)
    one.step("prod", Progress("MkeChildConfig"), 61.0)
    assert said == ["12:03 prod-eu  NatGatewaysReady  3/11", "12:03 prod     MkeChildConfig"]


def test_a_phase_that_comes_and_goes_is_not_said_each_time() -> None:
    one, said = talk("prod")
    other = Progress("VpcReady", 0, 11)
    for now, progress in enumerate((NAT, other, NAT, other, NAT)):
        one.step("prod", progress, float(now))
    assert len(said) == 2
    one.step("prod", NAT, 31.0)
    assert len(said) == 3


def test_a_cause_is_said_once() -> None:
    one, said = talk("prod")
    found = Diagnosis(Cause("dns", "The name of the load balancer is not known yet", ""), "AWSCluster", "x" * 200)
    one.cause("prod", found)
    one.cause("prod", found)
    assert len(said) == 1
    assert said[0].startswith("12:03 prod  The name of the load balancer is not known yet (AWSCluster: xxx")
    assert said[0].endswith("…")


def test_an_end_is_said_once_and_a_failure_whole() -> None:
    one, said = talk("prod", "test")
    one.end(Outcome("prod", "ready", READY))
    one.end(Outcome("prod", "ready", READY))
    one.end(Outcome("test", "failed", NAT, message="No Elastic IP is left. " + "x" * 300))
    assert said == ["12:03 prod  Ready  11/11", f"12:03 test  failed: No Elastic IP is left. {'x' * 300}"]


def test_many_children_are_told_of_together() -> None:
    names = [f"c{number}" for number in range(200)]
    one, said = talk(*names)
    one.step("c0", NAT, 0.0)
    one.cause("c0", Diagnosis(Cause("dns", "", ""), "", ""))
    one.end(Outcome("c1", "ready", READY))
    failed = Outcome("c2", "failed", NAT, message="No Elastic IP is left")
    one.end(failed)
    assert said == ["12:03 c2    failed: No Elastic IP is left"]
    ended = [Outcome("c1", "ready", READY), failed, *[None] * 198]
    one.summary(ended, ["VpcReady"] * 190 + ["WorkersReady"] * 8, 10.0)
    one.summary([*ended[:-1], Outcome("c9", "ready", READY)], ["VpcReady"], 20.0)
    assert said[1:] == ["12:03 1/200 ready, 1 failed; 190 at VpcReady, 8 at WorkersReady"]
    one.summary(ended, ["VpcReady"] * 190 + ["WorkersReady"] * 8, 41.0)
    assert len(said) == 2
    one.summary([*ended[:-1], Outcome("c9", "ready", READY)], [], 42.0)
    assert said[2:] == ["12:03 2/200 ready, 1 failed"]
    # Of a child that was said to have failed it is said that it is well.
    one.end(Outcome("c2", "ready", READY))
    assert said[3:] == ["12:03 c2    Ready  11/11"]


def test_many_children_have_a_last_line_for_all() -> None:
    one, said = talk(*(f"c{number}" for number in range(21)))
    ready = Outcome("c", "ready", READY)
    one.summary([None, *[ready] * 20], [], 0.0)
    one.summary([ready] * 21, [], 1.0)
    assert said == ["12:03 20/21 ready", "12:03 21/21 ready"]


def test_few_children_need_no_summary() -> None:
    one, said = talk("prod")
    one.summary([None], ["VpcReady"], 100.0)
    assert said == []
    assert phases_of([NAT, Progress("")]) == ["NatGatewaysReady"]

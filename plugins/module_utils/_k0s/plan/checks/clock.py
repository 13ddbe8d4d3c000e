# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that the clocks of the hosts agree: certificates and leases depend on it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from statistics import median_low
from typing import Iterator, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.checks.subject import ClusterView, Subject

LONGEST_SKEW = 30.0


def clocks_agree(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    """Hosts are read one after another, so each clock is first compared with the control node's at that moment."""
    offsets = {
        subject.name: float(subject.facts["time"]) - float(subject.facts["reference_time"])
        for subject in subjects
        if subject.facts.get("time") and subject.facts.get("reference_time")
    }
    if len(offsets) < 2:
        return
    middle = median_low(offsets.values())
    for subject in subjects:
        skew = offsets.get(subject.name, middle) - middle
        if abs(skew) > LONGEST_SKEW:
            yield subject.error(
                "clock-skew",
                f"has a clock that is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the others; "
                f"{LONGEST_SKEW:.0f} s are tolerated",
                "synchronise its clock, for example with chrony, and run again",
            )

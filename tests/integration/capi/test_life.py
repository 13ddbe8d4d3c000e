# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a child with the real Cluster API and its provider for AWS, as this collection sees it."""

from __future__ import annotations

from dataclasses import replace

from tests.capi.bed import CapiBed
from tests.capi.manifests import Wish

from .watching import Watching

NOTHING: dict[str, int] = {}
BERLIN = Wish("berlin", region="eu-central-1", zones=3, control_planes=3, workers=2)
# Three zones: a public and a private subnet in each, with a route table, and a gateway with an address for the way out.
IN_AWS = {
    "vpc": 1,
    "subnet": 6,
    "internet-gateway": 1,
    "elastic-ip": 3,
    "nat-gateway": 3,
    "route-table": 6,
    "security-group": 4,
    "load-balancer": 1,
}


def machines(count: int) -> dict[str, int]:
    return {"instance": count, "volume": count, "network-interface": count}


def test_a_child_comes_up_is_scaled_and_leaves_nothing_behind(capi: CapiBed, watching: Watching) -> None:
    capi.child(BERLIN)
    watching.ready("berlin")
    told = watching.phases("berlin")
    done = [count for _phase, count in told]
    assert done == sorted(done), told
    assert len(told) >= 3, watching.said
    assert watching.said[-1].startswith("12:00 berlin"), watching.said
    assert capi.in_aws("berlin", BERLIN.region) == {**IN_AWS, **machines(5)}

    for workers in (4, 1):
        since = capi.scale(replace(BERLIN, workers=workers))
        watching.ready("berlin", since={"berlin": since})
        assert capi.in_aws("berlin", BERLIN.region)["instance"] == 3 + workers

    capi.delete("ClusterDeployment", "berlin")
    watching.gone("berlin")
    down = [count for _phase, count in watching.phases("berlin")]
    assert down == sorted(down), watching.said
    assert capi.in_aws("berlin", BERLIN.region) == NOTHING

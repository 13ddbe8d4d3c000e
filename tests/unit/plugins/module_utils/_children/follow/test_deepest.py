# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.follow.deepest import deepest
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Family

from .objects import aws_cluster, aws_machine, cluster, condition, deployment, machine, named, root

NAT = condition("NatGatewaysReady", False, "AddressLimitExceeded", "Failed", severity="Warning")
TOO_FEW = "AWSCluster k0rdent/prod: NatGatewaysReady is False (Failed): AddressLimitExceeded"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({}, ""),
        ({"root": root(condition("Ready"))}, ""),
        ({"root": root(condition("Ready", False))}, "MkeChildConfig k0rdent/prod: Ready is False"),
        # Who waits for something else is not what is wrong.
        (
            {
                "aws_machines": named(
                    [aws_machine("m", condition("InstanceReady", False, "", "WaitingForClusterInfrastructure"))]
                ),
                "machines": named([machine("m", condition("Ready", False, "waits", "WaitingForBootstrap"))]),
                "aws_cluster": aws_cluster(condition("Ready", False, "3 of 8 completed"), NAT),
                "cluster": cluster(condition("Ready", False, "3 of 8 completed", severity="Warning")),
                "deployment": deployment(condition("CAPIClusterSummary", False, "not ready")),
            },
            TOO_FEW,
        ),
        # An error beats a warning, wherever it is.
        (
            {
                "aws_cluster": aws_cluster(NAT),
                "root": root(condition("Ready", False, "no license", "Bad", severity="Error")),
            },
            "MkeChildConfig k0rdent/prod: Ready is False (Bad): no license",
        ),
        # The condition itself comes before the one that sums it up.
        (
            {"aws_cluster": aws_cluster(condition("Ready", False, "1 of 8", severity="Warning"), NAT)},
            TOO_FEW,
        ),
        (
            {"aws_cluster": aws_cluster(condition("Paused", False, "", "NotPaused"))},
            "",
        ),
    ],
)
def test_the_cause_is_told_by_the_object_that_is_nearest_to_it(parts: dict[str, Any], words: str) -> None:
    assert deepest(Family("prod", **parts)) == words

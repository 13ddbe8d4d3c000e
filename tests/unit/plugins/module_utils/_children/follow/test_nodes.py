# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.follow import nodes
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.nodes import Nodes
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Family

from .objects import control_plane, deployment, machine, named, root, workers

BOTH = {"controlPlaneNumber": 3, "workersNumber": 2}


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ({"infrastructure": BOTH}, BOTH),
        ({"infrastructure": {"configuration": BOTH}}, BOTH),
        ({"config": BOTH}, BOTH),
        ({"config": {"infrastructure": BOTH}}, BOTH),
        ({"infrastructure": {"workersNumber": "4", "configuration": BOTH}}, {**BOTH, "workersNumber": 4}),
        ({"infrastructure": None, "config": "text"}, {}),
    ],
)
def test_counts_are_found_where_each_release_has_them(spec: dict[str, Any], found: dict[str, int]) -> None:
    assert nodes.counts_of({"spec": spec}) == found


def test_nodes_are_counted_by_whoever_counts_them() -> None:
    family = Family("prod", root(spec={"infrastructure": BOTH}))
    assert str(nodes.all_nodes(family)) == "5"
    family.machines = named([machine("a", phase="Running", control=True), machine("b", control=True), machine("c")])
    assert str(nodes.control_plane(family)) == "1/3"
    family.control_plane = control_plane(3, 2)
    family.machine_deployments = named([workers(2, 2)])
    assert str(nodes.control_plane(family)) == "2/3"
    assert nodes.workers(family).are_complete
    assert str(nodes.all_nodes(family)) == "4/5"


def test_what_nobody_knows_is_not_made_up() -> None:
    assert str(nodes.all_nodes(Family("prod"))) == ""
    assert not nodes.all_nodes(Family("prod")).are_complete
    assert str(Nodes(1, None)) == "1/?"
    none = Family("prod", deployment=deployment(spec={"config": {"workersNumber": 0}}))
    assert nodes.workers(none) == Nodes(0, 0)


@pytest.mark.parametrize(
    ("parts", "lacking"),
    [
        ({}, []),
        (
            {"control_plane": control_plane(1, 1)},
            ["K0sControlPlane k0rdent/prod-cp: it is for 1 machines, not yet for 3"],
        ),
        ({"control_plane": control_plane(3, 1)}, ["K0sControlPlane k0rdent/prod-cp: 1 of 3 machines are ready"]),
        (
            {
                "control_plane": {
                    **control_plane(3, 3, version="v1.32.6"),
                    "spec": {"replicas": 3, "version": "v1.33.4"},
                }
            },
            ["K0sControlPlane k0rdent/prod-cp: it runs v1.32.6, not yet v1.33.4"],
        ),
        (
            {
                "control_plane": {
                    **control_plane(3, 3, version="v1.33.4+k0s.0"),
                    "spec": {"replicas": 3, "version": "v1.33.4"},
                }
            },
            [],
        ),
        # It counts in other ways what is new.
        ({"control_plane": control_plane(3, 3, updatedReplicas=0)}, []),
        (
            {"control_plane": control_plane(3, 3, replicas=5)},
            ["K0sControlPlane k0rdent/prod-cp: there are 5 machines, 3 are wanted"],
        ),
        (
            {"machine_deployments": named([workers(2, 2, observedGeneration=0)])},
            ["MachineDeployment k0rdent/prod-md: its controller has not looked at its newest form yet"],
        ),
        (
            {"machine_deployments": named([workers(2, 2, updatedReplicas=1)])},
            ["MachineDeployment k0rdent/prod-md: 1 of 2 machines are new"],
        ),
        (
            {"machine_deployments": named([workers(2, 2, upToDateReplicas=2, updatedReplicas=1)])},
            [],
        ),
        # How the workers are spread over several ones is not in the spec.
        ({"machine_deployments": named([workers(1, 1, name="a"), workers(4, 4, name="b")])}, []),
    ],
)
def test_after_a_change_machines_that_do_not_follow_are_named(parts: dict[str, Any], lacking: list[str]) -> None:
    assert nodes.lacking(Family("prod", root(spec={"infrastructure": BOTH}), **parts)) == lacking

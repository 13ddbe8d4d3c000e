# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children as jobs on a cluster that jobs have made, from its first host to its end.

Its operators are the stand-ins, beside the hosts; its API server, controllers and pods are those of the lab's k0s.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.cloud import cloud_of
from tests.scenarios.lab import Lab

from .clusters import CHILDREN, MKE4
from .ground import Ground, good, leading_to, refused, secrets_of, unchanged

pytestmark = pytest.mark.thorough

GONE = {"mke4k_children": "[prod-eu, test-eu]", "mke4k_children_confirm": "prod-eu"}


@pytest.fixture(scope="module")
def mothership(hosts: Ground, lab: Lab) -> Iterator[Ground]:
    """The cluster, by the kubeconfig that a job has written."""
    written = hosts.work / "mke.kubeconf"
    good(hosts.launch("install", answers=MKE4))
    good(hosts.launch("kubeconfig", answers={**MKE4, "mke4k_kubeconfig": str(written)}))
    lab.let_pods_run()
    plan: dict[str, Any] = {"mothership": {"kubeconfig": written, "version": "v4.1.2"}, "aws": {}}
    with cloud_of(lab.name, plan, prefix=lab.command) as cloud:
        kubeconfig = Path(cloud.kubeconfig).read_text(encoding="utf-8")
        yield replace(
            hosts,
            environment=leading_to(cloud.aws),
            files={"K8S_AUTH_KUBECONFIG": kubeconfig},
            answers={},
            machine={},
            secrets={**hosts.secrets, **secrets_of(kubeconfig), "AWS key": cloud.aws["secret_key"]},
        )


@pytest.fixture
def by_its_controller(hosts: Ground, mothership: Ground) -> Ground:
    """The same without a kubeconfig: a controller of mke4.yaml is asked, by the machine credential."""
    environment = {**hosts.environment, **mothership.environment}
    return replace(hosts, environment=environment, secrets=mothership.secrets, answers={**hosts.answers, **MKE4})


def test_a_check_tells_what_would_come(mothership: Ground) -> None:
    good(mothership.launch("children", step="check", check=True, marked=False, answers=CHILDREN))


def test_children_come_up_and_are_handed_on(mothership: Ground) -> None:
    ran = good(mothership.launch("children", answers=CHILDREN))
    stats = ran.events.stats()["mke4k_child_clusters"]
    assert sorted(child["name"] for child in stats) == ["prod-eu", "test-eu"]
    assert all(child["ready"] for child in stats)


def test_a_second_job_changes_nothing_whichever_way_it_goes(mothership: Ground, by_its_controller: Ground) -> None:
    unchanged(mothership.launch("children", step="again", answers=CHILDREN))
    unchanged(by_its_controller.launch("children", step="controller", marked=False, answers=CHILDREN))


def test_nothing_drifts_until_something_else_is_asked_for(by_its_controller: Ground) -> None:
    unchanged(by_its_controller.launch("drift", answers=CHILDREN))
    more = {**CHILDREN, "mke4k_children_defaults": {**CHILDREN["mke4k_children_defaults"], "workers_number": 2}}
    ran = refused(by_its_controller.launch("drift", step="differs", answers=more), "differs from mke4.yaml in 2 places")
    assert ".workersNumber: 2" in ran.output, ran.told()


def test_a_cluster_with_children_is_not_reset(by_its_controller: Ground) -> None:
    asked = {"mke4k_confirm": "mke", "mke4k_layers": ""}
    refused(by_its_controller.launch("reset", step="refused", answers=asked), "prod-eu", "test-eu")


def test_children_go_and_then_the_cluster(mothership: Ground, by_its_controller: Ground) -> None:
    good(mothership.launch("remove_children", step="check", check=True, answers=GONE))
    unchanged(mothership.launch("children", step="after", marked=False, answers=CHILDREN))
    good(mothership.launch("remove_children", answers=GONE))
    unchanged(mothership.launch("remove_children", step="again", marked=False, answers=GONE))
    good(by_its_controller.launch("reset", answers={"mke4k_confirm": "mke", "mke4k_layers": ""}))

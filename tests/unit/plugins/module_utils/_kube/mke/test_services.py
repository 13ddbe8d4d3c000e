# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.helm import Release
from ansible_collections.mke4k.core.plugins.module_utils._kube.mke.services import (
    Seen,
    Service,
    service_table,
    services,
    unready,
)


def config(*listed: dict[str, Any]) -> dict[str, Any]:
    return {"status": {"services": list(listed)}}


def release(name: str, status: str = "deployed", version: str = "1.2.3", description: str = "") -> Release:
    return Release(name, "mke", 1, status, f"sh.helm.release.v1.{name}.v1", name, version, "", description)


def deployment(
    release_name: str, available: int, wanted: int | None = 2, observed: int = 1, kind: str = "Deployment"
) -> dict[str, Any]:
    return {
        "kind": kind,
        "metadata": {
            "name": f"{release_name}-web",
            "generation": 1,
            "annotations": {"meta.helm.sh/release-name": release_name},
        },
        "spec": {} if wanted is None else {"replicas": wanted},
        "status": {"observedGeneration": observed, "availableReplicas": available, "readyReplicas": available},
    }


def mcs(name: str, message: str, status: str = "False") -> dict[str, Any]:
    condition = {"type": f"mke.{name}/SveltosHelmReleaseReady", "status": status, "message": message}
    return {"status": {"services": [{"conditions": [condition]}]}}


def test_what_the_operator_lists_is_believed_and_helm_adds_the_version() -> None:
    seen = Seen(config({"name": "ui", "ready": True}), [release("ui")], [deployment("ui", 2)])
    assert services(seen) == [Service("ui", "system", "1.2.3", True)]


def test_the_version_the_operator_tells_wins_over_that_of_the_chart() -> None:
    seen = Seen(config({"name": "ui", "ready": True, "version": "9"}), [release("ui")])
    assert services(seen)[0].version == "9"


def test_a_service_that_the_operator_does_not_list_is_found_by_its_release() -> None:
    assert services(Seen(None, [release("dex")])) == [Service("dex", "system", "1.2.3", True)]


def test_the_operators_own_words_come_first() -> None:
    seen = Seen(config({"name": "ui", "ready": False, "message": "image missing"}), [], [], [mcs("ui", "other")])
    assert services(seen)[0].message == "image missing"


def test_k0rdents_words_come_where_the_operator_says_nothing() -> None:
    seen = Seen(config({"name": "ui", "ready": False}), [], [], [mcs("ui", "chart not found")])
    assert services(seen)[0].message == "chart not found"
    assert services(Seen(seen.mke_config))[0].message == "the operator does not call it ready yet"


def test_conditions_of_k0rdent_that_hold_are_no_message() -> None:
    seen = Seen(None, [release("ui", "failed", description="timed out")], [], [mcs("ui", "fine", "True")])
    assert services(seen)[0].message == "Helm release failed: timed out"


def test_a_release_that_is_not_deployed_is_not_ready() -> None:
    (found,) = services(Seen(None, [release("ui", "pending-install")]))
    assert (found.ready, found.message) == (False, "Helm release pending-install")


def test_a_service_is_not_ready_while_a_workload_lacks_pods() -> None:
    seen = Seen(config({"name": "ui", "ready": True}), [release("ui")], [deployment("ui", 1), deployment("dex", 0)])
    assert services(seen) == [Service("ui", "system", "1.2.3", False, "Deployment ui-web: 1 of 2 available")]


def test_services_of_the_user_come_after_those_of_mke() -> None:
    seen = Seen(None, [release("a-mine"), release("ui")])
    assert [(item.name, item.kind) for item in services(seen, ["a-mine"])] == [("ui", "system"), ("a-mine", "user")]


@pytest.mark.parametrize(
    ("workload", "told"),
    [
        (deployment("ui", 2), ""),
        (deployment("ui", 1, wanted=None), ""),
        (deployment("ui", 0, wanted=0), ""),
        (deployment("ui", 2, observed=0), "Deployment ui-web was changed and not looked at yet"),
        (deployment("ui", 1, kind="StatefulSet"), "StatefulSet ui-web: 1 of 2 ready"),
        ({"kind": "DaemonSet", "metadata": {"name": "n"}, "status": {"desiredNumberScheduled": 3, "numberReady": 1}},
         "DaemonSet n: 1 of 3 ready"),
        ({"kind": "Deployment", "metadata": {"name": "new", "generation": 1}},
         "Deployment new was changed and not looked at yet"),
    ],
)  # fmt: skip
def test_workloads_say_what_they_lack(workload: dict[str, Any], told: str) -> None:
    assert unready(workload) == told


def test_the_table_reads_well_in_a_job_log() -> None:
    rows = [Service("ui", "system", "1.2.3", True), Service("dex", "system", "", False, "no pods")]
    assert service_table(rows) == [
        "SERVICE  KIND    VERSION  READY  MESSAGE",
        "ui       system  1.2.3    yes",
        "dex      system  -        no     no pods",
    ]

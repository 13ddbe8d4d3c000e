# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""k0s_rotation: from mke4.yaml and what was read to the report and the order of the renewals."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.action import k0s_rotation
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.configs import config, host
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import task_vars

NOW = 1_800_000_000.0
DAY = 86400
ADDRESSES = ("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4")
CONFIG = config(*[host(address) for address in ADDRESSES[:3]], host(ADDRESSES[3], "worker"))


def at(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def read(address: str, left: float) -> dict[str, Any]:
    """What k0s_node_info tells of a host with a certificate that is a year old in all."""
    item = {
        "path": "/var/lib/k0s/pki/server.crt",
        "subject": "kubernetes",
        "not_before": at(NOW + (left - 365) * DAY),
        "not_after": at(NOW + left * DAY),
        "written": NOW + (left - 365) * DAY,
        "renewed_by": "k0s",
    }
    return {
        "host": {
            "architecture": "x86_64",
            "time": NOW,
            "addresses": [{"interface": "eth0", "address": address, "prefix": 24}],
            "default_address": address,
        },
        "node": {
            "hostname": address,
            "joined": True,
            "running": {"version": "v1.33.13+k0s.0", "role": "controller", "pid": 1},
            "certificates": [item],
        },
    }


def run(folder: Path, left: dict[str, float], **arguments: Any) -> dict[str, Any]:
    nodes = {address: read(address, left.get(address, 300)) for address in ADDRESSES}
    given = {"config": CONFIG, "nodes": nodes, "in_play": list(ADDRESSES), **arguments}
    found = action(k0s_rotation.ActionModule, folder, given).run(task_vars=task_vars(folder))
    return dict(json.loads(json.dumps(found)))


def test_hosts_with_certificates_that_end_are_planned(tmp_path: Path) -> None:
    found = run(tmp_path, {"10.0.0.2": 5, "10.0.0.3": 5})
    assert not found["changed"]
    assert [wave["hosts"] for wave in found["waves"]] == [["10.0.0.2"], ["10.0.0.3"]]
    assert [row["host"] for row in found["ending"]] == ["10.0.0.2", "10.0.0.3"]
    assert [item["name"] for item in found["reminders"]] == ["certificate-ends"] * 2
    assert found["peers"]["10.0.0.1"] == ["10.0.0.2", "10.0.0.3"]
    assert found["peers"]["10.0.0.4"] == []
    assert found["issued_before"] == 0.0


def test_hosts_outside_of_the_run_are_told_of_and_left_alone(tmp_path: Path) -> None:
    found = run(tmp_path, {"10.0.0.2": 5}, in_play=["10.0.0.1"])
    assert found["waves"] == []
    assert len(found["certificates"]) == 4


def test_all_means_what_was_issued_until_now(tmp_path: Path) -> None:
    found = run(tmp_path, {}, all=True, before_days=10)
    assert [wave["hosts"] for wave in found["waves"]][:3] == [["10.0.0.1"], ["10.0.0.2"], ["10.0.0.3"]]
    assert found["issued_before"] > NOW - 10 * 365 * DAY


def test_a_time_that_was_given_lets_an_ended_run_go_on(tmp_path: Path) -> None:
    asked = NOW - 100 * DAY
    found = run(tmp_path, {"10.0.0.1": 290}, all=True, issued_before=at(asked))
    assert found["issued_before"] == asked
    assert found["waves"] == []
    assert [wave["hosts"] for wave in run(tmp_path, {"10.0.0.1": 200}, issued_before=at(asked))["waves"]] == [
        ["10.0.0.1"]
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"issued_before": "yesterday"}, "'yesterday', not a time as"),
        ({"disruption": "some"}, "not a number of workers"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(AnsibleError, match=told):
        run(tmp_path, {}, **arguments)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans of hosts and what follows from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lab.mke4k_lab.errors import LabError
from tests.lab.mke4k_lab.plan import HostPlan, Plan, RegistryPlan, numbered, parse_plan, read_plan


def test_a_number_gives_hosts_with_fixed_names_and_addresses() -> None:
    hosts = read_plan("3").hosts
    assert [(host.name, host.address, host.user) for host in hosts] == [
        ("n1", "10.77.0.11", "root"),
        ("n2", "10.77.0.12", "root"),
        ("n3", "10.77.0.13", "root"),
    ]


def test_no_two_hosts_share_an_address_or_a_range_of_pods() -> None:
    hosts = numbered(40)
    assert len({host.address for host in hosts}) == 40
    assert len({host.pod_range for host in hosts}) == 40


def test_a_file_names_users_disks_and_hosts_without_a_network_plugin(tmp_path: Path) -> None:
    file = tmp_path / "plan.yml"
    file.write_text("hosts:\n- {name: c1, user: ops, disk: 500M}\n- {user: opspw, cni: false}\n", encoding="utf-8")
    assert read_plan(str(file)).hosts == (
        HostPlan(name="c1", index=1, user="ops", disk="500M"),
        HostPlan(name="n2", index=2, user="opspw", cni=False),
    )


def test_a_plan_names_what_stands_beside_the_hosts() -> None:
    plan = parse_plan({"hosts": [{}, {"behind": "n1"}], "registry": True, "operators": True}, "plan.yml")
    assert plan.registry == RegistryPlan(anonymous=False)
    assert plan.operators
    assert plan.hosts[1].behind == "n1"
    assert parse_plan({"hosts": 1, "registry": False}, "plan.yml").registry is None


def test_a_file_may_give_just_a_number() -> None:
    assert parse_plan({"hosts": 2}, "plan.yml") == Plan(numbered(2))


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (None, "has no hosts"),
        ({"hosts": []}, "has no hosts"),
        ({"hosts": 0}, "0 hosts"),
        ({"hosts": 41}, "41 hosts"),
        ({"hosts": [{}] * 41}, "41 hosts"),
        ({"hosts": ["n1"]}, "hosts[0]: 'n1' is not a mapping"),
        ({"hosts": [{}, {"nam": "x"}]}, "hosts[1]: unknown nam"),
        ({"hosts": [{"name": "N_1"}]}, "is not a host name"),
        ({"hosts": [{"user": "admin"}]}, "no user 'admin'; there are root, ops, opspw"),
        ({"hosts": [{"disk": "lots"}]}, "not a size such as 500M"),
        ({"hosts": [{"name": "a"}, {"name": "a"}]}, "two hosts of the name a"),
        ({"hosts": 1, "host": 1}, "unknown host; known are hosts, registry"),
        ({"hosts": 1, "registry": "yes"}, "registry: 'yes' is neither true nor a mapping"),
        ({"hosts": 1, "registry": {"anon": True}}, "registry: unknown anon"),
        ({"hosts": 1, "firewall": "all"}, "no firewall 'all'; there is registry-only"),
        ({"hosts": [{"behind": "n2"}, {"behind": "n1"}]}, "n1 is behind n2, which is no host in reach"),
    ],
)
def test_a_mistake_is_named_with_its_place(document: Any, said: str) -> None:
    with pytest.raises(LabError) as caught:
        parse_plan(document, "plan.yml")
    assert said in str(caught.value)


def test_a_plan_that_is_no_file_is_refused() -> None:
    with pytest.raises(LabError, match="neither a number of hosts nor a readable file"):
        read_plan("/nowhere/plan.yml")


def test_a_plan_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "plan.yml"
    file.write_text("hosts: [", encoding="utf-8")
    with pytest.raises(LabError, match="is not YAML"):
        read_plan(str(file))

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hosts let through, and the way to those behind others."""

from __future__ import annotations

from tests.lab.mke4k_lab import firewall, storage
from tests.lab.mke4k_lab.plan import parse_plan


def _rules(host: int, **plan: object) -> str:
    parsed = parse_plan({"hosts": [{}, {"behind": "n1"}], **plan}, "plan.yml")
    return firewall.files(parsed.hosts[host], parsed.firewall).get(firewall.SCRIPT, "")


def test_an_ordinary_host_has_no_firewall() -> None:
    assert _rules(0) == ""


def test_the_control_side_does_not_even_get_ssh_to_a_host_behind_another() -> None:
    rules = _rules(1)
    assert "--dport 22" not in rules
    assert "-A LAB-FROM-CONTROL -j DROP" in rules
    assert "OUTPUT" not in rules


def test_with_the_registry_only_a_host_gets_to_hosts_and_the_registry_and_the_control_side_to_ssh() -> None:
    rules = _rules(0, firewall="registry-only").splitlines()
    assert "iptables -A LAB-FROM-CONTROL -p tcp --dport 22 -j RETURN" in rules
    registry = rules.index("iptables -A LAB-TO-REGISTRY -d 10.77.0.1 -p tcp --dport 5000 -j RETURN")
    gateway = rules.index("iptables -A LAB-TO-REGISTRY -d 10.77.0.1 -j DROP")
    others = rules.index("iptables -A LAB-TO-REGISTRY -d 10.77.0.0/24 -j RETURN")
    assert registry < gateway < others < rules.index("iptables -A LAB-TO-REGISTRY -j DROP")


def test_the_rules_are_there_at_every_boot_and_only_then_used() -> None:
    plan = parse_plan({"hosts": 1, "firewall": "registry-only"}, "plan.yml")
    files = storage.settings("unit", plan.hosts[0], plan)
    assert f"ExecStartPost=/bin/sh /{firewall.SCRIPT}" in files[firewall.DROP_IN]
    rules = files[firewall.SCRIPT].splitlines()
    assert rules[-1].startswith("iptables -I ")


def test_hosts_with_a_registry_can_run_its_images() -> None:
    for registry in (True, False):
        plan = parse_plan({"hosts": 1, "registry": registry}, "plan.yml")
        files = storage.settings("unit", plan.hosts[0], plan)
        assert ("etc/k0s/containerd.d/lab.toml" in files) is registry

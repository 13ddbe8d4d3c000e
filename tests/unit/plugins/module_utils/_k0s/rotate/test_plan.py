# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict, List, Optional

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, NodeState, RunningState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.rotate.due import Policy
from ansible_collections.mke4k.core.plugins.module_utils._k0s.rotate.plan import (
    Holder,
    findings,
    reminders,
    report,
    summary,
    table,
    text,
    waves,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.rotate.certificates import NOW, certificate

ENDING = certificate(left=5, age=360)
ETCD_ENDED = certificate("pki/etcd/peer.crt", left=-2, age=367)


def holder(
    name: str, *certificates: Dict[str, Any], role: str = "controller", leads: bool = False, runs: bool = True
) -> Holder:
    running: Optional[RunningState] = RunningState("v1.33.13+k0s.0", role, 1) if runs else None
    state = NodeState(hostname=name, running=running, etcd={"leader": leads}, certificates=certificates)
    return Holder(name, NodeSpec(role, "v1.33.13+k0s.0"), state, NOW)


def planned(*holders: Holder) -> List[Any]:
    return [(wave.hosts, wave.needs, wave.at_once) for wave in waves(holders, Policy(), 2)]


def test_controllers_renew_one_after_another_with_the_leader_of_etcd_last_and_workers_in_a_window() -> None:
    kubelet = certificate("kubelet/pki/kubelet-client-current.pem", left=5, age=360, by="kubelet")
    assert planned(
        holder("n1", ENDING, leads=True),
        holder("n2", ENDING),
        holder("n3", certificate()),
        holder("n4", kubelet, role="worker"),
        holder("n5", kubelet, role="worker"),
    ) == [(("n2",), (), 0), (("n1",), ("n2",), 0), (("n4", "n5"), (), 2)]


def test_controllers_whose_etcd_certificates_have_ended_come_back_together_first() -> None:
    found = planned(holder("n1", ENDING), holder("n2", ETCD_ENDED), holder("n3", ETCD_ENDED, leads=True))
    assert found == [(("n2", "n3"), (), 0), (("n1",), ("n2", "n3"), 0)]


def test_a_host_without_k0s_is_not_restarted_but_told() -> None:
    stopped = holder("n1", ENDING, runs=False)
    assert planned(stopped) == []
    assert [item.name for item in findings([stopped], Policy())] == ["k0s-not-running"]


def test_what_a_restart_cannot_renew_is_told() -> None:
    lost = certificate("kubelet/pki/kubelet-client-current.pem", left=-1, age=366, by="kubelet")
    authority = certificate("pki/ca.crt", left=100, age=3550, by="hand")
    found = list(findings([holder("n1", lost, authority, role="worker")], Policy()))
    assert [(item.name, item.severity) for item in found] == [
        ("kubelet-certificate-ended", "error"),
        ("certificate-authority-ends", "warning"),
    ]
    assert planned(holder("n1", lost, authority, role="worker")) == []


def test_the_plan_tells_what_is_due_and_the_order() -> None:
    holders = [holder("n1", ENDING), holder("n2", certificate())]
    assert text(holders, Policy(), waves(holders, Policy(), 1)) == [
        "n1 (controller): 1 certificate is due",
        "  ends in 5 days: server.crt",
        "In this order:",
        "  1. Renew the certificates of n1",
    ]
    assert text(holders[1:], Policy(), []) == ["No certificate is due on 1 hosts."]


def test_the_window_of_workers_is_told() -> None:
    kubelet = certificate("kubelet/pki/kubelet-client-current.pem", left=5, age=360, by="kubelet")
    holders = [holder("n4", kubelet, role="worker")]
    assert text(holders, Policy(), waves(holders, Policy(), 3))[-1] == "  1. Renew the certificates of n4, 3 at a time"


def test_the_report_has_every_certificate_and_the_first_to_end_in_front() -> None:
    rows = report([holder("n1", certificate()), holder("n2", ENDING, certificate())], Policy())
    assert [(row["host"], row["days_left"], row["reason"]) for row in rows] == [
        ("n2", 5, "ends in 5 days"), ("n1", 300, ""), ("n2", 300, ""),
    ]  # fmt: skip
    lines = table(rows)
    assert lines[0].split() == ["HOST", "CERTIFICATE", "SUBJECT", "ENDS", "DAYS", "LEFT", "RENEWED", "BY", "DUE"]
    assert lines[1].endswith("ends in 5 days")
    assert len(summary(rows)) == 3


def test_every_host_with_certificates_that_end_soon_is_warned_of_once() -> None:
    rows = report([holder("n1", ENDING, ENDING), holder("n2", ETCD_ENDED), holder("n3", certificate())], Policy())
    found = {item.path: item.message for item in reminders(rows, 30)}
    assert found["host n1"] == "/var/lib/k0s/pki/server.crt ends in 5 days and 1 more"
    assert "has ended" in found["host n2"]
    assert list(found) == ["host n2", "host n1"]

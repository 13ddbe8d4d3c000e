# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict

import pytest
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._k0s.rotate.due import (
    Policy,
    days_left,
    due,
    etcd_has_ended,
    issued,
    reason,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.rotate.certificates import (
    DAY,
    NOW,
    at,
    certificate,
)

CLIENT = "kubelet/pki/kubelet-client-current.pem"


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (certificate(left=300, age=65), ""),
        (certificate(left=29.5, age=335), "ends in 29 days"),
        (certificate(left=-1, age=366), f"ended {at(NOW - DAY)}"),
        # Of a short life only the last part counts, else it would be due again right after its renewal.
        (certificate(left=10, age=0), ""),
        (certificate(left=3, age=7), "ends in 3 days"),
        # A kubelet has time until the last tenth.
        (certificate(CLIENT, left=29, age=336, by="kubelet"), "ends in 29 days"),
        (certificate(CLIENT, left=3, age=7, by="kubelet"), ""),
        (
            certificate("kubelet/pki/kubelet-server-current.pem", left=-1, age=366, by="kubelet"),
            f"ended {at(NOW - DAY)}",
        ),
        # Nobody but a person can renew these.
        (certificate(CLIENT, left=-1, age=366, by="kubelet"), ""),
        (certificate("pki/ca.crt", left=1, age=3649, by="hand"), ""),
        ({**certificate(), "renewed_by": None}, ""),
    ],
)
def test_what_is_due_is_told_with_its_reason(item: Dict[str, Any], why: str) -> None:
    assert reason(item, Policy(), NOW) == why


def test_what_was_issued_before_a_time_is_due_and_what_a_kubelet_got_is_not() -> None:
    asked = Policy(issued_before=NOW)
    assert reason(certificate(), asked, NOW) == f"was issued before {at(NOW)}"
    assert reason(certificate(CLIENT, by="kubelet"), asked, NOW) == ""


def test_certificates_are_dated_back_but_their_file_tells_when_they_were_issued() -> None:
    fresh = certificate(age=0)
    assert issued(fresh) == NOW
    assert reason(fresh, Policy(issued_before=NOW - 60), NOW) == ""
    assert issued({**fresh, "written": 0.0}) == NOW - 300


@given(life=st.floats(0.01, 4000), before=st.floats(0, 1000), by=st.sampled_from(["k0s", "kubelet"]))
def test_a_new_certificate_is_never_due(life: float, before: float, by: str) -> None:
    assert reason(certificate(left=life, age=0, by=by), Policy(before_days=before), NOW) == ""


def test_days_left_are_whole_days_and_negative_after_the_end() -> None:
    assert [days_left(certificate(left=left), NOW) for left in (1.9, 0.5, -0.5)] == [1, 0, -1]


def test_only_those_that_are_due_are_listed() -> None:
    found = due([certificate(), certificate("pki/admin.crt", left=1, age=364)], Policy(), NOW)
    assert [(item["path"], item["reason"]) for item in found] == [("/var/lib/k0s/pki/admin.crt", "ends in 1 days")]


@pytest.mark.parametrize(
    ("name", "by", "ended"),
    [
        ("pki/etcd/peer.crt", "k0s", True),
        ("pki/apiserver-etcd-client.crt", "k0s", True),
        ("pki/etcd/ca.crt", "hand", False),
        ("pki/server.crt", "k0s", False),
    ],
)
def test_an_etcd_whose_certificates_have_ended_is_known(name: str, by: str, ended: bool) -> None:
    assert etcd_has_ended([certificate(name, left=-1, by=by)], NOW) is ended
    assert not etcd_has_ended([certificate(name, left=1, by=by)], NOW)

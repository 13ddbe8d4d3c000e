# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host whose certificates end: real files and programs, with a k0s that issues certificates when it starts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.machine import Machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.node import converge
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import Request
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BinarySpec, NodeSpec, NodeState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.rotate.due import Policy
from ansible_collections.mke4k.core.plugins.module_utils._k0s.rotate.renew import Renewal, renew
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeHost
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.rotate.certificates import NOW, certificate

KUBELET = "kubelet/pki/kubelet-client-current.pem"


class Rotating:
    """A host that runs; `old` until k0s has started `starts_needed` times more."""

    def __init__(self, host: FakeHost, *old: Dict[str, Any], role: str = "controller") -> None:
        self.host = host
        self.old = old
        self.spec = host.spec(role)
        token = "" if role == "controller" else "token"
        converge(Request(spec=self.spec, joins=bool(token), token=token), host.machine)
        host.forget_calls()
        self.starts = host.state["starts"]
        self.renews = True
        self.kubelet_after = 0.0

    def certificates(self) -> Iterator[Dict[str, Any]]:
        restarted = self.host.state["starts"] > self.starts
        for item in self.old:
            signed = self.host.time.now() >= self.kubelet_after or item["renewed_by"] != "kubelet"
            new = restarted and self.renews and signed and item["renewed_by"] != "hand"
            yield {**certificate(left=365, age=0), "path": item["path"]} if new else item

    @property
    def machine(self) -> Machine:
        def read(spec: NodeSpec) -> NodeState:
            return replace(self.host.read_state(spec), certificates=tuple(self.certificates()))

        return replace(self.host.machine, read_state=read)

    def renew(self, dry_run: bool = False, **policy: float) -> Dict[str, Any]:
        spec = NodeSpec("controller", "", binary=BinarySpec(path=self.spec.binary.path), data_dir=self.spec.data_dir)
        renewal = Renewal(Policy(**policy), spec, peers=("10.0.0.2", "10.0.0.3"), kubelet_timeout=20)
        return renew(renewal, self.machine, dry_run, now=lambda: NOW)

    @property
    def restarts(self) -> List[List[str]]:
        return self.host.called("systemctl", "restart")


@pytest.fixture
def ending() -> Dict[str, Any]:
    return certificate(left=3, age=362)


def test_a_host_with_nothing_due_is_left_alone(host: FakeHost) -> None:
    rotating = Rotating(host, certificate())
    assert rotating.renew() == {"changed": False, "due": [], "renewed": [], "notes": []}
    assert rotating.restarts == []


def test_a_certificate_that_ends_is_renewed_by_one_restart_and_the_second_run_does_nothing(
    host: FakeHost, ending: Dict[str, Any]
) -> None:
    rotating = Rotating(host, ending, certificate("pki/admin.crt"))
    result = rotating.renew()
    assert result["changed"]
    assert [item["reason"] for item in result["due"]] == ["ends in 3 days"]
    assert [item["path"] for item in result["renewed"]] == [ending["path"]]
    assert len(rotating.restarts) == 1
    assert not rotating.renew()["changed"]
    assert len(rotating.restarts) == 1


def test_one_that_was_issued_in_the_same_minute_as_the_old_one_is_a_new_one(host: FakeHost) -> None:
    new = certificate(left=365, age=0)
    rotating = Rotating(host, {**new, "written": new["written"] - 50})
    assert rotating.renew(issued_before=NOW - 10)["renewed"] == [new]


def test_check_mode_tells_what_is_due_and_does_nothing(host: FakeHost, ending: Dict[str, Any]) -> None:
    rotating = Rotating(host, ending)
    result = rotating.renew(dry_run=True)
    assert (result["changed"], len(result["due"]), result["renewed"]) == (True, 1, [])
    assert rotating.restarts == []


def test_everything_issued_before_a_time_is_renewed_once(host: FakeHost) -> None:
    rotating = Rotating(host, certificate(), certificate(KUBELET, by="kubelet"))
    assert [item["path"] for item in rotating.renew(issued_before=NOW - 10)["due"]] == [certificate()["path"]]
    assert not rotating.renew(issued_before=NOW - 10)["changed"]


def test_a_later_installation_sees_that_nothing_has_to_be_restarted(host: FakeHost, ending: Dict[str, Any]) -> None:
    rotating = Rotating(host, ending)
    rotating.renew()
    assert converge(Request(spec=rotating.spec), host.machine).changes == ()


def test_a_controller_is_not_restarted_while_an_etcd_member_is_silent(host: FakeHost, ending: Dict[str, Any]) -> None:
    rotating = Rotating(host, ending)
    host.etcd = members(silent=True)
    with pytest.raises(K0sError, match="does not answer"):
        rotating.renew()
    assert rotating.restarts == []


def test_a_controller_whose_etcd_certificates_have_ended_is_restarted_whatever_etcd_says(host: FakeHost) -> None:
    rotating = Rotating(host, certificate("pki/etcd/peer.crt", left=-1, age=366))
    host.etcd = members(silent=True)
    host.time.on_sleep.append(lambda _now: setattr(host, "etcd", members(silent=False)))
    assert rotating.renew()["changed"]
    assert len(rotating.restarts) == 1


def test_a_kubelet_is_given_time_for_its_new_certificate(host: FakeHost) -> None:
    rotating = Rotating(host, certificate(KUBELET, left=3, age=362, by="kubelet"), role="worker")
    rotating.kubelet_after = host.time.now() + 15
    assert [item["path"] for item in rotating.renew()["renewed"]] == [certificate(KUBELET)["path"]]


def test_a_kubelet_that_gets_no_certificate_is_told_with_what_to_look_at(host: FakeHost) -> None:
    rotating = Rotating(host, certificate(KUBELET, left=3, age=362, by="kubelet"), role="worker")
    rotating.kubelet_after = host.time.now() + 1000
    with pytest.raises(K0sError, match="certificatesigningrequests"):
        rotating.renew()


def test_a_certificate_that_k0s_did_not_issue_is_told(host: FakeHost, ending: Dict[str, Any]) -> None:
    rotating = Rotating(host, ending)
    rotating.renews = False
    with pytest.raises(K0sError, match="replace these by hand"):
        rotating.renew()


def test_a_host_whose_k0s_is_stopped_is_told_how_to_start_it(host: FakeHost, ending: Dict[str, Any]) -> None:
    rotating = Rotating(host, ending)
    host.set(active=False)
    with pytest.raises(K0sError, match=r"mke4k\.core\.install"):
        rotating.renew()


def test_options_become_a_renewal(tmp_path: Path) -> None:
    params = {
        "before_days": 10, "issued_before": 5, "peers": ["10.0.0.2"], "wait_for": "connected", "wait_timeout": 9,
        "kubelet_timeout": 8, "data_dir": str(tmp_path), "binary_path": "/usr/bin/k0s",
    }  # fmt: skip
    renewal = Renewal.from_params(params)
    assert (renewal.policy, renewal.peers, renewal.wait_for) == (Policy(10.0, 5.0), ("10.0.0.2",), "connected")
    assert (renewal.spec.data_dir, renewal.spec.binary.path) == (str(tmp_path), "/usr/bin/k0s")


def members(silent: bool) -> Dict[str, Any]:
    found = [
        {"id": str(number), "name": f"n{number}", "peer_url": f"https://10.0.0.{number}:2380", "learner": False,
         "answers": not (silent and number == 3)}
        for number in (1, 2, 3)
    ]  # fmt: skip
    return {"name": "n1", "member_id": "1", "healthy": not silent, "leader": False, "members": found, "error": ""}

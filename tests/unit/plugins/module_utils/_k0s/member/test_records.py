# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the API keeps of members, asked of a real server over TLS."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterator

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError, NoAnswer
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member import run
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.leave import Membership
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.records import RECORDS, Records
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import RunningState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.kube_api import as_admin
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeTime
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.member.fakes import FakeEtcd, etcd_of, member
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.servers import Pki, Web

NODES, LEASES = "/api/v1/nodes", RECORDS[2][1]
CONTROL, ETCD = RECORDS[0][1], RECORDS[1][1]


def named(*names: str, more: str = "") -> Dict[str, Any]:
    return {"metadata": {"continue": more}, "items": [{"metadata": {"name": name}} for name in names]}


def routes() -> Dict[str, Any]:
    node = {
        "metadata": {"name": "n4"},
        "status": {
            "conditions": [{"type": "Ready", "status": "True"}],
            "addresses": [{"type": "InternalIP", "address": "10.0.0.4"}, {"type": "Hostname", "address": "N4"}],
        },
    }
    return {
        f"{NODES}?limit=200": (200, {"metadata": {"continue": "a b"}, "items": [node]}),
        f"{NODES}?limit=200&continue=a%20b": (200, named("n5")),
        f"{CONTROL}?limit=200": (200, named("n1", "n2")),
        f"{LEASES}?limit=200": (200, named("n4", "k0s-ctrl-n1", "k0s-ctrl-n2")),
    }


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Any]:
    pki = Pki(tmp_path)
    with pki.api(routes()) as web:
        yield pki, web


def records(server: Any) -> Records:
    pki, web = server
    config = {"spec": {"api": {"port": web.port}}}
    return Records(as_admin(str(pki.data_dir), config).server, FakeTime().clock, timeout=3)


def deletions(web: Web) -> list[str]:
    return [asked for asked in web.asked if asked.startswith("DELETE")]


def test_all_nodes_are_read_page_by_page(server: Any) -> None:
    assert records(server).nodes() == [
        {"name": "n4", "ready": True, "addresses": ["10.0.0.4", "n4"]},
        {"name": "n5", "ready": False, "addresses": []},
    ]


def test_records_are_those_of_controllers_and_kinds_that_the_cluster_lacks_are_left_out(server: Any) -> None:
    assert records(server).records() == [
        {"kind": "ControlNode", "name": "n1"},
        {"kind": "ControlNode", "name": "n2"},
        {"kind": "Lease", "name": "n1"},
        {"kind": "Lease", "name": "n2"},
    ]


def test_what_k0s_keeps_of_a_controller_is_deleted(server: Any) -> None:
    web = server[1]
    web.routes.update({f"{CONTROL}/n2": (200, {}), f"{LEASES}/k0s-ctrl-n2": (200, {})})
    found = records(server).forget(["n2", "n9"])
    assert [item["kind"] for item in found] == ["ControlNode", "Lease"]
    assert deletions(web) == [f"DELETE {CONTROL}/n2", f"DELETE {LEASES}/k0s-ctrl-n2"]


def test_check_mode_deletes_nothing(server: Any) -> None:
    assert len(records(server).forget(["n2"], dry_run=True)) == 2
    assert deletions(server[1]) == []


def test_what_is_gone_meanwhile_is_no_error(server: Any) -> None:
    assert len(records(server).forget(["n1"])) == 2  # both deletions are answered with 404


def test_without_names_nothing_is_asked(server: Any) -> None:
    assert records(server).forget([]) == []
    assert server[1].asked == []


def test_an_api_that_has_a_bad_moment_is_asked_again(server: Any) -> None:
    answers = [(500, {"message": "etcdserver: leader changed"}), (200, named("n1"))]
    server[1].routes[f"{CONTROL}?limit=200"] = lambda _body: answers.pop(0) if len(answers) > 1 else answers[0]
    assert len(records(server).forget(["n1"])) == 2


def test_an_api_that_stays_away_is_told(server: Any) -> None:
    server[1].routes[f"{CONTROL}?limit=200"] = (403, {"message": "not for you"})
    with pytest.raises(K0sError, match=r"for 3 s: .* answered with 403: not for you"):
        records(server).forget(["n1"])


def options(**values: Any) -> Dict[str, Any]:
    return {name: values.get(name, item.get("default")) for name, item in run.MEMBER.items()}


def membership() -> Membership:
    etcd = FakeEtcd(etcd_of(member(1), member(2)))
    return Membership("n1", etcd, FakeTime().clock)  # type: ignore[arg-type]


def test_the_cluster_is_listed(server: Any) -> None:
    found = run.carry_out(options(), membership(), records(server))
    assert not found["changed"]
    assert len(found["etcd"]["members"]) == 2
    assert [len(found[part]) for part in ("nodes", "records")] == [2, 4]
    assert found["api_error"] == ""


def test_a_list_without_the_api_says_why(server: Any) -> None:
    server[1].routes[f"{NODES}?limit=200"] = (503, {"message": "starting"})
    found = run.carry_out(options(), membership(), records(server))
    assert "answered with 503: starting" in found["api_error"]
    assert found["nodes"] == []


def test_members_and_records_go_together(server: Any) -> None:
    found = run.carry_out(options(state="absent", members=["n2"], records=["n2"]), membership(), records(server))
    assert found["changed"]
    assert [item["name"] for item in found["left"]] == ["n2"]
    assert len(found["forgotten"]) == 2
    assert len(found["etcd"]["members"]) == 1


def test_where_nothing_is_left_of_it_nothing_changes(server: Any) -> None:
    found = run.carry_out(options(state="absent", members=["n9"], records=["n9"]), membership(), records(server))
    assert not found["changed"]


def test_leadership_is_yielded(server: Any) -> None:
    assert run.carry_out(options(state="yielded"), membership(), records(server))["changed"]


@pytest.mark.parametrize("state", ["listed", "absent", "yielded"])
def test_a_cluster_on_another_storage_has_no_members(server: Any, state: str) -> None:
    found = run.carry_out(options(state=state, members=["n2"]), None, records(server))
    assert not found["changed"]
    assert found["etcd"]["members"] == []


def test_only_a_running_controller_can_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "read_status", lambda: None)
    with pytest.raises(K0sError, match="no controller of k0s runs on this host"):
        run.this_controller(options())


@pytest.mark.parametrize(("storage", "embedded"), [("etcd", True), ("kine", False)])
def test_a_controller_knows_whether_it_has_an_etcd(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, storage: str, embedded: bool
) -> None:
    Pki(tmp_path)
    state = RunningState("v1", "controller", 1, cluster_config={"spec": {"storage": {"type": storage}}})
    monkeypatch.setattr(run, "read_status", lambda: {"Role": "controller"})
    monkeypatch.setattr(run, "running_state", lambda _status: state)
    found, asked = run.this_controller(options(data_dir=str(tmp_path)))
    assert (found is not None) is embedded
    assert asked.server.port == 6443


def test_an_answer_that_is_no_object_is_told(server: Any) -> None:
    server[1].routes[f"{NODES}?limit=200"] = (200, [])
    with pytest.raises(NoAnswer, match="no reason"):
        records(server).nodes()

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeState, ServiceState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.recovery import plan_recovery, recovery_text
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.removal.build import plan_removal
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.removal.model import Machine, Removal, Sight
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.removal.text import removal_text
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.member.fakes import etcd_of, member

CA, OTHER_CA = "c" * 64, "d" * 64


def machine(number: int, role: str = "controller", *, reached: bool = True, **state: Any) -> Machine:
    """10.0.0.1 is the host n1, and so on."""
    address = f"10.0.0.{number}"
    known = {"hostname": f"n{number}", "joined": True, "ca_sha256": CA, **state}
    return Machine(address, role, frozenset((address,)), NodeState(**known) if reached else None, address)


def worker(number: int, api: int = 1, **values: Any) -> Machine:
    return machine(number, "worker", api_server=f"https://10.0.0.{api}:6443", ca_sha256="", **values)


def node(number: int, **values: Any) -> Dict[str, Any]:
    return {"name": f"n{number}", "ready": True, "addresses": [f"10.0.0.{number}", f"n{number}"], **values}


def sight(number: int, etcd: Dict[str, Any], nodes: Sequence[Dict[str, Any]] = (), **values: Any) -> Sight:
    names = [item["name"] for item in etcd["members"]]
    records = tuple({"kind": kind, "name": name} for name in names for kind in ("ControlNode", "EtcdMember"))
    seen = {**etcd, "member_id": f"a{number}"}
    return Sight(f"10.0.0.{number}", seen, tuple(nodes), records, **values)


THREE = [machine(1), machine(2), machine(3), worker(4), worker(5)]
ETCD = etcd_of(member(1), member(2), member(3))
NODES = [node(4), node(5)]
SIGHTS = [sight(number, ETCD, NODES) for number in (1, 2, 3)]


def names(found: Any, severity: str = "error") -> List[str]:
    return [item.name for item in found.findings if item.severity == severity]


def removal(
    *wanted: str, machines: Optional[Sequence[Machine]] = None, sights: Optional[Sequence[Sight]] = None
) -> Removal:
    return plan_removal(THREE if machines is None else machines, SIGHTS if sights is None else sights, wanted)


def test_a_worker_is_drained_deleted_and_wiped() -> None:
    found = removal("10.0.0.4")
    assert names(found) == []
    assert found.to_dict() == {
        "leader": "10.0.0.1",
        "leavers": [found.leavers[0].to_dict()],
        "drain": ["n4"],
        "nodes": ["n4"],
        "members": [],
        "yields": [],
        "records": [],
        "reset": ["10.0.0.4"],
        "repoint": {},
        "at_once": 1,
    }


@pytest.mark.parametrize("wanted", ["10.0.0.3", "n3", "N3", "a3"])
def test_a_controller_is_found_by_any_of_its_names(wanted: str) -> None:
    plan = removal(wanted).to_dict()
    assert (plan["members"], plan["records"], plan["reset"]) == (["a3"], ["n3"], ["10.0.0.3"])


def test_a_host_that_is_named_twice_leaves_once() -> None:
    assert removal("n3", "10.0.0.3").to_dict()["members"] == ["a3"]


def test_workers_of_a_controller_that_leaves_get_the_api_of_one_that_stays() -> None:
    plan = removal("n1", "n5").to_dict()
    assert plan["leader"] == "10.0.0.2"
    assert plan["repoint"] == {"10.0.0.4": "https://10.0.0.2:6443"}


@pytest.mark.parametrize(("disruption", "at_once"), [("10%", 2), ("25%", 5), (3, 3), ("0", 1)])
def test_workers_that_get_another_api_restart_in_the_window_of_all_workers(disruption: Any, at_once: int) -> None:
    machines = [machine(1), machine(2), machine(3), *(worker(number) for number in range(4, 24))]
    assert plan_removal(machines, SIGHTS, ["n1"], disruption=disruption).to_dict()["at_once"] == at_once


def test_workers_behind_a_load_balancer_are_left_alone() -> None:
    behind = machine(4, "worker", api_server="https://lb.example.com:6443", ca_sha256="")
    assert removal("n1", machines=[*THREE[:3], behind]).to_dict()["repoint"] == {}


def test_a_controller_without_etcd_of_its_own_names_the_leader_by_its_address() -> None:
    sights = [sight(number, etcd_of(), NODES) for number in (1, 2, 3)]
    plan = removal("10.0.0.1", sights=sights).to_dict()
    assert plan["members"] == []
    assert plan["repoint"]["10.0.0.4"] == "https://10.0.0.2:6443"


def test_a_dead_controller_that_mke4_yaml_has_no_more_leaves_by_its_name_in_etcd() -> None:
    etcd = etcd_of(member(1, answers=False), member(2), member(3))
    found = removal("n1", machines=THREE[1:], sights=[sight(2, etcd, NODES), sight(3, etcd, NODES)])
    plan = found.to_dict()
    assert names(found) == []
    assert names(found, "warning") == ["removal-kubeconfig", "removal-out-of-reach"]
    assert (plan["members"], plan["records"], plan["reset"]) == (["a1"], ["n1"], [])
    assert plan["repoint"] == {"10.0.0.4": "https://10.0.0.2:6443", "10.0.0.5": "https://10.0.0.2:6443"}


def test_a_worker_that_is_dead_leaves_without_a_drain() -> None:
    machines = [*THREE[:4], machine(5, "worker", reached=False)]
    found = removal("10.0.0.5", machines=machines, sights=[sight(1, ETCD, [node(4), node(5, ready=False)])])
    plan = found.to_dict()
    assert (plan["drain"], plan["nodes"], plan["reset"]) == ([], ["n5"], [])
    assert "pods are not moved but given up" in found.findings[-1].message


def test_the_last_controller_stays() -> None:
    found = removal("n1", "n2", "n3")
    assert names(found) == ["removal-last-controller"]
    assert "mke4k.core.reset" in found.findings[0].remedy


def test_nobody_leaves_where_no_controller_that_stays_serves() -> None:
    sick = etcd_of(member(1), healthy=False, error="no leader")
    found = removal("n4", sights=[sight(1, sick), sight(2, ETCD, api_error="starting")])
    assert names(found) == ["removal-no-leader"]
    message = found.findings[0].message
    assert "10.0.0.1: no leader" in message
    assert "10.0.0.2: starting" in message
    assert "10.0.0.3 could not be asked" in message


@pytest.mark.parametrize(
    ("wanted", "stops"), [(["n2"], True), (["n3"], False), (["n2", "n3"], False), (["n3", "n2"], False)]
)
def test_a_controller_beside_a_dead_one_stays_unless_the_dead_one_goes_too(wanted: List[str], stops: bool) -> None:
    etcd = etcd_of(member(1), member(2), member(3, answers=False))
    found = removal(*wanted, sights=[sight(1, etcd, NODES), sight(2, etcd, NODES)])
    assert ("removal-quorum" in names(found)) is stops


def test_the_address_that_everybody_uses_stays() -> None:
    found = plan_removal(THREE, SIGHTS, ["n1"], external_host="10.0.0.1")
    assert names(found) == ["removal-external-address"]


@pytest.mark.parametrize(("external", "told"), [("", True), ("api.example.com", False)])
def test_kubeconfigs_of_a_controller_that_leaves_are_thought_of(external: str, told: bool) -> None:
    found = plan_removal(THREE, SIGHTS, ["n3"], external_host=external)
    assert ("removal-kubeconfig" in names(found, "warning")) is told


def test_a_host_of_another_cluster_is_not_wiped() -> None:
    machines = [*THREE, Machine("10.0.0.9", "", frozenset(("10.0.0.9",)), NodeState(hostname="n9", ca_sha256=OTHER_CA))]
    assert names(removal("n9", machines=machines)) == ["removal-other-cluster"]


def test_a_host_of_the_inventory_alone_is_wiped_and_known_as_the_controller_it_was() -> None:
    service = ServiceState("k0scontroller")
    old = Machine("old", "", frozenset(("10.0.0.9",)), NodeState(hostname="n9", service=service, ca_sha256=CA))
    found = removal("old", machines=[*THREE, old])
    assert found.to_dict()["reset"] == ["old"]
    assert old.is_controller
    assert found.findings == ()


def test_a_host_that_is_still_in_the_file_would_join_again() -> None:
    assert names(removal("n4"), "warning") == ["removal-still-in-file"]


def test_a_name_that_nobody_knows_is_told_with_the_nearest_one() -> None:
    found = removal("n44")
    assert names(found, "warning") == ["removal-unknown"]
    assert found.findings[0].remedy == "did you mean n4?"
    assert found.to_dict()["leavers"] == []
    assert removal_text(found) == ["Nothing to remove."]


def test_a_name_like_no_other_is_told_where_to_look() -> None:
    assert "mke4k.core.status" in removal("quite-different").findings[0].remedy


def test_no_name_at_all_is_an_error() -> None:
    assert names(removal()) == ["removal-nothing"]


def test_the_plan_says_what_goes_and_what_etcd_is_then() -> None:
    machines = [*THREE[:4], machine(5, "worker", reached=False)]
    nodes = [node(4), node(5, ready=False)]
    found = removal("10.0.0.5", "10.0.0.1", machines=machines, sights=[sight(number, ETCD, nodes) for number in (1, 2)])
    assert removal_text(found) == [
        "Remove 10.0.0.5, 10.0.0.1; 10.0.0.2 stays and leads.",
        "First these workers get another API server, 1 at a time:",
        "  10.0.0.4 reaches the API through https://10.0.0.2:6443 from now on",
        "10.0.0.5 (worker, out of reach)",
        "  without moving pods, which it does not answer for, delete the Node n5",
        "  k0s, its data and its keys stay on the host",
        "10.0.0.1 (controller)",
        "  leave etcd as n1 (10.0.0.1), and see that it has left",
        "  delete what k0s keeps of n1",
        "  take k0s off the host",
        "etcd goes from 3 to 2 members and then survives the loss of 0.",
    ]


def test_the_plan_of_a_ready_worker_moves_its_pods() -> None:
    lines = removal_text(removal("n4"))
    assert "  move the pods away and delete the Node n4" in lines
    assert lines[-1] == "  take k0s off the host"


LOST = etcd_of(member(1), member(2, answers=False), member(3, answers=False), healthy=False, error="no leader")
DEAD = [machine(2, reached=False), machine(3, reached=False)]
BLIND = sight(1, LOST, api_error="no quorum")


def test_one_controller_goes_on_and_its_workers_with_it() -> None:
    found = plan_recovery([machine(1), *DEAD, worker(4, api=2)], [BLIND], "n1")
    assert names(found) == []
    assert found.to_dict() == {
        "survivor": "10.0.0.1",
        "wipe": [],
        "lost": ["10.0.0.2", "10.0.0.3"],
        "repoint": {"10.0.0.4": "https://10.0.0.1:6443"},
    }
    lines = recovery_text(found)
    assert lines[0] == "10.0.0.1 goes on as the only controller, with the data it has:"
    assert "10.0.0.2: out of reach, nothing is done there" in lines
    assert "must not start again" in found.findings[0].message


def test_another_controller_with_old_data_is_wiped() -> None:
    five = [machine(1), machine(2), machine(3, reached=False), machine(4, reached=False), machine(5, reached=False)]
    found = plan_recovery(five, [], "10.0.0.1")
    assert found.wiped == ("10.0.0.2",)
    assert names(found) == []
    assert "10.0.0.2: take k0s off the host" in recovery_text(found)


@pytest.mark.parametrize("wanted", ["", "n9", "10.0.0.4"])
def test_the_controller_has_to_be_named(wanted: str) -> None:
    found = plan_recovery([machine(1), *DEAD, worker(4)], [BLIND], wanted)
    assert names(found) == ["recover-from"]
    assert "one of 10.0.0.1" in found.findings[0].remedy
    assert recovery_text(found) == ["Nothing can be recovered."]


@pytest.mark.parametrize(
    ("state", "why"), [({"joined": False}, "has no data of a cluster"), ({"reached": False}, "could not be reached")]
)
def test_only_a_controller_with_data_can_go_on(state: Dict[str, Any], why: str) -> None:
    found = plan_recovery([machine(1, **state), machine(2), machine(3)], [], "10.0.0.1")
    assert names(found) == ["recover-no-data"]
    assert found.findings[0].message == why


def test_a_quorum_that_is_there_is_kept() -> None:
    assert names(plan_recovery(THREE, SIGHTS, "n1")) == ["recover-has-quorum"]


def test_controllers_that_could_make_a_quorum_are_to_be_started_instead() -> None:
    found = plan_recovery([machine(1), machine(2), machine(3, reached=False)], [BLIND], "n1")
    assert names(found) == ["recover-others-live"]
    assert "mke4k.core.install" in found.findings[0].remedy

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host gets, and what is said about it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
import yaml

from tests.lab.mke4k_lab import cgroup, inventory, state as states, storage
from tests.lab.mke4k_lab.errors import LabError
from tests.lab.mke4k_lab.k0s import Choice
from tests.lab.mke4k_lab.lab import find, require
from tests.lab.mke4k_lab.paths import LabPaths, lab_paths
from tests.lab.mke4k_lab.plan import parse_plan
from tests.lab.mke4k_lab.process import Process

PLAN = parse_plan({"hosts": [{}, {"user": "opspw"}, {"cni": False}], "registry": {"anonymous": True}}, "plan.yml")
HOSTS = PLAN.hosts
STATE = states.State(
    plan=PLAN,
    k0s=Choice(kind="simulator", path="/k0s", version="v1.33.13+k0s.0", sha256="ab"),
    generation=7,
    complete=True,
    processes={"n1": Process(10, 20)},
)


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LabPaths:
    monkeypatch.setenv("MKE4K_LAB_CACHE", str(tmp_path))
    return lab_paths("unit")


def test_the_state_survives_between_two_calls(paths: LabPaths) -> None:
    assert states.load(paths) is None
    states.save(paths, STATE)
    assert states.load(paths) == STATE


def test_a_process_is_recorded_and_forgotten_by_its_host() -> None:
    state = STATE.with_process("n2", Process(11, 21)).with_process("n1", None)
    assert state.processes == {"n2": Process(11, 21)}


def test_a_command_without_a_lab_says_how_to_make_one(paths: LabPaths) -> None:
    with pytest.raises(LabError, match="no lab of the name unit; `lab up 3` makes one"):
        require(paths)
    with pytest.raises(LabError, match="no host 'n9' in the lab; there are n1, n2, n3"):
        find(STATE, "n9")


def test_hosts_know_each_other_and_differ_in_their_machine_ids() -> None:
    files = [storage.settings("unit", host, PLAN) for host in HOSTS]
    assert all("10.77.0.12 n2\n" in each["etc/hosts"] for each in files)
    assert len({each["etc/machine-id"] for each in files}) == 3
    assert 'LAB_POD_ROUTES="10.244.1.0/24=10.77.0.11 10.244.3.0/24=10.77.0.13"' in files[1]["etc/lab.env"]
    other = storage.settings("other", HOSTS[0], PLAN)
    assert other["etc/machine-id"] != files[0]["etc/machine-id"]


def test_a_host_has_a_network_plugin_unless_the_plan_says_no() -> None:
    config = "etc/cni/net.d/10-lab.conflist"
    first, _second, third = (storage.settings("unit", host, PLAN) for host in HOSTS)
    assert json.loads(first[config])["plugins"][0]["ipam"]["ranges"] == [[{"subnet": "10.244.1.0/24"}]]
    assert config not in third


def test_only_mounts_of_the_lab_are_unmounted_and_the_deepest_first() -> None:
    mountinfo = "\n".join(
        f"{number} 1 0:1 / {point} rw - tmpfs none rw"
        for number, point in enumerate(
            ["/", "/run/lab/a", "/run/lab/a/lib", "/run/lab-other", "/run/lab/with\\040blank"]
        )
    )
    found = storage.mounts_below(mountinfo, Path("/run/lab"))
    assert found == ["/run/lab/with blank", "/run/lab/a/lib", "/run/lab/a"]


def test_the_inventory_has_what_ansible_needs_to_reach_each_host(paths: LabPaths) -> None:
    inventory.write_all(paths, STATE)
    written = yaml.safe_load(paths.inventory.read_text(encoding="utf-8"))["all"]
    assert written["hosts"]["n1"] == {"ansible_host": "10.77.0.11", "ansible_user": "root"}
    assert written["hosts"]["n2"]["ansible_become_password"] == "labpw"
    assert written["vars"]["ansible_pipelining"] is True
    described = json.loads(paths.hosts_json.read_text(encoding="utf-8"))
    assert [host["name"] for host in described["hosts"]] == ["n1", "n2", "n3"]
    assert described["k0s"]["kind"] == "simulator"
    assert "Host n2 10.77.0.12\n  HostName 10.77.0.12\n  User opspw\n" in paths.ssh_config.read_text(encoding="utf-8")


def test_a_host_behind_another_is_reached_through_it(paths: LabPaths) -> None:
    plan = parse_plan({"hosts": [{"user": "ops"}, {"behind": "n1"}]}, "plan.yml")
    state = states.State(plan, STATE.k0s, generation=9)
    inventory.write_all(paths, state)
    hosts = yaml.safe_load(paths.inventory.read_text(encoding="utf-8"))["all"]["hosts"]
    option = shlex.split(hosts["n2"]["ansible_ssh_common_args"])[-1]
    assert option.startswith(f"ProxyCommand=ssh -i {paths.ssh_key} ")
    assert option.endswith(" ops@10.77.0.11 -W %h:%p")
    assert "ansible_ssh_common_args" not in hosts["n1"]
    (first, second) = json.loads(paths.hosts_json.read_text(encoding="utf-8"))["hosts"]
    assert "proxy_command" not in first
    assert f"ProxyCommand={second['proxy_command']}" == option
    assert inventory.ssh_arguments(paths, state, plan.hosts[1])[-2] == f"-o{option}"


def test_fresh_hosts_do_not_get_shared_connections_of_those_before(paths: LabPaths) -> None:
    later = states.State(PLAN, STATE.k0s, generation=8)
    assert inventory.control_folder(paths, STATE) != inventory.control_folder(paths, later)


def test_each_hierarchy_of_cgroups_v1_gets_a_group_with_cpus(tmp_path: Path) -> None:
    for name in ("cpuset", "memory"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "cgroup.procs").touch()
    for name in ("cpuset.cpus", "cpuset.mems"):
        (tmp_path / "cpuset" / name).write_text("0-1", encoding="utf-8")
    (tmp_path / "cpu,cpuacct").symlink_to(tmp_path / "memory")
    group = Path("mke4k-lab-unit/n1")
    entrances = cgroup.make("unit", "n1", tmp_path)
    assert entrances == [tmp_path / name / group / "cgroup.procs" for name in ("cpuset", "memory")]
    assert (tmp_path / "cpuset" / group / "cpuset.cpus").read_text(encoding="utf-8") == "0-1"


def test_cgroups_v2_hand_their_controllers_down(tmp_path: Path) -> None:
    lab = tmp_path / "mke4k-lab-unit"
    for folder in (tmp_path, lab):
        folder.mkdir(exist_ok=True)
        (folder / "cgroup.controllers").write_text("cpu memory misc", encoding="utf-8")
        (folder / "cgroup.subtree_control").write_text("cpu", encoding="utf-8")
    assert cgroup.make("unit", "n1", tmp_path) == [lab / "n1" / "cgroup.procs"]
    assert (lab / "cgroup.subtree_control").read_text(encoding="utf-8") == "+memory"


def test_the_groups_of_another_lab_stay(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").write_text("", encoding="utf-8")
    (tmp_path / "mke4k-lab-unit" / "n1" / "kubepods" / "pod1").mkdir(parents=True)
    (tmp_path / "mke4k-lab-unit2" / "n1").mkdir(parents=True)
    cgroup.remove("unit", cgroups=tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["mke4k-lab-unit2"]

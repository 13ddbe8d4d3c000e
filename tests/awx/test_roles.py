# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role k0s in playbooks of others, in the order in which a user comes to its entry points.

Two clusters are in one inventory, under group names of its owner; hosts are reached as a user who needs a password for
sudo, and plays say `become: false`. What is refused in such plays: tests/integration/input/test_plays.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .clusters import FLAGS
from .ground import Ground
from .own import SHOW_LOCK, cluster_file, host_variables, imported, included, locked, play, well

OF_HOST = {"one": "first", "two": "second"}
# What may be left in the variables of a host: what the role keeps for itself, and what its README names.
OWN = ("k0s_", "__k0s_")
# Left by Ansible, and by the tests' own tasks.
NOT_OF_THE_ROLE = {"discovered_interpreter_python", "own_lock"}
# A change of both clusters.
PODS = {"kubelet": {"maxPods": 77}}


def inventory(hosts: Ground) -> dict[str, Any]:
    groups: dict[str, Any] = {
        f"{cluster}_managers": {
            "hosts": {
                host: {"mke4k_role": "controller+worker", "mke4k_host": {"installFlags": FLAGS},
                       **host_variables(hosts, host)}
            }
        }
        for host, cluster in OF_HOST.items()
    }  # fmt: skip
    return {**groups, "site": {"children": dict.fromkeys(groups)}}


def clusters(folder: Path, *tasks: dict[str, Any], **keywords: Any) -> list[dict[str, Any]]:
    """A play for each cluster with the same tasks."""
    return [
        {
            "hosts": f"site:!{other}_managers", "gather_facts": False, "become": False,
            "vars_files": [cluster_file(folder, cluster, **keywords.get("spec", {}))],
            **keywords.get("play", {}), "tasks": list(tasks),
        }
        for cluster, other in (("first", "second"), ("second", "first"))
    ]  # fmt: skip


def left(folder: Path) -> dict[str, Any]:
    """A play that keeps which variables hosts have, and what was planned for them."""
    hosts = "ansible_play_hosts_all | map('extract', hostvars)"
    plans = "ansible_play_hosts_all | map('extract', hostvars, ['__k0s_plan', 'plan']) | map('default', {})"
    left = {"names": f"{{{{ dict(ansible_play_hosts_all | zip({hosts} | map('list'))) }}}}",
            "plans": f"{{{{ dict(ansible_play_hosts_all | zip({plans})) }}}}"}  # fmt: skip
    keep = {"content": "{{ left | to_json }}", "dest": str(folder / "left.json"), "mode": "0600"}
    task = {"ansible.builtin.copy": keep, "delegate_to": "localhost", "run_once": True, "no_log": True,
            "vars": {"left": left}}  # fmt: skip
    return {"hosts": "site", "gather_facts": False, "become": False, "tasks": [task]}


def names_left(folder: Path) -> dict[str, set[str]]:
    found = json.loads((folder / "left.json").read_text())["names"]
    return {host: set(names) for host, names in found.items()}


def plans_left(folder: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((folder / "left.json").read_text())["plans"]
    return found


def test_two_clusters_of_one_inventory_are_made_in_one_run(hosts: Ground, tmp_path: Path) -> None:
    plays = clusters(tmp_path, included("main"), *SHOW_LOCK, play={"any_errors_fatal": True})
    before = {"hosts": "site", "gather_facts": False, "tasks": [{"ansible.builtin.ping": {}}]}
    well(play(hosts, tmp_path, [left(tmp_path)], inventory(hosts)))
    before_it = names_left(tmp_path)
    ran = well(play(hosts, tmp_path, [before, *plays, left(tmp_path)], inventory(hosts)))
    assert [locked(ran, host) for host in OF_HOST] == [[False], [False]]
    for host, names in names_left(tmp_path).items():
        foreign = {name for name in names - before_it[host] if not name.startswith(OWN)}
        assert foreign - NOT_OF_THE_ROLE == set()
        assert plans_left(tmp_path)[host]["leader"] == host
    authorities = {(tmp_path / f"{cluster}.kubeconf").read_text() for cluster in OF_HOST.values()}
    assert len(authorities) == 2


@pytest.mark.thorough
def test_tags_of_the_role_do_one_thing_and_those_of_a_play_all(hosts: Ground, tmp_path: Path) -> None:
    plays = clusters(tmp_path, imported("main", tags=["ours"]), spec=PODS)
    looked = well(play(hosts, tmp_path, plays, inventory(hosts), "--tags", "k0s_preflight"))
    assert looked.changed() == []
    assert "Report all findings" in looked.output
    assert "k0s.yaml: changes" in looked.output
    assert not (tmp_path / "first.kubeconf").exists()
    written = well(play(hosts, tmp_path, plays, inventory(hosts), "--tags", "k0s_kubeconfig"))
    assert (tmp_path / "first.kubeconf").exists()
    assert (tmp_path / "second.kubeconf").exists()
    assert "Probe the hosts" not in written.output
    assert sorted(well(play(hosts, tmp_path, plays, inventory(hosts), "--tags", "ours")).changed()) == ["one", "two"]
    assert well(play(hosts, tmp_path, plays, inventory(hosts))).changed() == []


@pytest.mark.thorough
def test_what_reads_is_imported_and_included_and_leaves_nothing_behind(hosts: Ground, tmp_path: Path) -> None:
    entries = ["status", "preflight_only", "read_and_kubeconfig", "rotate", "read_only"]
    after_reading = ["drift", "stats"]
    variables = {"vars": {"k0s_drift_fail": False}}
    tasks = [*[style(entry) for entry in entries for style in (imported, included)],
             *[included(entry, **variables) for entry in after_reading]]  # fmt: skip
    plays = clusters(tmp_path, *tasks, spec=PODS)
    ran = well(play(hosts, tmp_path, [*plays, left(tmp_path)], inventory(hosts)))
    assert set(ran.changed()) <= {"one", "two"}
    for host, plan in plans_left(tmp_path).items():
        assert plan["leader"] == host
        assert "k0s_kubeconfig_path" not in names_left(tmp_path)[host], "a variable of the user is set as a fact"


@pytest.mark.thorough
def test_backups_bundles_and_locks_are_those_of_their_cluster(hosts: Ground, tmp_path: Path) -> None:
    where = {
        "k0s_backup_dest": f"{tmp_path}/{{{{ inventory_hostname }}}}",
        "k0s_support_dest": f"{tmp_path}/{{{{ inventory_hostname }}}}.tar.gz",
    }
    lock = {"vars": {"k0s_lock_verb": "install"}}
    tasks = [
        included("read_and_backup", vars=where), imported("backup", vars=where), included("support", vars=where),
        included("lock", **lock), *SHOW_LOCK, included("unlock", **lock), *SHOW_LOCK,
    ]  # fmt: skip
    ran = well(play(hosts, tmp_path, clusters(tmp_path, *tasks), inventory(hosts)))
    assert [locked(ran, host) for host in OF_HOST] == [[True, False], [True, False]]
    for host in OF_HOST:
        assert len(list((tmp_path / host).glob("*.json"))) == 2
        assert (tmp_path / f"{host}.tar.gz").is_file()


@pytest.mark.thorough
def test_an_upgrade_and_the_end_of_one_cluster_leave_the_other(hosts: Ground, tmp_path: Path) -> None:
    first, second = clusters(tmp_path, included("upgrade"), spec=PODS)
    first = {**first, "tasks": [*first["tasks"], included("reset", vars={"k0s_confirm": "mke"})]}
    well(play(hosts, tmp_path, [first, second], inventory(hosts)))
    plays = clusters(tmp_path, included("read_only"), spec=PODS)
    well(play(hosts, tmp_path, [*plays, left(tmp_path)], inventory(hosts)))
    found = plans_left(tmp_path)
    assert found["one"]["new_cluster"]
    assert not found["two"]["new_cluster"]
    assert found["two"]["changing"] == []


@pytest.mark.thorough
def test_a_cluster_is_reset_made_anew_and_reset_again_in_one_run(hosts: Ground, tmp_path: Path) -> None:
    reset = {"vars": {"k0s_confirm": "mke"}}
    tasks = [included("reset", **reset), imported("main"), included("reset", **reset)]
    _first, second = clusters(tmp_path, *tasks)
    well(play(hosts, tmp_path, [second], inventory(hosts)))
    plays = clusters(tmp_path, included("read_only"))
    well(play(hosts, tmp_path, [*plays, left(tmp_path)], inventory(hosts)))
    assert all(plan["new_cluster"] for plan in plans_left(tmp_path).values())

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong, takes hosts out and brings a cluster back, in plays of somebody else: tasks are the role k0s.

The cluster has two controllers in a group of its owner; plays say `become: false` and `any_errors_fatal`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from .clusters import FLAGS
from .ground import Ground
from .own import ADDRESSES, SHOW_LOCK, Played, cluster_file, host_variables, imported, included, locked, play, well

pytestmark = pytest.mark.thorough

BOTH = sorted(ADDRESSES)
TOKENS = "kubectl get secrets -n kube-system --field-selector type=bootstrap.kubernetes.io/token -o name"
NEVER = "/etc/systemd/system/k0scontroller.service.d/never.conf"


def run(hosts: Ground, folder: Path, *tasks: Mapping[str, Any], fails: bool = False) -> Played:
    """The tasks in one play, and then another that keeps what the cluster has; it is left without lock and tokens."""
    of_managers = {
        host: {"mke4k_role": "controller+worker", "mke4k_host": {"installFlags": FLAGS}, **host_variables(hosts, host)}
        for host in BOTH
    }
    inventory = {"ours_managers": {"hosts": of_managers}}
    plain = {"gather_facts": False, "become": False}
    ours = {**plain, "hosts": "ours_managers", "any_errors_fatal": True, "vars_files": [cluster_file(folder, "ours")]}
    ran = play(hosts, folder, [{**ours, "tasks": list(tasks)}], inventory)
    assert (ran.code != 0) == fails, ran.output
    keep = {"content": "{{ said.results | map(attribute='stdout') | to_json }}", "dest": str(folder / "has.json")}
    look = [
        {"ansible.builtin.command": "timeout 60 k0s {{ item }}", "become": True, "register": "said",
         "changed_when": False, "loop": ["etcd member-list", "kubectl get configmaps -o name", TOKENS]},
        {"ansible.builtin.copy": {**keep, "mode": "0600"}, "delegate_to": "localhost"},
        *SHOW_LOCK,
    ]  # fmt: skip
    looked = well(play(hosts, folder, [{**plain, "hosts": "one", "tasks": look}], inventory))
    assert locked(looked, "one") == [False]
    assert json.loads((folder / "has.json").read_text())[2] == "", "tokens were not revoked"
    return ran


def members(folder: Path) -> list[str]:
    """The members of etcd, by their hosts."""
    listed: Mapping[str, str] = json.loads(json.loads((folder / "has.json").read_text())[0])["members"]
    return [host for host in BOTH if any(f"//{ADDRESSES[host]}:" in peer for peer in listed.values())]


def notes(folder: Path) -> set[str]:
    """What `note` has written into the cluster."""
    return {"before", "after", "written"} & {
        name.rpartition("/")[2] for name in json.loads((folder / "has.json").read_text())[1].split()
    }


def note(name: str) -> dict[str, Any]:
    command = f"k0s kubectl create configmap {name}"
    return {"ansible.builtin.command": command, "become": True, "run_once": True, "delegate_to": "one"}


def test_a_join_that_fails_leaves_no_lock_and_no_token_behind(hosts: Ground, tmp_path: Path) -> None:
    never = "[Service]\nExecStartPre=/bin/false\n"
    on_two = {"become": True, "when": "inventory_hostname == 'two'"}
    folder = {"path": str(Path(NEVER).parent), "state": "directory", "mode": "0755"}
    spoil = [
        {"ansible.builtin.file": folder, **on_two},
        {"ansible.builtin.copy": {"content": never, "dest": NEVER, "mode": "0644"}, **on_two},
    ]
    ran = run(hosts, tmp_path, *spoil, included("main", vars={"k0s_wait_timeout": 20}), fails=True)
    assert "Revoke the tokens" in ran.output, ran.output
    assert members(tmp_path) == ["one"]
    # Tokens are compressed: this is how each of them begins.
    search = {"ansible.builtin.command": "grep -rlI H4s[I] /etc /root /home /tmp /var/tmp /run /var/lib/k0s", **on_two,
              "register": "found", "failed_when": "found.stdout != ''"}  # fmt: skip
    mend = {"ansible.builtin.file": {"path": str(Path(NEVER).parent), "state": "absent"}, **on_two}
    know = {"ansible.builtin.systemd_service": {"daemon_reload": True}, **on_two}
    run(hosts, tmp_path, search, mend, know, imported("main"))
    assert members(tmp_path) == BOTH


def test_a_host_leaves_comes_back_and_leaves_again_in_one_run(hosts: Ground, tmp_path: Path) -> None:
    leaves = {"vars": {"k0s_remove_nodes": "two"}}
    run(hosts, tmp_path, imported("remove", **leaves), included("main"), included("remove", **leaves))
    assert members(tmp_path) == ["one"]


def test_a_cluster_is_restored_over_what_became_of_it(hosts: Ground, tmp_path: Path) -> None:
    where = {"vars": {"k0s_backup_dest": str(tmp_path / "backups")}}
    run(hosts, tmp_path, note("before"), imported("read_and_backup", **where), note("after"), included("main"))
    assert (members(tmp_path), notes(tmp_path)) == (BOTH, {"before", "after"})
    over = {"vars": {"k0s_restore_from": str(tmp_path / "backups"), "k0s_restore_over_running": "mke"}}
    run(hosts, tmp_path, included("restore", **over), imported("main"))
    assert (members(tmp_path), notes(tmp_path)) == (BOTH, {"before"})


def test_a_cluster_without_quorum_goes_on_with_one_controller(hosts: Ground, tmp_path: Path) -> None:
    stop = {"name": "k0scontroller", "state": "stopped"}
    lose = {"ansible.builtin.systemd_service": stop, "become": True, "when": "inventory_hostname == 'two'"}
    # Its data are there, and here nobody wants them.
    recover = {"vars": {"k0s_recover_from": "one", "k0s_waive": ["recover-others-live"]}}
    run(hosts, tmp_path, note("written"), lose, imported("recover", **recover))
    assert members(tmp_path) == ["one"]
    assert "written" in notes(tmp_path)
    look_ahead = {"ansible.builtin.import_role": {"name": "mke4k.core.preflight"}}
    ran = run(hosts, tmp_path, look_ahead, included("main"), imported("reset_plan", vars={"k0s_confirm": "mke"}))
    assert "Take the cluster mke off 2 hosts" in ran.output, ran.output
    assert members(tmp_path) == BOTH

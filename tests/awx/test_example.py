# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook of fifteen lines that imports a role beside a user's own tasks, on a host."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from .ground import Ground, collections
from .job import ROOT

PLAYBOOK = ROOT / "examples" / "own_cluster.yml"
FLAGS = ["--disable-components=konnectivity-server,kube-proxy,coredns,metrics-server,network-provider"]


def play(hosts: Ground, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The playbook as a user runs it, on an inventory with groups of names of their own."""
    variables = {"ansible_ssh_private_key_file": str(hosts.machine["key_file"]), "ansible_user": "root"}
    inventory = {
        "our_controllers": {
            "hosts": {"one": {"ansible_host": "10.77.0.11", "mke4k_host": {"installFlags": FLAGS}, **variables}}
        },
        "our_workers": {"hosts": {"two": {"ansible_host": "10.77.0.12", **variables}}},
    }
    (folder / "hosts.json").write_text(json.dumps(inventory))
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": collections(),
        "ANSIBLE_HOST_KEY_CHECKING": "false",
        "ANSIBLE_HOME": str(folder / "ansible"),
    }
    extra = ["-i", "hosts.json", "-e", json.dumps(dict(hosts.answers)), *options]
    return subprocess.run(
        list(hosts.prefix("ansible-playbook", str(PLAYBOOK), *extra)), env=environment, cwd=folder,
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def changed(output: str) -> Sequence[str]:
    recap = output[output.index("PLAY RECAP") :].splitlines()[1:]
    return [line.split()[0] for line in recap if "changed=" in line and "changed=0" not in line]


@pytest.mark.thorough
def test_it_makes_the_cluster_and_a_second_run_changes_nothing(hosts: Ground, tmp_path: Path) -> None:
    first = play(hosts, tmp_path)
    assert first.returncode == 0, first.stdout + first.stderr
    assert '"k0s_cluster.leader": "one"' in first.stdout
    second = play(hosts, tmp_path)
    assert second.returncode == 0, second.stdout + second.stderr
    assert changed(second.stdout) == []


def test_it_has_fifteen_lines_and_a_check_shows_the_plan(hosts: Ground, tmp_path: Path) -> None:
    assert len(PLAYBOOK.read_text().splitlines()) == 15
    ran = play(hosts, tmp_path, "--check")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "one, two change" in ran.stdout

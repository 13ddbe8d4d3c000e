# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks of a user's own, on hosts that an inventory of theirs names."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .ground import Ground, collections

ROLE = "mke4k.core.k0s"
ADDRESSES = {"one": "10.77.0.11", "two": "10.77.0.12"}
SHOW_LOCK: list[dict[str, Any]] = [
    {"mke4k.core.cluster_lock": {"state": "shown"}, "become": True, "register": "own_lock", "run_once": True},
    {"ansible.builtin.debug": {"msg": "{{ inventory_hostname }} is locked: {{ own_lock.locked }}"}},
]


@dataclass(frozen=True)
class Played:
    """How a playbook ended."""

    code: int
    output: str

    def changed(self) -> Sequence[str]:
        """The hosts on which something changed."""
        recap = self.output[self.output.index("PLAY RECAP") :].splitlines()[1:]
        return [line.split()[0] for line in recap if "changed=" in line and "changed=0" not in line]


def host_variables(hosts: Ground, name: str) -> dict[str, Any]:
    """What the inventory has to say of a host, so that a user who needs a password for sudo reaches it."""
    return {
        "ansible_host": ADDRESSES[name],
        "ansible_user": hosts.machine["user"],
        "ansible_become_password": hosts.machine["become_password"],
        "ansible_ssh_private_key_file": hosts.machine["key_file"],
    }


def play(
    hosts: Ground,
    folder: Path,
    playbook: Path | Sequence[Mapping[str, Any]],
    inventory: Mapping[str, Any],
    *options: str,
    **environment: str,
) -> Played:
    """The playbook, a file or its plays, as a user runs it in a folder of their own."""
    (folder / "hosts.json").write_text(json.dumps(inventory))
    if not isinstance(playbook, Path):
        (folder / "site.yml").write_text(yaml.safe_dump(list(playbook), sort_keys=False))
        playbook = folder / "site.yml"
    surroundings = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")},
        "ANSIBLE_COLLECTIONS_PATH": collections(),
        "ANSIBLE_HOST_KEY_CHECKING": "false",
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_INJECT_FACT_VARS": "false",
        "ANSIBLE_DEPRECATION_WARNINGS": "true",
        "COLUMNS": "1000",
        **environment,
    }
    extra = ["-i", "hosts.json", "-e", json.dumps(dict(hosts.answers)), *options]
    done = subprocess.run(
        list(hosts.prefix("ansible-playbook", str(playbook), *extra)), env=surroundings, cwd=folder,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert "DEPRECATION WARNING" not in done.stdout, done.stdout
    return Played(done.returncode, done.stdout)


def well(played: Played) -> Played:
    """A run that has to end well."""
    assert played.code == 0, played.output
    return played


def cluster_file(folder: Path, cluster: str, **spec: Any) -> str:
    """The variables of a cluster in a file, for `vars_files`."""
    variables = {
        "mke4k_controllers_group": f"{cluster}_managers",
        "mke4k_workers_group": f"{cluster}_nodes",
        "mke4k_kubeconfig": str(folder / f"{cluster}.kubeconf"),
        "mke4k_config": {
            "apiVersion": "mke.mirantis.com/v1alpha1", "kind": "MkeConfig",
            "metadata": {"name": "mke", "namespace": "mke"},
            "spec": {"version": "v4.1.2", "tracking": {"enabled": False}, **spec},
        },
    }  # fmt: skip
    (folder / f"{cluster}.yml").write_text(yaml.safe_dump(variables))
    return f"{cluster}.yml"


def imported(entry: str, **more: Any) -> dict[str, Any]:
    return {"ansible.builtin.import_role": {"name": ROLE, "tasks_from": entry}, **more}


def included(entry: str, **more: Any) -> dict[str, Any]:
    return {"ansible.builtin.include_role": {"name": ROLE, "tasks_from": entry}, **more}


def locked(played: Played, host: str) -> list[bool]:
    """What `cluster_lock` has shown of the host's cluster, each time."""
    return [word == "True" for word in re.findall(rf"{host} is locked: (True|False)", played.output)]

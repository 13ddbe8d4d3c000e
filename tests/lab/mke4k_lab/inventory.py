# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab writes for its users: an Ansible inventory, an ssh_config and a JSON description."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Dict, List

import yaml

from . import network
from .files import write_atomically
from .paths import LabPaths
from .plan import GATEWAY, NETWORK, HostPlan
from .root import SUDO_PASSWORD
from .state import State

SSH_OPTIONS = {
    "StrictHostKeyChecking": "no",
    "UserKnownHostsFile": "/dev/null",
    "LogLevel": "ERROR",
    "ConnectTimeout": "5",
    # A host whose power was cut says nothing more: shared connections to it have to end by themselves.
    "ServerAliveInterval": "5",
    "ServerAliveCountMax": "3",
}


def control_folder(paths: LabPaths, state: State) -> Path:
    """Where shared SSH connections of these very hosts live: fresh hosts have the addresses of the ones before."""
    return paths.run / "cp" / str(state.generation)


def ssh_arguments(paths: LabPaths, state: State, host: HostPlan) -> List[str]:
    """The ssh command line for the host, to be run in the lab's namespace."""
    options = [f"-o{name}={value}" for name, value in SSH_OPTIONS.items()]
    if host.behind:
        options.append(f"-oProxyCommand={proxy_command(paths, state, host)}")
    return ["ssh", "-i", str(paths.ssh_key), *options, f"{host.user}@{host.address}"]


def proxy_command(paths: LabPaths, state: State, host: HostPlan) -> str:
    """The way to a host behind another, for ssh; `ProxyJump` would forget the key."""
    bastion = next(other for other in state.hosts if other.name == host.behind)
    return shlex.join([*ssh_arguments(paths, state, bastion), "-W", "%h:%p"])


def inventory(paths: LabPaths, state: State) -> Dict[str, object]:
    """The hosts as an Ansible inventory."""
    options = " ".join(f"-o {name}={value}" for name, value in SSH_OPTIONS.items())
    hosts: Dict[str, Dict[str, str]] = {}
    for host in state.hosts:
        hosts[host.name] = {"ansible_host": host.address, "ansible_user": host.user}
        if host.user == "opspw":
            hosts[host.name]["ansible_become_password"] = SUDO_PASSWORD
        if host.behind:
            way = shlex.quote(f"ProxyCommand={proxy_command(paths, state, host)}")
            hosts[host.name]["ansible_ssh_common_args"] = f"{options} -o {way}"
    variables = {
        "ansible_ssh_private_key_file": str(paths.ssh_key),
        "ansible_ssh_common_args": options,
        "ansible_control_path_dir": str(control_folder(paths, state)),
        "ansible_pipelining": True,
        "ansible_python_interpreter": "/usr/bin/python3",
    }
    return {"all": {"hosts": hosts, "vars": variables}}


def description(paths: LabPaths, state: State) -> Dict[str, object]:
    """Everything a program that uses the lab may want to know."""
    return {
        "name": paths.name,
        "network_namespace": network.namespace(paths.name),
        "subnet": f"{NETWORK}.0/24",
        "gateway": GATEWAY,
        "key": str(paths.ssh_key),
        "users": {"root": "", "ops": "", "opspw": SUDO_PASSWORD},
        "run": str(paths.run),
        "inventory": str(paths.inventory),
        "ssh_config": str(paths.ssh_config),
        "control_path_dir": str(control_folder(paths, state)),
        "k0s": asdict(state.k0s),
        "hosts": [_about(paths, state, host) for host in state.hosts],
    }


def _about(paths: LabPaths, state: State, host: HostPlan) -> Dict[str, str]:
    about = {"name": host.name, "address": host.address, "user": host.user}
    if host.behind:
        about.update({"behind": host.behind, "proxy_command": proxy_command(paths, state, host)})
    return about


def ssh_config(paths: LabPaths, state: State) -> str:
    """For `ssh -F`, inside the lab's namespace."""
    lines: List[str] = []
    for host in state.hosts:
        lines += [f"Host {host.name} {host.address}", f"  HostName {host.address}", f"  User {host.user}"]
        if host.behind:
            lines.append(f"  ProxyCommand {proxy_command(paths, state, host)}")
    lines += ["Host *", f"  IdentityFile {paths.ssh_key}"]
    lines += [f"  {name} {value}" for name, value in SSH_OPTIONS.items()]
    return "\n".join(lines) + "\n"


def write_all(paths: LabPaths, state: State) -> None:
    """Writes the three files into the run folder."""
    control_folder(paths, state).mkdir(parents=True, exist_ok=True, mode=0o700)
    write_atomically(paths.inventory, yaml.safe_dump(inventory(paths, state), sort_keys=False))
    write_atomically(paths.hosts_json, json.dumps(description(paths, state), indent=1) + "\n")
    write_atomically(paths.ssh_config, ssh_config(paths, state))

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection variables from the ssh sections of mke4.yaml: only what the user has not said elsewhere, and only keys
that are on the control node.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible import constants, context

from ansible_collections.mke4k.core.plugins.module_utils._config.connection import connection_variables
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Host
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables

# A variable and those that stand for it in an inventory.
SYNONYMS = {
    "ansible_host": ("ansible_host", "ansible_ssh_host"),
    "ansible_port": ("ansible_port", "ansible_ssh_port"),
    "ansible_user": ("ansible_user", "ansible_ssh_user"),
    "ansible_ssh_private_key_file": ("ansible_ssh_private_key_file", "ansible_private_key_file"),
    "ansible_ssh_common_args": ("ansible_ssh_common_args",),
}
WITH_KEYS = ("ansible_ssh_private_key_file", "ansible_ssh_common_args")
# ssh tries these keys by itself, and its configuration may name others.
OWN_KEYS = ("config", "id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk")
PASSWORDS = ("ansible_password", "ansible_ssh_pass", "ansible_ssh_password")


@dataclass(frozen=True)
class Credentials:
    """How this run of Ansible was told to log in, apart from variables. `serving` is what does it, in words."""

    user: bool = False
    key: bool = False
    serving: str = ""

    @classmethod
    def of_run(cls) -> Credentials:
        """From the command line, which is also how AWX passes a machine credential, and from what ssh uses itself."""
        options = context.CLIARGS
        user, key = options.get("remote_user"), options.get("private_key_file")
        serving = {
            "the key of the command line": key,
            "the password of the command line": options.get("ask_pass") or options.get("connection_password_file"),
            "the SSH agent": os.environ.get("SSH_AUTH_SOCK"),
            "what ssh itself uses (~/.ssh)": _own_ways_of_ssh(),
        }
        return cls(
            user=bool(user) and user != constants.DEFAULT_REMOTE_USER,
            key=bool(key),
            serving=next((words for words, found in serving.items() if found), ""),
        )


def _own_ways_of_ssh() -> bool:
    folder = os.path.expanduser("~/.ssh")
    return any(os.path.isfile(os.path.join(folder, name)) for name in OWN_KEYS)


@dataclass
class Connections:
    """Connection variables of each host, and what is amiss with its keys."""

    of_host: dict[str, dict[str, Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def connections(
    entries: Sequence[Mapping[str, Any]],
    hosts: Sequence[Host],
    directory: str,
    variables: Variables,
    credentials: Credentials,
) -> Connections:
    """For entries of spec.hosts with `name`, and the hosts made of them. What the inventory says stays unsaid here."""
    found = Connections()
    checked = {host.name: host.connection for host in hosts}
    for entry in entries:
        name = str(entry["name"])
        ssh = dict(entry["ssh"]) if isinstance(entry.get("ssh"), Mapping) else {}
        said = {key for key, names in SYNONYMS.items() if any(variables.of_host(name, item) for item in names)}
        if credentials.user:
            said.add("ansible_user")
        if credentials.key:
            said.add("ansible_ssh_private_key_file")
        place = str(entry.get("path") or f"host {name}")
        for section, path, variable in (
            (ssh, f"{place}.ssh.keyPath", "ansible_ssh_private_key_file"),
            (_bastion(ssh), f"{place}.ssh.bastion.keyPath", "ansible_ssh_common_args"),
        ):
            missing = _resolve_key(section, directory)
            if missing and variable not in said:
                found.findings.append(_missing_key(path, missing, _serving(name, variables, credentials)))
        with_keys = connection_variables({"ssh": ssh})
        of_file = {key: value for key, value in checked.get(name, {}).items() if key not in WITH_KEYS}
        of_file.update({key: value for key, value in with_keys.items() if key in WITH_KEYS})
        found.of_host[name] = {key: value for key, value in of_file.items() if key not in said}
    return found


def _bastion(ssh: dict[str, Any]) -> dict[str, Any]:
    bastion = ssh.get("bastion")
    if not isinstance(bastion, Mapping):
        return {}
    copy = dict(bastion)
    ssh["bastion"] = copy
    return copy


def _resolve_key(section: dict[str, Any], directory: str) -> str:
    """Makes keyPath absolute, or takes it out and returns what it was when there is no such file."""
    key = section.get("keyPath")
    if not key:
        return ""
    expanded = os.path.expanduser(str(key))
    for base in (directory or os.getcwd(), os.getcwd()):
        path = os.path.join(base, expanded)
        if os.path.isfile(path):
            section["keyPath"] = path
            return ""
    del section["keyPath"]
    return str(key)


def _serving(name: str, variables: Variables, credentials: Credentials) -> str:
    if credentials.serving:
        return credentials.serving
    if any(variables.of_host(name, item) for item in PASSWORDS):
        return "the password in its variables"
    if str(variables.of_host(name, "ansible_connection") or "ssh") not in ("ssh", "smart", "ansible.builtin.ssh"):
        return "its own kind of connection"
    return ""


def _missing_key(path: str, key: str, serving: str) -> Finding:
    message = f"{key} is not on the control node"
    if serving:
        return Finding("warning", "ssh-key-missing", path, f"{message}; {serving} is used instead", "")
    return Finding(
        severity="error",
        name="ssh-key-missing",
        path=path,
        message=f"{message}, and there is no SSH agent, key or password beside it",
        remedy="copy the key there, load it into an SSH agent, give one with --private-key or a machine credential of"
        " AWX, or waive this finding where no host is to be reached",
    )

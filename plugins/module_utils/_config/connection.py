# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From `ssh` of a host to the variables with which Ansible connects to it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import shlex
from typing import Any, Dict, List, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._config.paths import lookup


def connection_variables(host: Mapping[str, Any]) -> Dict[str, Any]:
    """The `ansible_*` variables of a checked host. What is not in the file is left to Ansible.

    Which values win is for the caller to decide: an inventory and AWX credentials do.
    """
    ssh = lookup(host, "ssh")
    if not isinstance(ssh, Mapping):
        return {}
    found = {
        "ansible_host": ssh.get("address"),
        "ansible_port": ssh.get("port"),
        "ansible_user": ssh.get("user"),
        "ansible_ssh_private_key_file": ssh.get("keyPath"),
        "ansible_ssh_common_args": jump_arguments(ssh.get("bastion")),
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def jump_arguments(bastion: Any) -> str:
    """The arguments that lead ssh through a jump host; empty without one.

    ProxyJump cannot name a key, so a jump host with one is reached by ProxyCommand. Host keys are checked as they
    are for the host itself.
    """
    if not isinstance(bastion, Mapping) or not bastion.get("address"):
        return ""
    address = str(bastion["address"])
    target = f"{bastion['user']}@{address}" if bastion.get("user") else address
    if not bastion.get("keyPath"):
        port = f":{bastion['port']}" if bastion.get("port") else ""
        return f"-o ProxyJump={shlex.quote(target + port)}"
    words: List[str] = ["ssh", "-W", "%h:%p", "-i", str(bastion["keyPath"])]
    if bastion.get("port"):
        words += ["-p", str(bastion["port"])]
    words.append(target)
    return f"-o ProxyCommand={shlex.quote(' '.join(_word(word) for word in words))}"


def _word(word: str) -> str:
    """A word for the shell that runs ProxyCommand; `%h:%p` and `~` are replaced before it sees them."""
    return word if word.startswith(("%", "~/")) and " " not in word else shlex.quote(word)

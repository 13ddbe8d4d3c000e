# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packet filter rules of Kubernetes: found in, and taken out of, what `iptables-save` prints.

Chains of others, rules of others and policies stay as they are.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import Dict, List, Sequence, Set, Tuple

# kube-proxy, kubelet and kube-router; Calico; the plugins of CNI (portmap, firewall, bridge); flannel.
_CHAINS = re.compile(r"^(KUBE-|cali-|CNI-|FLANNEL-)")
# What Calico and kube-router put into chains of others without a jump to their own.
_COMMENTS = re.compile(r"^(cali:|kube-router|kubernetes |CNI |flanneld|name: \")")
_SETS = re.compile(r"^(cali[0-9]|KUBE-|kube-router-|inet6:(KUBE-|kube-router-))")
_JUMPS = ("-j", "--jump", "-g", "--goto")


@dataclass
class Table:
    """One table: the chains that are Kubernetes', and its rules in other chains."""

    name: str
    chains: List[str] = field(default_factory=list)
    rules: List[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not self.chains and not self.rules


def is_set(name: str) -> bool:
    """Whether an ipset is of Kubernetes."""
    return bool(_SETS.match(name))


def parse(saved: str) -> List[Table]:
    """The tables that have something of Kubernetes."""
    tables: List[Table] = []
    for line in saved.splitlines():
        if line.startswith("*"):
            tables.append(Table(line[1:].strip()))
        elif line.startswith(":") and tables:
            name = line[1:].split()[0]
            if _CHAINS.match(name):
                tables[-1].chains.append(name)
        elif line.startswith("-A ") and tables and _is_ours(_words(line)):
            tables[-1].rules.append(line)
    return [table for table in tables if not table.empty]


def _words(line: str) -> List[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def _is_ours(words: Sequence[str]) -> bool:
    """Whether a rule of a chain that is not Kubernetes' was put there by it. Rules of its own chains go with them."""
    if _CHAINS.match(words[1]):
        return False
    for name, value in zip(words, words[1:]):
        if name in _JUMPS and _CHAINS.match(value):
            return True
        if name == "--comment" and _COMMENTS.match(value):
            return True
        if name == "--match-set" and is_set(value):
            return True
    return False


def script(tables: Sequence[Table]) -> str:
    """The input for `iptables-restore --noflush` that takes them away, all of a table at once or nothing."""
    lines: List[str] = []
    for table in tables:
        lines.append(f"*{table.name}")
        lines += [f":{chain} - [0:0]" for chain in table.chains]  # which empties it
        lines += [f"-D{rule[2:]}" for rule in table.rules]
        lines += [f"-X {chain}" for chain in table.chains]
        lines.append("COMMIT")
    return "\n".join(lines) + "\n" if lines else ""


def summary(tables: Sequence[Table]) -> str:
    chains = sum(len(table.chains) for table in tables)
    rules = sum(len(table.rules) for table in tables)
    names = ", ".join(table.name for table in tables)
    return f"{chains} chains of Kubernetes and {rules} rules in other chains are removed ({names})"


def unused(saved: str, before: Set[str]) -> List[str]:
    """The tables that hold nothing but empty chains with the policy to accept, and were not there before."""
    content: Dict[str, Tuple[bool, int]] = {}
    name = ""
    for line in saved.splitlines():
        if line.startswith("*"):
            name = line[1:].strip()
            content[name] = (True, 0)
        elif line.startswith(":") and name:
            plain, rules = content[name]
            content[name] = (plain and line.split()[1] == "ACCEPT", rules)
        elif line.startswith("-A ") and name:
            content[name] = (content[name][0], content[name][1] + 1)
    return [table for table, (plain, rules) in content.items() if plain and not rules and table not in before]

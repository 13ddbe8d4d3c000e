# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packet filter: rules of Kubernetes in the tables that `iptables` keeps, in each of its two ways.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from typing import Dict, Iterator, List

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import rules
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.host import Host, Part
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.kernel import NftTable, have
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import Remain

_PROGRAM = 30.0
_FAMILIES = {"ip": "iptables", "ip6": "ip6tables"}
_NFT_FAMILIES = {"ip": 2, "ip6": 10}
_WAYS = ("nft", "legacy")


class Rules(Part):
    """Needs the programs of iptables: the host's, else those that k0s brought for its worker."""

    def find(self, host: Host) -> List[Change]:
        found: Dict[str, Change] = {}
        for program in _programs(host):
            tables = rules.parse(_saved(program, host))
            if tables:
                name = os.path.basename(program)
                found[name] = Change("rules", name, rules.summary(tables))
        return list(found.values())

    def clear(self, host: Host) -> None:
        for program in _programs(host):
            script = rules.script(rules.parse(_saved(program, host)))
            if script:
                result = host.run([f"{program}-restore", "--noflush", "--wait=10"], _PROGRAM, script)
                if result.rc != 0:
                    host.complain("rules", os.path.basename(program), f"`{result.line}` failed: {result.complaint}")

    def notes(self, host: Host) -> List[Remain]:
        if _programs(host):
            return []
        text = "could not be looked through: there are no programs of iptables on the host"
        return [Remain("rules", "iptables", text, reboot=True)]


class EmptyTables(Part):
    """Tables of nf_tables that the first rule of Kubernetes made, and that hold nothing now."""

    def find(self, host: Host) -> List[Change]:
        return [Change("rules", str(table), "the empty table is removed") for table in _unused(host)]

    def clear(self, host: Host) -> None:
        for table in _unused(host):
            host.kernel.remove_nft_table(table)


def _unused(host: Host) -> Iterator[NftTable]:
    """Only where it is known which tables were there before."""
    if not host.before.known:
        return
    present = {(table.family, table.name): table for table in have(host.kernel.nft_tables)}
    for family, base in _FAMILIES.items():
        program = command.find(f"{base}-nft-save") or command.find(f"{base}-save")
        number = _NFT_FAMILIES[family]
        if program is None or not any(key[0] == number for key in present):
            continue
        saved = host.run([program], _PROGRAM, "").out
        known = {name.partition(" ")[2] for name in host.before.tables if name.startswith(f"{family} ")}
        for name in rules.unused(saved, known):
            if (number, name) in present:
                yield present[(number, name)]


def _saved(program: str, host: Host) -> str:
    result = host.run([f"{program}-save"], _PROGRAM, "")
    return result.out if result.rc == 0 else ""


def _programs(host: Host) -> List[str]:
    """What `-save` and `-restore` are put to. k0s' own may use the other way than the host's."""
    found: List[str] = []
    for base in _FAMILIES.values():
        both = [command.find(f"{base}-{way}-save") for way in _WAYS]
        programs: List[str] = [program for program in both if program]
        programs = programs or [program for program in [command.find(f"{base}-save")] if program]
        own = os.path.join(host.target.data_dir, "bin", f"{base}-save")
        found += [program[: -len("-save")] for program in programs]
        if len(programs) < len(_WAYS) and os.access(own, os.X_OK):
            found.append(own[: -len("-save")])
    return found

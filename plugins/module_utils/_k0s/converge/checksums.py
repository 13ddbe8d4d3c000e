# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds a binary's sha256 in the checksum file of its release. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Dict, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError

_LINE = re.compile(r"^([0-9a-fA-F]{64})(?:\s+[*]?(\S.*))?$")
ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64", "armv7l": "arm"}


def architecture(machine: str) -> str:
    return ARCHITECTURES.get(machine, machine)


def parse(text: str) -> Dict[str, str]:
    """sha256 by file name; a line with a hash only has the empty name."""
    table: Dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.match(line.strip())
        if match:
            name = (match.group(2) or "").strip().rpartition("/")[2]
            table[name] = match.group(1).lower()
    return table


def find(text: str, names: Sequence[str], source: str) -> str:
    """The sha256 of the first of `names` that the file lists."""
    table = parse(text)
    for name in names:
        if name in table:
            return table[name]
    if set(table) == {""}:
        return table[""]
    raise K0sError(
        f"{source} has no sha256 of {' or '.join(names)} (it lists {len(table)} files). "
        "Give the sha256 of the binary, or the checksum file of its release"
    )

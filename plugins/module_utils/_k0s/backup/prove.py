# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves a restore: every key that etcd had when the backup was made is there again.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.keys import Census, Compacted, EtcdKeys, census
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError


@dataclass(frozen=True)
class Proof:
    """`proven` is false only where etcd has forgotten that time; a difference is an error."""

    proven: bool
    keys: int
    text: str


def prove(wanted: Mapping[str, Any], keys: EtcdKeys) -> Proof:
    """`wanted` is the census of the manifest."""
    expected = Census.from_dict(wanted)
    try:
        found = census(expected.revision, keys.at(expected.revision))
    except Compacted as error:
        return Proof(False, 0, f"{error}. Whether all {expected.keys} keys came back can no longer be told from etcd")
    if found.digest == expected.digest:
        return Proof(True, found.keys, f"all {found.keys} keys of revision {found.revision} are there")
    differing = "; ".join(
        f"{kind}: {found.kinds.get(kind, 0)} of {count}"
        for kind, count in sorted(expected.kinds.items())
        if found.kinds.get(kind, 0) != count
    )
    raise K0sError(
        f"the restored cluster is not the one of the backup: {found.keys} keys at revision {expected.revision}, "
        f"{expected.keys} were expected ({differing or 'as many objects of each kind, but other versions of them'}). "
        "Restore from another backup"
    )

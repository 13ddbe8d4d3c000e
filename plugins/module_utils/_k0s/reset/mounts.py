# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""File systems that k0s, its kubelet and its pods have mounted.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import Target

TABLE = "/proc/self/mountinfo"
_ESCAPE = re.compile(r"\\([0-7]{3})")
# An unreachable server keeps who asks for one of these waiting, so they are only let go of.
_REMOTE = ("nfs", "nfs4", "cifs", "smb3", "ceph", "glusterfs", "9p", "afs")
_FOLDERS = ("/run/k0s", "/run/calico", "/var/run/calico", "/var/lib/calico", "/run/nodeagent")
_NETWORKS = ("/run/netns/cni-", "/var/run/netns/cni-")


@dataclass(frozen=True)
class Mount:
    """Where what is mounted. `remote` ones may hang."""

    path: str
    kind: str = ""

    @property
    def remote(self) -> bool:
        return self.kind in _REMOTE or self.kind.startswith("fuse")


def read_all(root: Root = HOST) -> List[Mount]:
    """All mounts, in the order they were made."""
    found: List[Mount] = []
    for line in root.text(TABLE).splitlines():
        head, _mark, tail = line.partition(" - ")
        fields = head.split()
        if len(fields) > 4:
            found.append(Mount(_ESCAPE.sub(lambda match: chr(int(match[1], 8)), fields[4]), (tail.split() or [""])[0]))
    return found


def is_below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")


def of_k0s(mounts: Sequence[Mount], target: Target) -> List[Mount]:
    """What has to be unmounted, the last one first. A disk that is mounted at k0s' own folder stays."""
    folders = [target.data_dir, *target.kubelet_dirs, *_FOLDERS]
    return [
        item
        for item in reversed(mounts)
        if any(is_below(item.path, folder) for folder in folders) or item.path.startswith(_NETWORKS)
    ]

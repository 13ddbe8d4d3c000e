# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""File systems and the room in them.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from typing import Any, Dict, Iterable, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root


def read_disks(paths: Iterable[str], root: Root = HOST) -> Dict[str, Dict[str, Any]]:
    """The file system of each path; of one that does not exist yet, that of its deepest folder that does."""
    mounts = parse_mounts(root.text("/proc/self/mountinfo"))
    found: Dict[str, Dict[str, Any]] = {}
    for path in paths:
        present = existing(path, root)
        try:
            room = os.statvfs(root.at(present))
        except OSError:
            continue
        mount, kind = mount_of(os.path.realpath(root.at(present)), mounts)
        found[path] = {
            "mount": mount,
            "type": kind,
            "size_bytes": room.f_blocks * room.f_frsize,
            "free_bytes": room.f_bavail * room.f_frsize,
            "read_only": bool(room.f_flag & os.ST_RDONLY),
            "noexec": bool(room.f_flag & os.ST_NOEXEC),
        }
    return found


def existing(path: str, root: Root = HOST) -> str:
    while path != "/" and not os.path.exists(root.at(path)):
        path = os.path.dirname(path) or "/"
    return path


def parse_mounts(text: str) -> Dict[str, str]:
    """Type of the file system by mount point; what is mounted later hides what was there."""
    mounts = {}
    for line in text.splitlines():
        fields = line.split()
        if "-" in fields and len(fields) > fields.index("-") + 1:
            mounts[_unescaped(fields[4])] = fields[fields.index("-") + 1]
    return mounts


def _unescaped(text: str) -> str:
    for code, letter in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, letter)
    return text


def mount_of(path: str, mounts: Dict[str, str]) -> Tuple[str, str]:
    """Mount point and type of the file system that holds a path."""
    while path not in mounts and path != "/":
        path = os.path.dirname(path)
    return path, mounts.get(path, "")

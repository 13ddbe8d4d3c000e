# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of k0s: their digests, modes and owners.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import grp
import hashlib
import os
import pwd
import stat
from functools import lru_cache
from typing import Dict, Iterable, Optional

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import CONFIG_PATH, ConfigState, FileState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.redact import redact
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root

_CHUNK = 1024 * 1024


def read_files(paths: Iterable[str], root: Root = HOST) -> Dict[str, FileState]:
    """Those of the files that are there, by path."""
    found = ((path, file_state(path, root)) for path in paths)
    return {path: state for path, state in found if state is not None}


def file_state(path: str, root: Root = HOST) -> Optional[FileState]:
    """A folder has no digest. What is neither a file nor a folder counts as missing."""
    now = root.stat(path)
    if now is None:
        return None
    content = root.data(path) if stat.S_ISREG(now.st_mode) else None
    if content is None and not stat.S_ISDIR(now.st_mode):
        return None
    return FileState(
        path=path,
        sha256="" if content is None else hashlib.sha256(content).hexdigest(),
        mode=f"{stat.S_IMODE(now.st_mode):04o}",
        owner=user_name(now.st_uid),
        group=group_name(now.st_gid),
    )


def read_config(path: str = CONFIG_PATH, root: Root = HOST) -> Optional[ConfigState]:
    """k0s.yaml with its secret values masked."""
    now = root.stat(path)
    content = root.data(path) if now is not None else None
    if now is None or content is None:
        return None
    return ConfigState(
        path=path,
        sha256=hashlib.sha256(content).hexdigest(),
        text=redact(content.decode("utf-8", "replace")),
        mode=f"{stat.S_IMODE(now.st_mode):04o}",
    )


def sha256_of(path: str) -> str:
    """The digest of a large file. It is only computed again when the file has changed since."""
    now = os.stat(path)
    return _sha256(path, now.st_ino, now.st_size, now.st_mtime_ns)


@lru_cache(maxsize=8)
def _sha256(path: str, _inode: int, _size: int, _mtime_ns: int) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for chunk in iter(lambda: stream.read(_CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def group_name(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)

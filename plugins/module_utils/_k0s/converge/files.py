# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes files so that a reader sees the old or the new one whole, and only those who may read it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import contextmanager
from typing import BinaryIO, Iterator, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.users import group_id, user_id
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError

BLOCK = 1024 * 1024
# k0s itself gives its certificates' folder this mode.
_FOLDER_MODES = {"pki": 0o751}
_MARK = ".mke4k-"


@contextmanager
def told(path: str, failure: str = "could not be written") -> Iterator[None]:
    """Tells a failure of the file system in words: a full disk, a read-only one, a lack of rights."""
    try:
        yield
    except PermissionError as error:
        hint = "" if os.geteuid() == 0 else ". Only root may do that: run the task with `become: true`"
        raise K0sError(f"{path} {failure}: {error.strerror}{hint}") from error
    except OSError as error:
        raise K0sError(f"{path} {failure}: {error.strerror or error}") from error


def real(path: str) -> str:
    """The file behind a link, so that replacing it keeps the link."""
    return os.path.realpath(path)


def make_parents(path: str) -> None:
    """Makes the folders above a path, whatever the umask is."""
    folder = os.path.dirname(path)
    if not folder or os.path.isdir(folder):
        return
    make_parents(folder)
    try:
        os.mkdir(folder)
        os.chmod(folder, _FOLDER_MODES.get(os.path.basename(folder), 0o755))
    except OSError as error:
        if not os.path.isdir(folder):
            reason = "it is there and is no folder" if os.path.exists(folder) else error.strerror or error
            raise K0sError(f"the folder {folder} could not be made: {reason}") from error


@contextmanager
def temporary(path: str) -> Iterator[Tuple[BinaryIO, str]]:
    """A new file beside `path` that only root can read. It is gone afterwards unless it was renamed."""
    make_parents(path)
    handle, name = tempfile.mkstemp(prefix=f".{os.path.basename(path)}{_MARK}", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream, name
    finally:
        if os.path.lexists(name):
            os.unlink(name)


def remove_stale(path: str) -> None:
    """Removes what killed runs left beside `path`."""
    folder, name = os.path.split(real(path))
    for leftover in glob.glob(os.path.join(glob.escape(folder), f".{glob.escape(name)}{_MARK}*")):
        if os.path.isdir(leftover):
            shutil.rmtree(leftover)
        else:
            os.unlink(leftover)


def sync_folder(path: str) -> None:
    handle = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(name: str, path: str, durable: bool = True) -> None:
    """Puts a finished file in its place. `durable`: it is there after a power cut too."""
    if os.path.isdir(path):
        raise K0sError(f"{path} cannot be written: it is a folder. Move it away and run again")
    os.replace(name, path)
    if durable:
        sync_folder(path)


def set_access(path: str, mode: str, owner: str, group: str) -> None:
    uid, gid = user_id(owner), group_id(group)
    now = os.stat(path)
    if (now.st_uid, now.st_gid) != (uid, gid):
        os.chown(path, uid, gid)
    if stat.S_IMODE(now.st_mode) != int(mode, 8):
        os.chmod(path, int(mode, 8))


def read(path: str) -> Optional[str]:
    """The text of a file, None where there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def write(path: str, content: str, mode: str = "0600", owner: str = "root", group: str = "root") -> bool:
    """Writes a file at once, or only its mode and owner where the content is right. Returns whether that was new."""
    target = real(path)
    with told(path):
        if read(target) == content and os.path.isfile(target):
            set_access(target, mode, owner, group)
            return False
        with temporary(target) as (stream, name):
            stream.write(content.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
            set_access(name, mode, owner, group)
            replace(name, target)
    return True


def make_folder(path: str, mode: str, owner: str, group: str) -> None:
    """Makes a folder, or only sets its mode and owner where it is there."""
    make_parents(os.path.join(path, ""))
    with told(f"the folder {path}", "could not be set up"):
        set_access(path, mode, owner, group)


def remove(path: str) -> bool:
    """Removes a file or a folder with all it holds; False where there is none."""
    if not os.path.lexists(path):
        return False
    with told(path, "could not be removed"):
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)
    return True


def remove_below(folder: str) -> None:
    """Empties a folder that cannot go itself, such as a disk's mount point."""
    for name in os.listdir(folder):
        remove(os.path.join(folder, name))


def sha256_of_file(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(BLOCK), b""):
            digest.update(block)
    return digest.hexdigest()

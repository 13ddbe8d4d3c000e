# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on the control node that only their owner may read.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import stat
import tempfile

MODE = 0o600
PARENT_MODE = 0o700


def read_private(path: str) -> str:
    """The text of a file, empty where there is none."""
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def is_private(path: str) -> bool:
    return os.path.exists(path) and stat.S_IMODE(os.stat(path).st_mode) == MODE


def hindrance(path: str) -> str:
    """Why the file could not be written there; empty when it could."""
    if os.path.isdir(path):
        return "it is a folder"
    folder = os.path.dirname(os.path.realpath(path))
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    if not os.path.isdir(folder):
        return f"{folder} is not a folder"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"no permission to write in {folder}"
    return ""


def write_private(path: str, text: str) -> None:
    """Replaces the file in one step. Folders that are missing are made for the owner alone; links are followed."""
    write_private_bytes(path, text.encode("utf-8"))


def write_private_bytes(path: str, data: bytes) -> None:
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    _make_folders(folder)
    handle, temporary = tempfile.mkstemp(prefix=".mke4k-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as stream:
            os.fchmod(stream.fileno(), MODE)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _make_folders(folder: str) -> None:
    if not os.path.isdir(folder):
        _make_folders(os.path.dirname(folder))
        os.mkdir(folder, PARENT_MODE)

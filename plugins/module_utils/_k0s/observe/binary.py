# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed k0s binary.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from typing import Any, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BinaryState, RunningState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.files import sha256_of
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.process import runs_file
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root


def read_binary(
    path: str, receipt: Mapping[str, Any], running: Optional[RunningState], root: Root = HOST
) -> Optional[BinaryState]:
    """Digest and version of the binary, None where there is none.

    The receipt saves reading the whole file. Otherwise only a process that runs this very file proves its version;
    the binary is never run to ask it.
    """
    now = root.stat(path)
    if now is None:
        return None
    real = os.path.realpath(root.at(path))
    noted = receipt.get("binary") or {}
    if (noted.get("path"), noted.get("size"), noted.get("mtime_ns")) == (real, now.st_size, now.st_mtime_ns):
        return BinaryState(path, str(noted.get("sha256") or ""), str(noted.get("version") or ""))
    proven = running is not None and runs_file(running.pid, path, root)
    return BinaryState(path, sha256_of(root.at(path)), running.version if proven and running is not None else "")

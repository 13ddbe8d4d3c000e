# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the containerd of a new k0s takes the settings that are on the host.

k0s 1.36 brings containerd 2, which refuses to start with drop-ins of the format of containerd 1.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import glob
import os
import re
from typing import Iterator, List

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.versions import at_least
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.request import Request

CONTAINERD_2_SINCE = (1, 36)
WANTED = 3
_VERSION = re.compile(r"^\s*version\s*=\s*(\d+)", re.MULTILINE)


def containerd_findings(request: Request) -> Iterator[Finding]:
    """Drop-ins in a format that the containerd of `request.version` does not read."""
    if request.role == "controller" or not at_least(request.version, *CONTAINERD_2_SINCE):
        return
    kept = [path for path in drop_ins(request.containerd_folder) if path not in request.written]
    old = [path for path in kept if format_of(path) < WANTED]
    if old:
        yield Finding(
            ERROR,
            "containerd-drop-in-old",
            request.place,
            f"k0s {request.version} brings containerd 2, which does not start with {', '.join(old)}: no `version ="
            f" {WANTED}` in it",
            "write these files in the format of containerd 2 (`containerd config migrate` does it); the k0s that runs"
            " now reads them until it restarts",
        )


def drop_ins(folder: str) -> List[str]:
    return sorted(glob.glob(os.path.join(folder, "*.toml")))


def format_of(path: str) -> int:
    """The number of the format; containerd takes a file that names none for the first one."""
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            found = _VERSION.search(stream.read())
    except OSError as error:
        raise K0sError(f"{path} could not be read: {error.strerror or error}. Look at it, then run again") from error
    return int(found.group(1)) if found else 1

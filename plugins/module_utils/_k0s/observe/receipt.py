# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The receipt that converging leaves on a host, and what it proves.

It is a cache and never the truth: what it says of the binary counts only while size and time of the file are the same,
and what it says of the running k0s only for that very process.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import hashlib
import json
import stat
from dataclasses import replace
from typing import Any, Dict, Iterable, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import TOKEN_FLAG, flag_table
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import ImagesState, NodeState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.files import read_files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root

# Times of files come from a clock of the kernel that stands still for some milliseconds.
CLOCK_STEP = 0.05


def read_receipt(path: str, root: Root = HOST) -> Dict[str, Any]:
    """The receipt; empty where there is none or it makes no sense."""
    try:
        found = json.loads(root.data(path) or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def read_images(receipt: Mapping[str, Any], root: Root = HOST) -> Dict[str, ImagesState]:
    """The archives of images that are as they were recorded; reading them all again would take long."""
    found: Dict[str, ImagesState] = {}
    for path, record in (receipt.get("images") or {}).items():
        now = root.stat(path)
        if now is not None and (now.st_size, now.st_mtime_ns) == (record.get("size"), record.get("mtime_ns")):
            found[path] = ImagesState.from_dict({**record, "path": path})
    return found


def parts_of(state: NodeState, restart_files: Iterable[str]) -> Dict[str, str]:
    """A digest of each thing that a running k0s only sees after a restart. `restart_files` are paths."""
    parts = {path: state.files[path].sha256 if path in state.files else "" for path in restart_files}
    parts["binary"] = state.binary.sha256 if state.binary else ""
    parts["config"] = state.config.sha256 if state.config else ""
    parts["unit"] = unit_digest(state)
    return parts


def unit_digest(state: NodeState) -> str:
    """The flags in any order, and the variables. The token file is left out: it goes once the host has joined."""
    if state.service is None:
        return ""
    table = {name: values for name, values in flag_table(state.service.arguments).items() if name != TOKEN_FLAG}
    text = json.dumps([table, dict(state.service.environment)], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def running_record(start_id: str, state: NodeState, restart_files: Iterable[str]) -> Dict[str, Any]:
    """What converging writes as `running` once k0s serves: the process, and on what it runs."""
    return {"start_id": start_id, "parts": parts_of(state, restart_files)}


def is_outdated(receipt: Mapping[str, Any], start_id: str, state: NodeState, root: Root = HOST) -> Optional[bool]:
    """Whether the running k0s was started on other things than those there now; None where the receipt cannot tell.

    The files are those of the receipt, whichever were asked for.
    """
    record = receipt.get("running") or {}
    parts = record.get("parts")
    if not start_id or record.get("start_id") != start_id or not isinstance(parts, dict):
        return None
    paths = [name for name in parts if name.startswith("/")]
    return parts_of(replace(state, files=read_files(paths, root)), paths) != parts


def files_changed_since(started_at: float, paths: Iterable[str], root: Root = HOST) -> bool:
    """Whether one of the files is newer than a process. For a k0s that the receipt does not know."""
    found = [now for now in map(root.stat, paths) if now is not None and stat.S_ISREG(now.st_mode)]
    return any(now.st_mtime > started_at + CLOCK_STEP for now in found)

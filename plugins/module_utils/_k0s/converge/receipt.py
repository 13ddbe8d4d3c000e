# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the receipt: what this collection put on the host, so that the next run need not read large files again.

It is a cache and never the truth; its reader believes it only where size, time and process still fit.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
import os
from typing import Any, Callable, Iterable, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.binary import Staged
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.process import start_id
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.receipt import read_receipt, running_record
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import before


def _write(path: str, part: str, value: Mapping[str, Any]) -> None:
    files.write(path, json.dumps({**read_receipt(path), part: value}, indent=1, sort_keys=True) + "\n")


def record_before(receipt: str, read: Callable[[], Mapping[str, Any]]) -> None:
    """Notes what the host was before k0s came, for the reset. The first note counts: later ones would see k0s."""
    if before.KEY not in read_receipt(receipt):
        _write(receipt, before.KEY, read())


def record_binary(receipt: str, path: str, staged: Staged, version: str) -> None:
    """Notes which binary is put in its place."""
    now = os.stat(staged.path)
    size, mtime_ns = now.st_size, now.st_mtime_ns
    value = {"path": path, "sha256": staged.sha256, "size": size, "mtime_ns": mtime_ns, "version": version}
    _write(receipt, "binary", value)


def record_running(receipt: str, state: NodeState, restart_files: Iterable[str]) -> None:
    """Notes on what the running k0s was started."""
    run = start_id(state.running.pid) if state.running else ""
    if run:
        _write(receipt, "running", running_record(run, state, restart_files))


def record_images(receipt: str, path: str, sha256: str, origin: str, imported: bool = False) -> None:
    """Notes an archive of images that is in its place."""
    now = os.stat(path)
    known = read_receipt(receipt).get("images") or {}
    value = {"sha256": sha256, "origin": origin, "size": now.st_size, "mtime_ns": now.st_mtime_ns, "imported": imported}
    _write(receipt, "images", {**known, path: value})


def record_import(receipt: str, paths: Iterable[str]) -> None:
    """Notes that containerd has what is in these archives."""
    known = read_receipt(receipt).get("images") or {}
    done = {path: {**known[path], "imported": True} for path in paths if path in known}
    _write(receipt, "images", {**known, **done})

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects what helps somebody to find out what is wrong with a host. What cannot be had is told, and is no error.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, List, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import PlainData
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.files import group_name, user_name
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.clean import clean
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.sources import (
    FILES,
    FOLDERS,
    LISTED,
    Command,
    Sources,
    commands,
)

# The note of what need not be there, and is not.
NONE = "there is nothing"
POD_LOGS = "/var/log/pods"
_AT_ONCE = 4


@dataclass(frozen=True)
class Limits:
    """In bytes: of one text, and of all together."""

    item: int = 1024 * 1024
    total: int = 16 * 1024 * 1024


@dataclass(frozen=True)
class Item(PlainData):
    """One file of the bundle. `note` says what was left out, or why there is nothing."""

    name: str
    text: str = ""
    note: str = ""


Run = Callable[[Sequence[str], float], command.Result]


def collect(
    sources: Sources,
    look: Callable[[], Dict[str, Any]],
    limits: Limits,
    root: Root = HOST,
    run: Run = command.run,
) -> List[Item]:
    """Everything, without secrets. `look` is what k0s_node_info tells."""
    found: List[Item] = [_state(look)]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        found += pool.map(lambda item: _output(item, limits.item, run), commands(sources))
    found += (_file(path, limits.item, root) for path in _paths(root))
    found += (_listing(path.format(data_dir=sources.data_dir), root) for path in LISTED)
    found += (_file(path, limits.item // 4, root, log=True) for path in _pod_logs(sources.namespaces, root))
    return list(_within(found, limits.total))


def _state(look: Callable[[], Dict[str, Any]]) -> Item:
    name = "k0s/state.json"
    try:
        return Item(name, clean(json.dumps(look(), indent=1, sort_keys=True, default=str)) + "\n")
    except K0sError as error:
        return Item(name, note=str(error))


def _output(wanted: Command, limit: int, run: Run) -> Item:
    if command.find(wanted.argv[0]) is None:
        return Item(wanted.name, note=NONE)
    try:
        done = run(wanted.argv, wanted.timeout)
    except K0sError as error:
        return Item(wanted.name, note=str(error))
    note = f"`{' '.join(wanted.argv)}` ended with {done.rc}" if done.rc else ""
    text = done.out + (f"\n[stderr]\n{done.err}" if done.err.strip() else "")
    return _item(wanted.name, text, limit, wanted.log, note)


def _paths(root: Root) -> Iterator[str]:
    yield from FILES
    for folder, ending in FOLDERS:
        for name in root.names(folder):
            path = f"{folder}/{name}"
            if os.path.isdir(root.at(path)):
                yield from (f"{path}/{inner}" for inner in root.names(path) if inner.endswith(ending))
            elif name.endswith(ending):
                yield path


def _file(path: str, limit: int, root: Root, log: bool = False) -> Item:
    name = f"files{path}"
    if not os.path.isfile(root.at(path)):
        return Item(name, note=NONE)
    try:
        with open(root.at(path), "rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            if log and size > limit:
                stream.seek(size - limit)
            # Files below /proc have no size.
            data = stream.read(limit + 1)
    except OSError as error:
        return Item(name, note=f"it could not be read: {error.strerror or error}")
    note = f"the last {limit} of {size} bytes" if log and size > limit else ""
    return _item(name, data.decode("utf-8", "replace"), limit, log, note)


def _pod_logs(namespaces: Sequence[str], root: Root) -> Iterator[str]:
    """The newest log of every container of these namespaces: /var/log/pods/NAMESPACE_POD_UID/CONTAINER/N.log."""
    for pod in root.names(POD_LOGS):
        if pod.partition("_")[0] not in namespaces:
            continue
        for container in root.names(f"{POD_LOGS}/{pod}"):
            folder = f"{POD_LOGS}/{pod}/{container}"
            numbered = [name for name in root.names(folder) if name.endswith(".log") and name[:-4].isdigit()]
            if numbered:
                yield f"{folder}/{max(numbered, key=lambda name: int(name[:-4]))}"


def _listing(path: str, root: Root) -> Item:
    name = f"folders{path}.txt"
    lines = []
    for entry in root.names(path):
        try:
            now = os.lstat(root.at(f"{path}/{entry}"))
        except OSError as error:
            lines.append(f"? {entry}: {error.strerror or error}")
            continue
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now.st_mtime))
        owner = f"{user_name(now.st_uid)}:{group_name(now.st_gid)}"
        lines.append(f"{stat.filemode(now.st_mode)} {owner:<24} {now.st_size:>12} {when} {entry}")
    return Item(name, "".join(f"{line}\n" for line in lines), "" if lines else NONE)


def _item(name: str, text: str, limit: int, log: bool, note: str = "") -> Item:
    """Shortened to whole lines before it is cleaned: half a secret would not look like one."""
    if len(text) > limit:
        kept = text[-limit:].partition("\n")[2] if log else text[:limit].rpartition("\n")[0] + "\n"
        note = "; ".join(filter(None, (note, f"the {'end' if log else 'beginning'} of {len(text)} characters")))
        text = kept
    return Item(name, clean(text), note)


def _within(items: Sequence[Item], total: int) -> Iterator[Item]:
    used = 0
    for item in items:
        if used + len(item.text) > total:
            yield Item(item.name, note="left out: the bundle of this host is at its limit")
            continue
        used += len(item.text)
        yield item


def summary(items: Sequence[Item]) -> List[Tuple[str, int, str]]:
    """Name, length and note of each."""
    return [(item.name, len(item.text), item.note) for item in items]

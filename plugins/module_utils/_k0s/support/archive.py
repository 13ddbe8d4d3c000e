# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packs texts into one compressed archive and takes them out again.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import io
import json
import tarfile
from typing import Any, BinaryIO, Dict, Iterable, List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.collect import Item

CONTENTS = "contents.json"
MODE = 0o600


class Archive:
    """A tar.gz that grows. All its files belong to nobody in particular and only their owner may read them."""

    def __init__(self, stream: BinaryIO, folder: str, when: float) -> None:
        self._tar = tarfile.open(fileobj=stream, mode="w:gz", compresslevel=6)  # noqa: SIM115 - closed below
        self._folder = folder
        self._when = int(when)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_problem: Any) -> None:
        self._tar.close()

    def add(self, name: str, text: str) -> None:
        data = text.encode("utf-8", "replace")
        info = tarfile.TarInfo(f"{self._folder}/{name}")
        info.size, info.mode, info.mtime = len(data), MODE, self._when
        self._tar.addfile(info, io.BytesIO(data))


def packed(items: Sequence[Item], when: float, **about: Any) -> bytes:
    """The part of one host: its texts, and a list of them with the notes."""
    stream = io.BytesIO()
    with Archive(stream, "host", when) as archive:
        for item in items:
            if item.text:
                archive.add(item.name, item.text)
        notes = [{"name": item.name, "size": len(item.text), "note": item.note} for item in items]
        archive.add(CONTENTS, json.dumps({**about, "items": notes}, indent=1, sort_keys=True) + "\n")
    return stream.getvalue()


def unpacked(data: bytes) -> Dict[str, str]:
    """The texts of such a part by name."""
    found: Dict[str, str] = {}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
        for info in tar:
            stream = tar.extractfile(info) if info.isfile() else None
            if stream is not None:
                found[info.name.partition("/")[2]] = stream.read().decode("utf-8", "replace")
    return found


def items_of(parts: Mapping[str, str]) -> List[Item]:
    """The items that `packed` was given."""
    listed: Iterable[Mapping[str, Any]] = json.loads(parts[CONTENTS])["items"]
    return [Item(str(item["name"]), parts.get(str(item["name"]), ""), str(item["note"])) for item in listed]

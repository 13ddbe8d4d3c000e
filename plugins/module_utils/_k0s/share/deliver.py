# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings large files to a host: from the control node, from a URL, or from other hosts that have them.

A file is in its place only when its sha256 is right, and at once: a run that was ended in the middle leaves nothing
that k0s would take.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import hashlib
import os
import platform
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Tuple
from urllib.parse import unquote, urlsplit

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import checksums, download, files, receipt
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.paths import Paths
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import Clock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.receipt import read_images, read_receipt
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share.fetch import Peers, Unavailable

HERE, COPIED, LOADED = "here", "copied", "loaded"


@dataclass(frozen=True)
class Wanted:
    """A file that a host should have. `origin` names its source, `images` says that k0s imports it."""

    path: str
    sha256: str = ""
    checksum_url: str = ""
    mode: str = "0644"
    staged: str = ""
    url: str = ""
    origin: str = ""
    images: bool = False

    @classmethod
    def from_params(cls, item: Mapping[str, Any]) -> Wanted:
        given = {name: item[name] for name in cls.__dataclass_fields__ if item.get(name) is not None}
        return cls(**{**given, "sha256": str(given.get("sha256", "")).lower()})


@dataclass(frozen=True)
class Delivered:
    """What came of one file: `how` is here, copied, loaded, or the address of the host that gave it; None: nothing."""

    wanted: Wanted
    sha256: str
    how: Optional[str]
    reason: str = ""

    @property
    def changed(self) -> bool:
        return self.how != HERE

    def to_dict(self) -> Dict[str, str]:
        return {"path": self.wanted.path, "sha256": self.sha256, "how": self.how or "", "reason": self.reason}


@dataclass(frozen=True)
class Delivery:
    """All files of one call."""

    paths: Paths
    clock: Clock
    peers: Optional[Peers] = None

    def deliver(self, wanted: Tuple[Wanted, ...], dry_run: bool) -> List[Delivered]:
        return [self._one(item, dry_run) for item in wanted]

    def _one(self, item: Wanted, dry_run: bool) -> Delivered:
        sha256 = item.sha256 or self._listed(item)
        if self._is_here(item, sha256):
            if not dry_run:
                self._note(item, sha256)
            return Delivered(item, sha256, HERE)
        if dry_run:
            return Delivered(item, sha256, COPIED if item.staged else LOADED)
        target = files.real(item.path)
        files.make_parents(target)
        # k0s looks at everything in the folder of images, so a file grows beside that folder.
        beside = os.path.join(os.path.dirname(os.path.dirname(target)), os.path.basename(target))
        work = beside if item.images else target
        files.remove_stale(work)
        with files.told(target), files.temporary(work) as (stream, name):
            how, reason = self._fill(item, sha256, stream, os.path.dirname(work))
            if how is None:
                return Delivered(item, sha256, None, reason)
            stream.flush()
            files.set_access(name, item.mode, "root", "root")
            files.replace(name, target, durable=False)
        self._note(item, sha256)
        return Delivered(item, sha256, how)

    def _is_here(self, item: Wanted, sha256: str) -> bool:
        if not os.path.isfile(item.path):
            return False
        if item.images:
            known = read_images(read_receipt(self.paths.receipt)).get(item.path)
            if known is not None:
                return known.sha256 == sha256
        return files.sha256_of_file(item.path) == sha256

    def _note(self, item: Wanted, sha256: str) -> None:
        """What is recorded already keeps that it was imported."""
        if not item.images:
            return
        known = read_images(read_receipt(self.paths.receipt)).get(item.path)
        if known is None or (known.sha256, known.origin) != (sha256, item.origin):
            imported = known is not None and known.sha256 == sha256 and known.imported
            receipt.record_images(self.paths.receipt, item.path, sha256, item.origin, imported)

    def _fill(self, item: Wanted, sha256: str, stream: Any, folder: str) -> Tuple[Optional[str], str]:
        """Who gave the file, else why nobody did."""
        reason = "it is not given where it could come from"
        if item.staged:
            _check(_copy(item.staged, stream, folder), sha256, item.staged)
            return COPIED, ""
        if self.peers is not None:
            try:
                return self.peers.take(sha256, stream, folder), ""
            except Unavailable as error:
                reason = f"no other host gave it: {error}"
        if item.url:
            _check(download.download(item.url, stream, folder, self.clock.sleep), sha256, download.shown(item.url))
            return LOADED, ""
        return None, reason

    def _listed(self, item: Wanted) -> str:
        if not item.checksum_url:
            raise K0sError(f"{item.path} was not brought: there is no sha256 for it. Give one")
        name = unquote(urlsplit(item.url).path).rpartition("/")[2]
        machine = checksums.architecture(platform.machine())
        text = download.fetch_text(item.checksum_url, self.clock.sleep)
        return checksums.find(text, [name, f"{name}-{machine}"], download.shown(item.checksum_url))


def _copy(source: str, stream: Any, folder: str) -> str:
    digest = hashlib.sha256()
    try:
        with open(source, "rb") as reading:
            download.check_space(folder, os.fstat(reading.fileno()).st_size, f"copying {source}")
            for block in iter(lambda: reading.read(files.BLOCK), b""):
                stream.write(block)
                digest.update(block)
    except OSError as error:
        raise K0sError(f"{source} could not be copied: {error.strerror or error}") from error
    return digest.hexdigest()


def _check(found: str, wanted: str, source: str) -> None:
    if found != wanted:
        raise K0sError(
            f"{source} is not the wanted file: its sha256 is {found}, {wanted} was expected. It was thrown away; check "
            "the source and the sha256"
        )

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens what `k0s backup` made and says whether a cluster can come back from it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import gzip
import hashlib
import tarfile
import zlib
from dataclasses import dataclass
from typing import IO, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError

BLOCK = 1024 * 1024
SHA256_BYTES = 32
SNAPSHOT = "etcd-snapshot.db"
CONFIG = "k0s.yaml"
NEEDED = (
    SNAPSHOT,
    CONFIG,
    "pki/ca.crt",
    "pki/ca.key",
    "pki/etcd/ca.crt",
    "pki/etcd/ca.key",
    "pki/sa.key",
    "pki/sa.pub",
)


@dataclass(frozen=True)
class Contents:
    """The files of an archive of k0s, and the size and sha256 of the snapshot in it."""

    files: Tuple[str, ...]
    snapshot_size: int
    snapshot_sha256: str


def read_contents(path: str) -> Contents:
    """Reads the whole archive. Raises where it is damaged or a part is missing."""
    names: List[str] = []
    size, digest = -1, ""
    try:
        with gzip.open(path, "rb") as whole, tarfile.open(fileobj=whole, mode="r|") as archive:
            for member in archive:
                name = clean(member.name)
                if member.isfile():
                    names.append(name)
                    stream = archive.extractfile(member)
                    if name == SNAPSHOT and stream is not None:
                        size, digest = _checked_snapshot(stream, path)
            while whole.read(BLOCK):
                pass  # gzip compares its own sum only at the end
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise K0sError(f"{path} is no whole archive of `k0s backup`: {error or 'it ends too early'}") from error
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise K0sError(f"{path} lacks {', '.join(missing)}, without which no cluster comes back from it")
    return Contents(tuple(sorted(names)), size, digest)


def clean(name: str) -> str:
    """The name of a member as k0s reads it."""
    while name.startswith(("./", "/")):
        name = name.lstrip("/")
        name = name[2:] if name.startswith("./") else name
    return name.rstrip("/")


def _checked_snapshot(stream: IO[bytes], path: str) -> Tuple[int, str]:
    """etcd writes the sha256 of a snapshot behind it."""
    whole, body = hashlib.sha256(), hashlib.sha256()
    size, tail = 0, b""
    for block in iter(lambda: stream.read(BLOCK), b""):
        size += len(block)
        whole.update(block)
        tail += block
        body.update(tail[:-SHA256_BYTES])
        tail = tail[-SHA256_BYTES:]
    if size <= SHA256_BYTES or body.digest() != tail:
        raise K0sError(
            f"the snapshot of etcd in {path} does not fit the hash that etcd wrote behind it: "
            f"{body.hexdigest()} is that of its content, {tail.hex()} was expected. Make the backup again"
        )
    return size, whole.hexdigest()

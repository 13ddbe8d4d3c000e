# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one file that a backup is: a tar of k0s' own archive, what k0s leaves out, and a manifest that tells of both.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
from typing import Any, Dict, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError

FORMAT = 1
MANIFEST = "manifest.json"
K0S = "k0s.tar.gz"
FILES = "files"
DOCUMENTS = "documents"


def write_bundle(path: str, manifest: Mapping[str, Any], parts: Mapping[str, str], texts: Mapping[str, str]) -> None:
    """`parts` are files of the host and `texts` contents, by their names in the bundle. Only root can read it."""
    with files.told(path), open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as bundle:
            _add_text(bundle, MANIFEST, json.dumps(manifest, indent=1, sort_keys=True) + "\n")
            for name, text in sorted(texts.items()):
                _add_text(bundle, name, text)
            for name, source in sorted(parts.items()):
                with open(source, "rb") as content:
                    bundle.addfile(_member(name, os.fstat(content.fileno()).st_size), content)
        stream.flush()
        os.fsync(stream.fileno())


def read_bundle(path: str, folder: str) -> Dict[str, Any]:
    """Puts the parts into a folder, under names that cannot lead out of it, and returns the manifest."""
    try:
        with tarfile.open(path, "r:") as bundle:
            for member in bundle:
                if member.isfile():
                    _extract(bundle, member, folder)
        with open(os.path.join(folder, MANIFEST), encoding="utf-8") as stream:
            manifest = json.load(stream)
    except (tarfile.TarError, EOFError, ValueError, OSError) as error:
        raise K0sError(f"{path} is no backup that this collection made: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise K0sError(f"{path} has the format {found!r}; this collection reads {FORMAT}")
    return manifest


def part_of(folder: str, name: str) -> str:
    """Where a part of the bundle is in the folder it was read into."""
    return os.path.join(folder, *[item for item in name.split("/") if item not in ("", ".", "..")])


def _extract(bundle: tarfile.TarFile, member: tarfile.TarInfo, folder: str) -> None:
    target = part_of(folder, member.name)
    os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
    content = bundle.extractfile(member)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.writelines(iter(lambda: content.read(files.BLOCK) if content else b"", b""))


def _add_text(bundle: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode("utf-8")
    bundle.addfile(_member(name, len(content)), io.BytesIO(content))


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = size
    member.mode = 0o600
    return member

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives as `k0s backup` makes them, and a k0s that makes and takes them."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path
from typing import Dict, Mapping, Optional

DATABASE = b"etcd's pages " * 400
SNAPSHOT = DATABASE + hashlib.sha256(DATABASE).digest()
WHOLE: Dict[str, bytes] = {
    "etcd-snapshot.db": SNAPSHOT,
    "pki/ca.crt": b"ca",
    "pki/ca.key": b"ca key",
    "pki/etcd/ca.crt": b"etcd ca",
    "pki/etcd/ca.key": b"etcd ca key",
    "pki/etcd/peer.crt": b"of the old host",
    "pki/etcd/peer.key": b"of the old host",
    "pki/sa.key": b"sa",
    "pki/sa.pub": b"sa pub",
    "pki/server.crt": b"of the old host",
    "pki/server.key": b"of the old host",
    "pki/admin.conf": b"of the old host",
    "manifests/coredns/coredns.yaml": b"kind: List",
    "images/bundle.tar": b"large",
    "k0s.yaml": b"peerAddress: 10.77.0.11",
}


def pack(path: Path, files: Mapping[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        folder = tarfile.TarInfo("pki")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o751
        archive.addfile(folder)
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def unpack(path: Path) -> Dict[str, bytes]:
    found: Dict[str, bytes] = {}
    with tarfile.open(path) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() else None
            if stream is not None:
                found[member.name] = stream.read()
    return found


def without(*names: str) -> Dict[str, bytes]:
    return {name: content for name, content in WHOLE.items() if name not in names}


def fake_k0s(folder: Path, archive: Path, version: str = "v1.33.13+k0s.0", body: Optional[str] = None) -> Path:
    """A k0s whose backup is this archive; what it restores is put beside it as `restored.tar.gz`."""
    program = folder / "k0s"
    script = f"""#!/bin/sh
data_dir={folder}/data
case "$1" in
  version) echo {version} ;;
  backup) cp {archive} "$3/k0s_backup_2026.tar.gz"; chmod 644 "$3"/k0s_backup_*; env > {folder}/environment ;;
  restore) for last; do :; done
    cp "$last" {folder}/restored.tar.gz
    mkdir -p "$data_dir/etcd/member/snap" && echo db > "$data_dir/etcd/member/snap/db" ;;
esac
"""
    program.write_text(body or script)
    program.chmod(0o700)
    return program

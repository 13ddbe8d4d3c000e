# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes of k0s' archive one that fits another host: `k0s restore` takes etcd's address from the k0s.yaml in it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import io
import tarfile
import zlib

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.contents import CONFIG, clean
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError

PKI = "pki/"
# What makes the cluster the one it was. k0s makes every other certificate anew, for the addresses of the new host.
AUTHORITIES = ("ca", "front-proxy-ca", "etcd/ca", "sa")
_LEAVES = (".crt", ".key", ".conf", ".pub", ".pem")
# Brought again by what brings them to every host.
_IMAGES = "images/"


def repack(source: str, target: str, config: bytes) -> None:
    """Writes `target`: the archive with another k0s.yaml, and without what belongs to the host it was made on."""
    with files.told(target):
        try:
            with tarfile.open(source, "r|gz") as before, tarfile.open(target, "w:gz", compresslevel=1) as after:
                for member in before:
                    name = clean(member.name)
                    if name != CONFIG and is_of_cluster(name):
                        after.addfile(member, before.extractfile(member) if member.isfile() else None)
                changed = tarfile.TarInfo(CONFIG)
                changed.size, changed.mode = len(config), 0o600
                after.addfile(changed, io.BytesIO(config))
        except (tarfile.TarError, zlib.error, EOFError) as error:
            raise K0sError(f"{source} is no whole archive of `k0s backup`: {error}") from error


def is_of_cluster(name: str) -> bool:
    """Whether a file of the archive belongs to the cluster; others belong to the one host it was made on."""
    if name.startswith(_IMAGES):
        return False
    if not name.startswith(PKI) or not name.endswith(_LEAVES):
        return True
    return name[len(PKI) :].rpartition(".")[0] in AUTHORITIES

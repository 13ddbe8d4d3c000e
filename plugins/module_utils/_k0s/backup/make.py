# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a backup on the controller that this runs on, and proves it before it is given away.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import glob
import os
import shutil
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.bundle import FORMAT, K0S, write_bundle
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.contents import Contents, read_contents
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.keys import Census, EtcdKeys, census
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.storage import require_embedded
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command, files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BINARY_PATH, DATA_DIR, RunningState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.etcd import Etcd
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.files import file_state
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.status import read_status, running_state

FOLDER = "/var/lib/mke4k-backup"
TIMEOUT = 900.0
SPARE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class BackupRequest:
    """What to back up. `about` goes into the manifest; `documents` are texts by name; `files` are of this host."""

    name: str
    folder: str = FOLDER
    binary: str = BINARY_PATH
    data_dir: str = DATA_DIR
    about: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict, repr=False)
    files: Tuple[str, ...] = ()
    status_socket: str = ""


@dataclass(frozen=True)
class Backup:
    """The file on this host, and what is in it."""

    path: str
    size: int
    sha256: str
    manifest: Mapping[str, Any]


def running_controller(status_socket: str = "") -> RunningState:
    status = read_status(status_socket) if status_socket else read_status()
    if status is None:
        raise K0sError(
            "no backup was made: k0s does not run on this host. Start it, or run against a controller that runs"
        )
    running = running_state(status)
    if running.role != "controller":
        raise K0sError(
            f"no backup was made: this host is a {running.role}, and only a controller has the cluster's data"
        )
    return running


def make_backup(request: BackupRequest) -> Backup:
    """Replaces what an earlier run left in the folder."""
    running = running_controller(request.status_socket)
    require_embedded(running.cluster_config, running.single_node)
    fresh_folder(request.folder)
    try:
        _require_space(request)
        taken = _census(EtcdKeys(Etcd(request.data_dir)))
        archive = _k0s_backup(request)
        contents = read_contents(archive)
        return _bundled(request, running.version, archive, (taken, contents))
    except BaseException:
        files.remove(request.folder)
        raise


def fresh_folder(path: str) -> None:
    """An empty folder that only root can enter."""
    files.remove(path)
    files.make_parents(path)
    with files.told(f"the folder {path}", "could not be made"):
        os.mkdir(path, 0o700)
        os.chmod(path, 0o700)


def _census(keys: EtcdKeys) -> Census:
    revision = keys.revision()
    return census(revision, keys.at(revision))


def _require_space(request: BackupRequest) -> None:
    """k0s writes the snapshot, packs it, and copies the package; then it is put into ours."""
    needed = 3 * (_size(f"{request.data_dir}/etcd/member/snap/db") + _size(f"{request.data_dir}/images")) + SPARE_BYTES
    free = shutil.disk_usage(request.folder).free
    if free < needed:
        raise K0sError(
            f"no backup was made: {request.folder} has {free >> 20} MiB free, and {needed >> 20} MiB may be needed. "
            "Free some, or give another folder on the host"
        )


def _size(path: str) -> int:
    if os.path.isdir(path):
        return sum(_size(os.path.join(path, name)) for name in os.listdir(path))
    return os.path.getsize(path) if os.path.isfile(path) else 0


def _k0s_backup(request: BackupRequest) -> str:
    """k0s' own file can be read by all; it is made where nobody else may look, its temporary files too."""
    argv = [request.binary, "backup", "--save-path", request.folder, f"--data-dir={request.data_dir}"]
    if request.status_socket:
        argv.append(f"--status-socket={request.status_socket}")
    command.check(["env", f"TMPDIR={request.folder}", *argv], TIMEOUT)
    made = glob.glob(os.path.join(glob.escape(request.folder), "k0s_backup_*.tar.gz"))
    if len(made) != 1:
        raise K0sError(f"`k0s backup` reported success but left {len(made)} archives in {request.folder}")
    os.chmod(made[0], 0o600)
    return made[0]


def _bundled(request: BackupRequest, version: str, archive: str, found: Tuple[Census, Contents]) -> Backup:
    taken, contents = found
    extra = [_described(path) for path in request.files]
    manifest: Dict[str, Any] = {
        **request.about,
        "format": FORMAT,
        "name": request.name,
        "k0s_version": version,
        "census": taken.to_dict(),
        "snapshot": {"size": contents.snapshot_size, "sha256": contents.snapshot_sha256},
        "k0s_archive": {"size": os.path.getsize(archive), "sha256": files.sha256_of_file(archive)},
        "contents": list(contents.files),
        "documents": sorted(request.documents),
        "files": extra,
    }
    path = os.path.join(request.folder, f"{request.name}.tar")
    parts = {K0S: archive, **{f"files{item['path']}": item["path"] for item in extra}}
    write_bundle(path, manifest, parts, {f"documents/{name}": text for name, text in request.documents.items()})
    os.unlink(archive)
    return Backup(path, os.path.getsize(path), files.sha256_of_file(path), manifest)


def _described(path: str) -> Dict[str, Any]:
    state = file_state(path)
    if state is None:
        raise K0sError(
            f"no backup was made: {path} is missing on this host, without which the cluster's secrets cannot be read"
        )
    return state.to_dict()


def remove_backup(folder: str, dry_run: bool = False) -> List[str]:
    """Takes the file from the host once it is elsewhere."""
    there = os.path.lexists(folder)
    if there and not dry_run:
        files.remove(folder)
    return [folder] if there else []

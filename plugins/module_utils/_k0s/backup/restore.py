# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts a backup on a host that has no k0s running, so that the next start of k0s brings the cluster back.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.bundle import FILES, K0S, part_of, read_bundle
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.contents import read_contents
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.make import fresh_folder
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.repack import repack
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command, files, users
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import (
    BINARY_PATH,
    CONFIG_PATH,
    DATA_DIR,
    STATUS_SOCKET,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.status import read_status
from ansible_collections.mke4k.core.plugins.module_utils._k0s.versions import same_version

FOLDER = "/var/lib/mke4k-restore"
MARK = "mke4k-restored.json"
BEGUN, DONE = "begun", "done"
TIMEOUT = 900.0


@dataclass(frozen=True)
class RestoreRequest:
    """`archive` is a file on this host with this `sha256`; `files` are those that only the backup has."""

    archive: str
    sha256: str
    folder: str = FOLDER
    binary: str = BINARY_PATH
    config: str = CONFIG_PATH
    data_dir: str = DATA_DIR
    files: Sequence[Mapping[str, str]] = ()
    status_socket: str = STATUS_SOCKET

    @property
    def mark(self) -> str:
        return os.path.join(self.data_dir, MARK)


def is_restored(request: RestoreRequest) -> bool:
    """Whether this very backup is on this host already."""
    return read_mark(request.mark) == {"sha256": request.sha256, "state": DONE}


def read_mark(path: str) -> Dict[str, Any]:
    """What an earlier run noted; empty where it noted nothing usable."""
    try:
        found = json.loads(files.read(path) or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def refuse(request: RestoreRequest) -> None:
    """Raises where a restore would destroy something."""
    if read_status(request.status_socket) is not None:
        raise K0sError(
            "nothing was restored: k0s runs on this host. Restore to another host, or set mke4k_restore_over_running to"
            " the name of the cluster to reset it first"
        )
    database = f"{request.data_dir}/etcd/member/snap/db"
    if os.path.exists(database) and not read_mark(request.mark):
        raise K0sError(
            f"nothing was restored: {database} is there, the data of a cluster that does not run. Reset the host first"
        )


def restore_backup(request: RestoreRequest, dry_run: bool = False) -> List[str]:
    """What was done, in words; nothing where the backup was restored before."""
    if is_restored(request):
        return []
    refuse(request)
    if dry_run:
        return [f"the cluster's data are restored to {request.data_dir}"]
    with files.told(request.archive, "could not be read"):
        found = files.sha256_of_file(request.archive)
    if found != request.sha256:
        raise K0sError(
            f"nothing was restored: {request.archive} has the sha256 {found}, {request.sha256} was expected. "
            "Bring it again"
        )
    fresh_folder(request.folder)
    try:
        return _restore(request)
    finally:
        files.remove(request.folder)


def _restore(request: RestoreRequest) -> List[str]:
    manifest = read_bundle(request.archive, request.folder)
    _require_version(request, manifest)
    source, target = part_of(request.folder, K0S), os.path.join(request.folder, "restore.tar.gz")
    read_contents(source)
    config = files.read(request.config)
    if config is None:
        raise K0sError(
            f"nothing was restored: {request.config} is missing. Prepare the host first (k0s_node, state prepared)"
        )
    repack(source, target, config.encode("utf-8"))
    _note(request, BEGUN)
    # A run that was ended in the middle may have left a half.
    files.remove(f"{request.data_dir}/etcd")
    _k0s_restore(request, target)
    done = [f"the cluster's data of {manifest.get('created')} are in {request.data_dir}"]
    done += [_write_file(request, item, manifest) for item in request.files]
    _note(request, DONE)
    return done


def _require_version(request: RestoreRequest, manifest: Mapping[str, Any]) -> None:
    result = command.check([request.binary, "version"])
    installed, wanted = result.out.strip(), str(manifest.get("k0s_version") or "")
    if not same_version(installed, wanted):
        raise K0sError(
            f"nothing was restored: the backup is of k0s {wanted} and {request.binary} is {installed}. Restore "
            "with the same version, then upgrade"
        )


def _k0s_restore(request: RestoreRequest, archive: str) -> None:
    """k0s would write the configuration to the folder it is called in."""
    beside = os.path.join(request.folder, "k0s.yaml.restored")
    argv = [request.binary, "restore", "--config-out", beside, f"--data-dir={request.data_dir}", archive]
    command.check(["env", f"TMPDIR={request.folder}", *argv], TIMEOUT)
    if not os.path.exists(f"{request.data_dir}/etcd/member/snap/db"):
        raise K0sError(f"`{request.binary} restore` reported success, but {request.data_dir}/etcd has no database")


def _write_file(request: RestoreRequest, item: Mapping[str, str], manifest: Mapping[str, Any]) -> str:
    """A file that was made on the first controller once, such as the key of the secrets, comes back as it was."""
    path = item["path"]
    known = {str(each.get("path")): str(each.get("sha256")) for each in manifest.get("files") or ()}
    source = part_of(request.folder, f"{FILES}{path}")
    content = files.read(source) if path in known else None
    if content is None or files.sha256_of_file(source) != known[path]:
        raise K0sError(
            f"the backup has no whole {path}, which mke4.yaml asks for and without which the cluster's secrets cannot "
            "be read. Restore from another backup"
        )
    owner, group = item.get("owner") or "root", item.get("group") or "root"
    users.ensure_owner(owner, group, request.data_dir)
    files.write(path, content, item.get("mode") or "0600", owner, group)
    return f"{path} is the one of the backup"


def _note(request: RestoreRequest, state: str) -> None:
    files.write(request.mark, json.dumps({"sha256": request.sha256, "state": state}) + "\n")

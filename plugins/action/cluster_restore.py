# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds a backup, says whether it may be restored to these hosts, and brings it to the first controller."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._aws.buckets import SCHEME
from ansible_collections.mke4k.core.plugins.module_utils._config.errors import ReportedError
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ConfigError
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.render.files import shared_files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup import restore
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.judge import (
    Target,
    findings,
    former_nodes,
    former_objects,
    overwrites,
    plan_text,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.shelf import newest, of_cluster
from ansible_collections.mke4k.core.plugins.module_utils._k0s.host_options import CONTROLLER_OPTIONS
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.lease import LEASE
from ansible_collections.mke4k.core.plugins.plugin_utils._arguments import checked
from ansible_collections.mke4k.core.plugins.plugin_utils._backup_cipher import Cipher, cipher_of
from ansible_collections.mke4k.core.plugins.plugin_utils._backup_store import (
    BLOCK,
    MANIFEST,
    S3_OPTIONS,
    Store,
    sha256_and_size,
    store_of,
)
from ansible_collections.mke4k.core.plugins.plugin_utils._cluster import cluster_of
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import CONFIG_OPTIONS
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import plain
from ansible_collections.mke4k.core.plugins.plugin_utils._upload import UploadAction

MODULE = "mke4k.core.k0s_restore"
# Whoever changed the cluster when it was backed up does so no more.
LOCK = {
    "apiVersion": LEASE.api_version,
    "kind": LEASE.kind,
    "metadata": {"name": LEASE.name, "namespace": LEASE.namespace},
}
CHECKED, RESTORED = "checked", "restored"
ARCHIVES = (".tar", ".tar.age", ".tar.enc", MANIFEST)
OPTIONS: dict[str, Any] = {
    **CONFIG_OPTIONS,
    "state": {"type": "str", "choices": [CHECKED, RESTORED], "default": RESTORED},
    "src": {"type": "str", "required": True},
    "nodes": {"type": "dict", "default": {}},
    "over_running": {"type": "str", "default": ""},
    "identity_file": {"type": "path", "default": ""},
    "passphrase_file": {"type": "path", "default": ""},
    "folder": {"type": "path", "default": restore.FOLDER},
    **CONTROLLER_OPTIONS,
    "s3": {"type": "dict", "default": {}, "options": S3_OPTIONS},
}


class ActionModule(UploadAction):
    _supports_check_mode = True
    _supports_async = False
    _supports_diff = False

    _args: dict[str, Any]
    _vars: dict[str, Any]

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        self._vars = task_vars or {}
        self._args = plain(checked(OPTIONS, self._task.args))
        try:
            cluster = cluster_of(self._args, self._vars, self._loader).require()
            result.update(self._outcome(cluster))
        except ConfigError as error:
            raise AnsibleError(str(error)) from error
        except ReportedError as error:
            result.update({"failed": True, **error.report()})
        finally:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    def _outcome(self, cluster: Cluster) -> dict[str, Any]:
        store, manifest = self._found(cluster.name)
        cipher = cipher_of({**self._args, "encryption": manifest["archive"].get("encryption")}, os.environ)
        cipher.check(encrypts=False)
        restored = bool(self._run_module({"state": "shown"}, manifest)["restored"])
        target = self._target(cluster, restored)
        former = former_nodes(manifest, self._present(cluster))
        archive = os.path.join(store.where, str(manifest["archive"]["file"]))
        first = str(self._vars.get("inventory_hostname", ""))
        told = {
            "changed": False,
            "archive": archive,
            "manifest": {key: value for key, value in manifest.items() if key != "contents"},
            "restored": restored,
            "resets": not restored and overwrites(target),
            "former_nodes": former,
            "former_objects": [*former_objects(manifest, former), *([] if restored else [LOCK])],
            "findings": [item.to_dict() for item in findings(manifest, target)],
            "text": plan_text(manifest, target, archive, first, former),
        }
        if self._args["state"] == CHECKED or restored:
            return told
        return {**told, **self._restored(store, cipher, manifest, cluster)}

    def _found(self, cluster: str) -> tuple[Store, dict[str, Any]]:
        """A file or a manifest that is named, else the newest backup of the cluster in a folder or below a prefix."""
        src = self._args["src"]
        named = src.endswith(ARCHIVES)
        where, _slash, name = src.rpartition("/") if named else (src, "", "")
        store = store_of(where or ("" if src.startswith(SCHEME) else "."), self._args["s3"] or {}, os.environ)
        known = store.manifests()
        if not named:
            chosen = newest(known, cluster)
            others = sorted({str(item["cluster"]) for item in known})
            if chosen is None:
                there = f"those there are of {', '.join(others)}" if others else "there is none at all"
                raise AnsibleError(f"{store.where} has no backup of the cluster {cluster}: {there}")
            return store, dict(chosen)
        for item in known:
            if name in (str(item["archive"]["file"]), f"{item['name']}{MANIFEST}"):
                return store, item
        listed = [str(item["archive"]["file"]) for item in of_cluster(known, cluster)]
        raise AnsibleError(
            f"{src} is no backup that this collection made: there is no manifest for it in {store.where}. Of"
            f" {cluster} there are: {', '.join(listed) or 'none'}"
        )

    def _target(self, cluster: Cluster, restored: bool) -> Target:
        nodes: Mapping[str, Any] = self._args["nodes"] or {}
        states = {name: item.get("node") or {} for name, item in nodes.items()}
        return Target(
            cluster=cluster.name,
            release=cluster.release.name,
            k0s_version=cluster.k0s_version,
            network={"pod_cidr": cluster.pod_cidr, "service_cidr": cluster.service_cidr},
            external_address=cluster.external_address or "",
            files=tuple(item["path"] for item in self._files(cluster)),
            running=tuple(name for name, state in states.items() if state.get("running")),
            with_data=tuple(name for name, state in states.items() if state.get("joined")),
            restored=restored,
            over_running=self._args["over_running"],
            hosts=tuple(host.name for host in cluster.hosts),
        )

    def _present(self, cluster: Cluster) -> list[str]:
        """The names that Nodes of today's hosts have, or will have."""
        nodes: Mapping[str, Any] = self._args["nodes"] or {}
        read = [str((item.get("node") or {}).get("hostname") or "") for item in nodes.values()]
        return [*(host.name for host in cluster.hosts), *(name for name in read if name)]

    @staticmethod
    def _files(cluster: Cluster) -> list[dict[str, str]]:
        controller = cluster.controllers[0]
        names = ("path", "mode", "owner", "group")
        return [{name: item[name] for name in names} for item in shared_files(cluster, controller)]

    def _restored(self, store: Store, cipher: Cipher, manifest: dict[str, Any], cluster: Cluster) -> dict[str, Any]:
        options = {"state": RESTORED, "files": self._files(cluster), "folder": self._args["folder"]}
        if self._task.check_mode:
            done = self._run_module(options, manifest)
            return {"changed": True, "changes": done["changes"]}
        with _scratch() as scratch:
            local = self._plain(store, cipher, manifest, scratch)
            uploaded = self.upload(local, "backup.tar")
            os.unlink(local)
            done = self._run_module({**options, "archive": uploaded}, manifest)
        return {"changed": bool(done["changed"]), "changes": done["changes"]}

    def _plain(self, store: Store, cipher: Cipher, manifest: dict[str, Any], scratch: str) -> str:
        """The decrypted file, in a folder that only this user can enter and that goes with the task."""
        archive = manifest["archive"]
        source = store.local(str(archive["file"]), scratch)
        try:
            found, _size = sha256_and_size(source)
        except OSError as error:
            raise AnsibleError(f"the backup {source} could not be read: {error}") from error
        if found != archive["sha256"]:
            raise AnsibleError(
                f"{source} is not the file that was backed up: its sha256 is {found}, its manifest says"
                f" {archive['sha256']}. Get it again, or restore from another backup"
            )
        target = os.path.join(scratch, "backup.plain.tar")
        with open(source, "rb") as stream:
            cipher.write(iter(lambda: stream.read(BLOCK), b""), target, encrypts=False)
        found, _size = sha256_and_size(target)
        if found != archive["plain_sha256"]:
            raise AnsibleError(
                f"{source} was decrypted to something else than what was encrypted: is it the right key?"
            )
        return target

    def _run_module(self, options: dict[str, Any], manifest: Mapping[str, Any]) -> dict[str, Any]:
        arguments = {
            **options,
            "sha256": manifest["archive"]["plain_sha256"],
            "data_dir": self._args["k0s_data_dir"],
            "binary_path": self._args["k0s_binary_path"],
        }
        done = self._execute_module(module_name=MODULE, module_args=arguments, task_vars=self._vars)
        if done.get("failed"):
            raise AnsibleError(str(done.get("msg") or f"{MODULE} failed without a message"))
        return dict(done)


@contextmanager
def _scratch() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="mke4k-restore-", dir=constants.DEFAULT_LOCAL_TMP)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)

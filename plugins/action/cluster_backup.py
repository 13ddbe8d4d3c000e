# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings a backup that a controller makes to the control node or to S3, and removes those that had their time."""

from __future__ import annotations

import datetime
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import yaml
from ansible import constants
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._children.model import CLUSTER_DEPLOYMENT, MKE_CHILD_CONFIG
from ansible_collections.mke4k.core.plugins.module_utils._config.document import API_VERSION, KIND
from ansible_collections.mke4k.core.plugins.module_utils._config.layers import MKE_OPERATOR
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.render.files import encryption_path
from ansible_collections.mke4k.core.plugins.module_utils._config.versions import version_parts
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup import make
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.shelf import name_for, outdated, stamp
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.plugin_utils._backup_cipher import AGE, NONE, OPENSSL, Cipher, cipher_of
from ansible_collections.mke4k.core.plugins.plugin_utils._backup_store import (
    MANIFEST,
    S3_OPTIONS,
    Store,
    sha256_and_size,
    store_of,
)
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import CONFIG_OPTIONS, KubeAction
from ansible_collections.mke4k.core.plugins.plugin_utils._layers import layers_of
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import plain
from ansible_collections.mke4k.core.plugins.plugin_utils._remote_file import read_blocks

MODULE = "mke4k.core.k0s_backup"
# From this release on MKE backs up by itself as this collection does, without Velero.
OWN_BACKUP = (4, 1, 2)


class ActionModule(KubeAction):
    options = {
        **CONFIG_OPTIONS,
        "dest": {"type": "str", "default": "~/.mke/backups"},
        "name": {"type": "str", "default": ""},
        "keep": {"type": "int", "default": 0},
        "keep_days": {"type": "int", "default": 0},
        "encryption": {"type": "str", "choices": [NONE, AGE, OPENSSL], "default": NONE},
        "recipients": {"type": "list", "elements": "str", "default": []},
        "passphrase_file": {"type": "path", "default": ""},
        "children": {"type": "bool", "default": False},
        "nodes": {"type": "dict", "default": {}},
        "folder": {"type": "path", "default": make.FOLDER},
        "s3": {"type": "dict", "default": {}, "options": S3_OPTIONS},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        now = datetime.datetime.now(tz=datetime.timezone.utc)
        store, cipher = store_of(args["dest"], args["s3"] or {}, os.environ), cipher_of(args, os.environ)
        store.check()
        cipher.check(encrypts=True)
        name = args["name"] or name_for(self.cluster.name, now)
        if "/" in name or name.startswith("."):
            raise AnsibleError(f"{name!r} cannot be the name of a backup: it would be a path or a hidden file")
        file = f"{name}.tar{cipher.suffix}"
        if self.check_mode:
            text = f"The cluster {self.cluster.name} would be backed up to {os.path.join(store.where, file)}."
            return {**self._nothing(name), "changed": True, "text": text, "archive": os.path.join(store.where, file)}
        about = {**_about(self.cluster, args["nodes"] or {}), "created": stamp(now), "origin": self.found.source.origin}
        documents, notes = self._documents(args)
        made = self._make(name, about, documents)
        try:
            with _scratch() as scratch:
                manifest = self._bring(made, store, cipher, file, scratch)
        finally:
            self._run_module({"state": "absent", "folder": args["folder"]})
        removed = self._retire(store, manifest, now)
        return self._told(store, manifest, notes, removed)

    def _nothing(self, name: str) -> dict[str, Any]:
        return {"name": name, "archive": "", "manifest_path": "", "manifest": {}, "removed": [], "notes": []}

    def _documents(self, args: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
        """The file of the user, what the cluster has of it, and its children."""
        documents = {"mke4.yaml": yaml.safe_dump(plain(self.found.source.document), sort_keys=False)}
        notes = _notes(self.cluster)
        wants_config = MKE_OPERATOR in layers_of(self.cluster, self.variables)
        if not wants_config and not args["children"]:
            return documents, notes
        try:
            if wants_config:
                found = self.api.get(Ref(API_VERSION, KIND, self.cluster.name, self.cluster.namespace))
                documents["mkeconfig.json"] = json.dumps(found, indent=1) + "\n"
            if args["children"]:
                kinds = (MKE_CHILD_CONFIG, CLUSTER_DEPLOYMENT)
                children = [item for kind in kinds for item in self.api.list(kind).items]
                documents["children.json"] = json.dumps(children, indent=1) + "\n"
        except KubeError as error:
            notes.append(
                f"the API could not be asked for the MkeConfig and children; etcd has them all the same: {error}"
            )
        return documents, notes

    def _make(self, name: str, about: dict[str, Any], documents: dict[str, str]) -> dict[str, Any]:
        args = self._args
        encryption = encryption_path(self.cluster)
        self.progress(f"k0s makes the backup {name}")
        return self._run_module(
            {
                "state": "present",
                "name": name,
                "about": about,
                "documents": documents,
                "files": [encryption] if encryption else [],
                "folder": args["folder"],
                "data_dir": args["k0s_data_dir"],
                "binary_path": args["k0s_binary_path"],
            }
        )

    def _run_module(self, arguments: dict[str, Any]) -> dict[str, Any]:
        done = self._execute_module(module_name=MODULE, module_args=arguments, task_vars=self._task_vars)
        if done.get("failed"):
            raise AnsibleError(str(done.get("msg") or f"{MODULE} failed without a message"))
        return dict(done)

    def _bring(self, made: dict[str, Any], store: Store, cipher: Cipher, file: str, scratch: str) -> dict[str, Any]:
        """The manifest is written last: a backup without one does not count as a backup."""
        self.progress(f"{made['size'] >> 10} KiB go to {store.where}")
        draft = store.draft(file, scratch)
        try:
            cipher.write(read_blocks(self, made["path"], made["sha256"], made["size"]), draft)
            sha256, size = sha256_and_size(draft)
            manifest = {
                **made["manifest"],
                "archive": {
                    "file": file,
                    "sha256": sha256,
                    "size": size,
                    "encryption": cipher.kind,
                    "plain_sha256": made["sha256"],
                },
            }
            store.keep(draft, file)
        finally:
            if os.path.lexists(draft):
                os.unlink(draft)
        store.write(f"{made['manifest']['name']}{MANIFEST}", json.dumps(manifest, indent=1, sort_keys=True) + "\n")
        return manifest

    def _retire(self, store: Store, manifest: dict[str, Any], now: datetime.datetime) -> list[str]:
        args = self._args
        if args["keep"] <= 0 and args["keep_days"] <= 0:
            return []
        old = outdated(store.manifests(), manifest["cluster"], manifest["name"], args["keep"], args["keep_days"], now)
        for item in old:
            # The manifest goes first: what is left of a run that ends here is no backup any more.
            store.remove(f"{item['name']}{MANIFEST}")
            store.remove(str(item["archive"]["file"]))
        return [str(item["name"]) for item in old]

    def _told(self, store: Store, manifest: dict[str, Any], notes: list[str], removed: list[str]) -> dict[str, Any]:
        archive = os.path.join(store.where, manifest["archive"]["file"])
        census = manifest["census"]
        text = (
            f"{archive}: {manifest['cluster']} {manifest['release']}, k0s {manifest['k0s_version']},"
            f" {census['keys']} keys at revision {census['revision']}, {manifest['archive']['size'] >> 10} KiB,"
            f" {manifest['archive']['encryption'] or 'not encrypted'}, verified."
        )
        return {
            "changed": True,
            "name": manifest["name"],
            "archive": archive,
            "manifest_path": os.path.join(store.where, f"{manifest['name']}{MANIFEST}"),
            "manifest": {key: value for key, value in manifest.items() if key != "contents"},
            "removed": removed,
            "notes": notes,
            "text": text + (f" Removed: {', '.join(removed)}." if removed else ""),
        }


def _about(cluster: Cluster, nodes: Mapping[str, Any]) -> dict[str, Any]:
    names = {name: str((item.get("node") or {}).get("hostname") or name) for name, item in nodes.items()}
    return {
        "cluster": cluster.name,
        "release": cluster.release.name,
        "hosts": [
            {"name": host.name, "node": names.get(host.name, host.name), "address": host.address, "role": host.role}
            for host in cluster.hosts
        ],
        "network": {"pod_cidr": cluster.pod_cidr, "service_cidr": cluster.service_cidr},
        "external_address": cluster.external_address or "",
    }


def _notes(cluster: Cluster) -> list[str]:
    """Before that the section `backup` of mke4.yaml sets up Velero, which backs up volumes."""
    if (
        not cluster.value("backup.enabled", False)
        or (version_parts(cluster.release.name) or OWN_BACKUP)[:3] >= OWN_BACKUP
    ):
        return []
    told = f"{cluster.release.name} backs up volumes with Velero, by the section backup of mke4.yaml"
    return [f"{told}; this backup has the control plane and no volumes"]


@contextmanager
def _scratch() -> Iterator[str]:
    """A private folder of this run on the control node."""
    with tempfile.TemporaryDirectory(prefix="mke4k-backup-", dir=constants.DEFAULT_LOCAL_TMP) as folder:
        yield folder

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where backups are kept: a folder of the control node, or a bucket of S3.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._aws.buckets import SCHEME, Bucket, split_url
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.shelf import is_manifest
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.plugin_utils._private_file import hindrance, write_private

MANIFEST = ".json"
BLOCK = 1024 * 1024
S3_REGION = "us-east-1"
S3_OPTIONS: dict[str, Any] = {
    "endpoint_url": {"type": "str", "default": ""},
    "region": {"type": "str", "default": ""},
    "profile": {"type": "str", "default": ""},
    "ca_bundle": {"type": "path", "default": ""},
    "sse": {"type": "str", "choices": ["", "AES256", "aws:kms"], "default": ""},
    "kms_key": {"type": "str", "default": "", "no_log": False},
}


class Store(ABC):
    """`draft` is where a file is written before `keep` lets it be seen under its name."""

    where: str

    @abstractmethod
    def check(self) -> None:
        """Raises where nothing can be kept there. Makes nothing."""

    @abstractmethod
    def draft(self, name: str, _scratch: str) -> str:
        """A path on the control node; `_scratch` is a private folder of this run."""

    @abstractmethod
    def keep(self, draft: str, name: str) -> str:
        """Returns where it is now."""

    @abstractmethod
    def write(self, name: str, text: str) -> str: ...

    @abstractmethod
    def manifests(self) -> list[dict[str, Any]]: ...

    @abstractmethod
    def local(self, name: str, _scratch: str) -> str:
        """A path on the control node where the file can be read."""

    @abstractmethod
    def remove(self, name: str) -> None: ...


@dataclass(frozen=True)
class Folder(Store):
    """A folder that only its owner may enter where it is made here."""

    where: str

    def check(self) -> None:
        problem = hindrance(self._path(MANIFEST))
        if problem:
            raise K0sError(
                f"no backup can be written to {self.where} on the control node: {problem}. Set mke4k_backup_dest to a "
                "folder that this user may write, or to s3://bucket/prefix"
            )

    def draft(self, name: str, _scratch: str) -> str:
        make_private(self.where)
        return self._path(f".{name}.partial")

    def keep(self, draft: str, name: str) -> str:
        os.replace(draft, self._path(name))
        return self._path(name)

    def write(self, name: str, text: str) -> str:
        write_private(self._path(name), text)
        return self._path(name)

    def manifests(self) -> list[dict[str, Any]]:
        try:
            names = sorted(os.listdir(self.where))
        except FileNotFoundError:
            return []
        texts = [_text(self._path(name)) for name in names if name.endswith(MANIFEST) and not name.startswith(".")]
        return _usable(texts)

    def local(self, name: str, _scratch: str) -> str:
        return self._path(name)

    def remove(self, name: str) -> None:
        if os.path.lexists(self._path(name)):
            os.unlink(self._path(name))

    def _path(self, name: str) -> str:
        return os.path.join(self.where, name)


@dataclass(frozen=True)
class S3(Store):
    """A prefix in a bucket."""

    bucket: Bucket
    prefix: str

    @property
    def where(self) -> str:  # type: ignore[override]
        return f"{SCHEME}{self.bucket.name}/{self.prefix}"

    def check(self) -> None:
        self.bucket.check()

    def draft(self, name: str, _scratch: str) -> str:
        return os.path.join(_scratch, name)

    def keep(self, draft: str, name: str) -> str:
        self.bucket.put_file(self.prefix + name, draft)
        os.unlink(draft)
        return self.where + name

    def write(self, name: str, text: str) -> str:
        self.bucket.put(self.prefix + name, text.encode("utf-8"))
        return self.where + name

    def manifests(self) -> list[dict[str, Any]]:
        keys = [key for key in self.bucket.names(self.prefix) if key.endswith(MANIFEST) and self._is_own(key)]
        return _usable([self.bucket.get(key).decode("utf-8", "replace") for key in keys])

    def _is_own(self, key: str) -> bool:
        return "/" not in key[len(self.prefix) :]

    def local(self, name: str, _scratch: str) -> str:
        path = os.path.join(_scratch, name)
        self.bucket.get_file(self.prefix + name, path)
        return path

    def remove(self, name: str) -> None:
        self.bucket.remove(self.prefix + name)


def store_of(where: str, s3: Mapping[str, Any], environ: Mapping[str, str]) -> Store:
    """`where` is a folder or s3://bucket/prefix."""
    if not where.startswith(SCHEME):
        return Folder(os.path.abspath(os.path.expanduser(where)))
    name, prefix = split_url(where)
    if not name:
        raise K0sError(f"{where} names no bucket; it should be s3://bucket/prefix")
    access = AwsAccess.of({"aws_ca_bundle": s3.get("ca_bundle"), **s3}, environ)
    encryption = {}
    if s3.get("sse"):
        encryption["ServerSideEncryption"] = str(s3["sse"])
    if s3.get("kms_key"):
        encryption["SSEKMSKeyId"] = str(s3["kms_key"])
    return S3(Bucket(access.client("s3", access.region or S3_REGION), name, encryption), prefix)


def sha256_and_size(path: str) -> tuple[str, int]:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(BLOCK), b""):
            digest.update(block)
    return digest.hexdigest(), os.path.getsize(path)


def make_private(folder: str) -> None:
    """Makes a folder that only its owner may enter; one that is there stays as it is."""
    if not os.path.isdir(folder):
        os.makedirs(folder, mode=0o700)


def _text(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as stream:
        return stream.read()


def _usable(texts: list[str]) -> list[dict[str, Any]]:
    found = []
    for text in texts:
        try:
            manifest = json.loads(text)
        except ValueError:
            continue  # somebody else's file
        if is_manifest(manifest):
            found.append(manifest)
    return found

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the k0s binary to its place: never executable before it is checked, never half there.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import hashlib
import os
import platform
import stat
from dataclasses import dataclass
from typing import BinaryIO, Callable, List
from urllib.parse import unquote, urlsplit

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import (
    checksums,
    command,
    download,
    files,
    signature,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BinarySpec
from ansible_collections.mke4k.core.plugins.module_utils._k0s.versions import same_version

INSTALLED_MODE = 0o755
STAGED_MODE = 0o700
STAGED_SUFFIX = ".staged"
VERSION_TIMEOUT = 60.0


def staged_path(path: str, sha256: str) -> str:
    return f"{path}.{sha256[:12]}{STAGED_SUFFIX}"


def version_of(path: str) -> str:
    """What a checked binary says it is."""
    result = command.run([path, "version"], VERSION_TIMEOUT)
    if result.rc != 0:
        raise K0sError(f"`{result.line}` failed with {result.rc}: {result.complaint}")
    lines = result.out.split()
    return lines[0] if lines else ""


@dataclass(frozen=True)
class Staged:
    """A checked binary beside its place."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Source:
    """One wanted binary and where it comes from."""

    spec: BinarySpec
    version: str
    sleep: Callable[[float], None]

    @property
    def origin(self) -> str:
        return self.spec.staged or download.shown(self.spec.url)

    def sha256(self) -> str:
        """The sha256 that was given, else that of the release's checksum file."""
        if self.spec.sha256:
            return self.spec.sha256.lower()
        if not self.spec.checksum_url:
            raise K0sError(
                f"k0s {self.version} was not installed: there is neither a sha256 nor a checksum file for "
                f"{self.origin or 'it'}. Give one of them"
            )
        machine = checksums.architecture(platform.machine())
        name = unquote(urlsplit(self.spec.url).path).rpartition("/")[2]
        names = [item for item in (name, f"k0s-{self.version}-{machine}") if item]
        text = download.fetch_text(self.spec.checksum_url, self.sleep)
        return checksums.find(text, names, download.shown(self.spec.checksum_url))

    def stage(self) -> Staged:
        """Puts the checked binary beside its place; uses one that is there already."""
        path = files.real(self.spec.path)
        wanted = self.sha256()
        target = staged_path(path, wanted)
        if not is_staged(target, wanted):
            with files.told(target):
                self._make(path, target, wanted)
        else:
            self._check_signature(target)
            self._check_version(target)
        for other in staged_files(path):
            if other != target:
                files.remove(other)
        return Staged(target, wanted)

    def install(self, staged: Staged) -> None:
        """Puts a checked binary in its place."""
        path = files.real(self.spec.path)
        with files.told(path):
            os.chmod(staged.path, INSTALLED_MODE)
            files.replace(staged.path, path, durable=os.path.exists(path))

    def _make(self, path: str, target: str, wanted: str) -> None:
        with files.temporary(path) as (stream, name):
            self._check_sha256(self._fetch(stream, os.path.dirname(path)), wanted)
            stream.flush()
            if os.path.exists(path):
                # A first binary that a power cut damages is found and replaced; a working one must not be lost.
                os.fsync(stream.fileno())
            stream.close()
            self._check_signature(name)
            os.chmod(name, STAGED_MODE)
            self._check_version(name)
            files.replace(name, target, durable=False)

    def _fetch(self, stream: BinaryIO, folder: str) -> str:
        if self.spec.staged:
            return self._copy(stream, folder)
        if self.spec.url:
            return download.download(self.spec.url, stream, folder, self.sleep)
        raise K0sError(
            f"k0s {self.version} was not installed: no binary was given and {self.spec.path} is another one. "
            "Give a url, a path on the host, or a file on the control node"
        )

    def _copy(self, stream: BinaryIO, folder: str) -> str:
        digest = hashlib.sha256()
        try:
            with open(self.spec.staged, "rb") as source:
                download.check_space(folder, os.fstat(source.fileno()).st_size, f"copying {self.spec.staged}")
                for block in iter(lambda: source.read(files.BLOCK), b""):
                    stream.write(block)
                    digest.update(block)
        except OSError as error:
            raise K0sError(f"{self.spec.staged} could not be copied: {error.strerror or error}") from error
        return digest.hexdigest()

    def _check_sha256(self, found: str, wanted: str) -> None:
        if found != wanted:
            raise K0sError(
                f"{self.origin} is not the wanted binary: its sha256 is {found}, {wanted} was expected. "
                "It was thrown away; check the source and the sha256"
            )

    def _check_signature(self, path: str) -> None:
        if not self.spec.public_key:
            return
        if self.spec.signature_url or not self.spec.staged:
            source = self.spec.signature_url or f"{self.spec.url}.sig"
            text = download.fetch_text(source, self.sleep)
            source = download.shown(source)
        else:
            source = f"{self.spec.staged}.sig"
            found = files.read(source)
            if found is None:
                raise K0sError(f"the signature of {self.spec.staged} could not be checked: there is no {source}")
            text = found
        folder = os.path.dirname(path)
        signature.verify(path, signature.decode(text, source), self.spec.public_key, self.origin, folder)

    def _check_version(self, path: str) -> None:
        found = version_of(path)
        if not same_version(found, self.version):
            raise K0sError(
                f"{self.origin} was not installed: it is k0s {found or 'of no version'}, not {self.version}. "
                f"The binary at {self.spec.path} is as it was; give the binary of {self.version}"
            )


def is_staged(path: str, sha256: str) -> bool:
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return False
    return stat.S_ISREG(mode) and files.sha256_of_file(path) == sha256


def staged_files(path: str) -> List[str]:
    """Every staged binary beside `path`."""
    folder, name = os.path.split(path)
    if not os.path.isdir(folder):
        return []
    return sorted(
        os.path.join(folder, item)
        for item in os.listdir(folder)
        if item.startswith(f"{name}.") and item.endswith(STAGED_SUFFIX)
    )

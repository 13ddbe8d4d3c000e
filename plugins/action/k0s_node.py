# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uploads the k0s binary of the control node to a host that does not have it, then runs the module there."""

from __future__ import annotations

import hashlib
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.module_utils.common.validation import check_type_dict
from ansible.plugins.action import ActionBase

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.binary import staged_path
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.checksums import parse
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BINARY_PATH

SUMS = "sha256sums.txt"
BLOCK = 1024 * 1024


class ActionModule(ActionBase):  # type: ignore[misc]
    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        args = dict(self._task.args)
        try:
            binary = self._binary_of(args)
            if binary.get("src") and args.get("state") != "absent":
                binary = self._delivered(binary)
            if binary:
                args["binary"] = {name: value for name, value in binary.items() if value and name != "src"}
            result.update(
                self._execute_module(module_name="mke4k.core.k0s_node", module_args=args, task_vars=task_vars)
            )
        finally:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    @staticmethod
    def _binary_of(args: dict[str, Any]) -> dict[str, Any]:
        try:
            return dict(check_type_dict(args.get("binary") or {}))
        except TypeError as error:
            raise AnsibleActionFail(f"`binary` is no mapping: {error}") from error

    def _delivered(self, binary: dict[str, Any]) -> dict[str, Any]:
        """The same binary, now as a file on the host."""
        local = self._local(str(binary["src"]))
        sha256 = str(binary.get("sha256") or "").lower() or self._listed_sha256(local)
        delivered = {**binary, "sha256": sha256}
        delivered["staged"] = binary.get("staged") or self._on_host(binary, sha256)
        if self._task.check_mode:
            return delivered
        if not delivered["staged"]:
            _check(local, sha256)
            delivered["staged"] = self._upload(local, "k0s")
        if binary.get("public_key") and not binary.get("signature_url"):
            delivered["signature_url"] = f"file://{self._upload(self._local(f'{local}.sig'), 'k0s.sig')}"
        return delivered

    def _local(self, src: str) -> str:
        try:
            return str(self._find_needle("files", src))
        except AnsibleError as error:
            raise AnsibleActionFail(f"{src} was not found on the control node: {error}") from error

    def _listed_sha256(self, local: str) -> str:
        """The sha256 in the release's own file beside the binary."""
        sums = os.path.join(os.path.dirname(local), SUMS)
        if os.path.isfile(sums):
            with open(sums, encoding="utf-8", errors="replace") as stream:
                found = parse(stream.read()).get(os.path.basename(local))
            if found:
                return found
        raise AnsibleActionFail(
            f"the sha256 of {local} is not given, and no {SUMS} beside it lists it. If you trust the file, give its "
            f"sha256: {_sha256_of(local)} (`binary.sha256` of the module, `k0s_binary_sha256` of the role)"
        )

    def _on_host(self, binary: dict[str, Any], sha256: str) -> str:
        """Where the host has this very binary already; empty where it has not."""
        path = str(binary.get("path") or BINARY_PATH)
        candidates = [staged_path(path, sha256), path]
        done = self._low_level_execute_command(f"sha256sum {' '.join(map(shlex.quote, candidates))}")
        present = {
            name.strip().lstrip("*"): digest
            for digest, _separator, name in (line.partition(" ") for line in done["stdout"].splitlines())
        }
        return next((item for item in candidates if present.get(item) == sha256), "")

    def _upload(self, local: str, name: str) -> str:
        if self._connection._shell.tmpdir is None:
            self._make_tmp_path()
        remote = self._connection._shell.join_path(self._connection._shell.tmpdir, name)
        with self._uncompressed():
            return str(self._transfer_file(local, remote))

    @contextmanager
    def _uncompressed(self) -> Iterator[None]:
        """Ansible's default `-C` makes ssh spend seconds of CPU a host on a binary that hardly gets smaller.

        Compression belongs to a connection, so the transfer has one of its own.
        """
        if self._connection.transport != "ssh":
            yield
            return
        usual = self._connection.get_option("ssh_args")
        rest = [item for item in shlex.split(usual or "") if item != "-C"]
        self._connection.set_option("ssh_args", shlex.join([*rest, "-o", "ControlPath=none"]))
        try:
            yield
        finally:
            self._connection.set_option("ssh_args", usual)


def _sha256_of(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(BLOCK), b""):
            digest.update(block)
    return digest.hexdigest()


def _check(local: str, wanted: str) -> None:
    found = _sha256_of(local)
    if found != wanted:
        raise AnsibleActionFail(
            f"{local} is not the wanted binary: its sha256 is {found}, {wanted} was expected. Nothing was uploaded; "
            "get the file again, or correct the sha256 if you trust the file"
        )

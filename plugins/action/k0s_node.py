# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uploads the k0s binary of the control node to a host that does not have it, then runs the module there."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.validation import check_type_dict

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.binary import staged_path
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BINARY_PATH
from ansible_collections.mke4k.core.plugins.plugin_utils._upload import UploadAction, check

SHA256_OPTIONS = "`binary.sha256` of the module, `k0s_binary_sha256` of the role"


class ActionModule(UploadAction):
    _supports_check_mode = True
    _supports_async = False
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        args = dict(self._task.args)
        try:
            binary = self._binary_of(args)
            if binary.get("src"):
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
        local = self.local(str(binary["src"]))
        sha256 = str(binary.get("sha256") or "").lower() or self.listed_sha256(local, SHA256_OPTIONS)
        delivered = {**binary, "sha256": sha256}
        delivered["staged"] = binary.get("staged") or self._on_host(binary, sha256)
        if self._task.check_mode:
            return delivered
        if not delivered["staged"]:
            check(local, sha256, "binary")
            delivered["staged"] = self.upload(local, "k0s")
        if binary.get("public_key") and not binary.get("signature_url"):
            delivered["signature_url"] = f"file://{self.upload(self.local(f'{local}.sig'), 'k0s.sig')}"
        return delivered

    def _on_host(self, binary: dict[str, Any], sha256: str) -> str:
        """Where the host has this very binary already; empty where it has not."""
        path = str(binary.get("path") or BINARY_PATH)
        return self.on_host([staged_path(path, sha256), path], sha256)

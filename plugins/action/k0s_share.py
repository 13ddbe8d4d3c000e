# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uploads what a host gets from nowhere else, then runs the module there."""

from __future__ import annotations

import os
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.module_utils._k0s.share.run import SHARE
from ansible_collections.mke4k.core.plugins.plugin_utils._arguments import checked
from ansible_collections.mke4k.core.plugins.plugin_utils._upload import UploadAction, check

SHA256_OPTIONS = "`sha256` of the file, `k0s_image_bundle_sha256` or that of an item of `k0s_image_bundles` of the role"


class ActionModule(UploadAction):
    _supports_check_mode = True
    _supports_async = False
    _supports_diff = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        args = checked(SHARE, self._task.args)
        try:
            files = [self._known(item) for item in args["files"]]
            at_once = not args["peers"] and not self._task.check_mode
            found = self._execute(args, [self._sent(item) if at_once else item for item in files], task_vars)
            missing = self._missing(files, found)
            if missing:
                host = (task_vars or {}).get("inventory_hostname", "the host")
                Display().warning(f"{host} gets {self._reasons(found)}. It is uploaded from the control node instead")
                sent = [self._sent(item) if item in missing else item for item in files]
                found = {**self._execute({**args, "peers": []}, sent, task_vars), "changed": True}
            result.update(found)
        finally:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    def _known(self, item: dict[str, Any]) -> dict[str, Any]:
        """The file with its sha256, so that every host of the run knows it by that."""
        if not item.get("src"):
            return item
        local = self.local(str(item["src"]))
        sha256 = str(item.get("sha256") or "").lower() or self.listed_sha256(local, SHA256_OPTIONS)
        return {**item, "src": local, "sha256": sha256, "origin": item.get("origin") or str(item["src"])}

    def _sent(self, item: dict[str, Any]) -> dict[str, Any]:
        """The same file, uploaded where the host does not have it."""
        if not item.get("src") or item.get("staged") or self.on_host([item["path"]], item["sha256"]):
            return item
        check(item["src"], item["sha256"], "file")
        return {**item, "staged": self.upload(item["src"], os.path.basename(item["path"]))}

    def _execute(self, args: dict[str, Any], files: list[dict[str, Any]], task_vars: Any) -> dict[str, Any]:
        plain = [{name: value for name, value in item.items() if value is not None and name != "src"} for item in files]
        given = {name: value for name, value in args.items() if value is not None}
        return dict(
            self._execute_module(
                module_name="mke4k.core.k0s_share", module_args={**given, "files": plain}, task_vars=task_vars
            )
        )

    def _missing(self, files: list[dict[str, Any]], found: dict[str, Any]) -> list[dict[str, Any]]:
        missing = [item for item in files if item["path"] in (found.get("missing") or [])]
        if any(not item.get("src") for item in missing):
            raise AnsibleActionFail(
                f"files could not be brought to the host: {self._reasons(found)}. Give a src or a url, or let the "
                "hosts reach each other"
            )
        return missing

    @staticmethod
    def _reasons(found: dict[str, Any]) -> str:
        return "; ".join(f"no {item['path']} ({item['reason']})" for item in found["files"] if item["reason"])

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the administrator's kubeconfig of a cluster on the control node; the module part reads it on a controller."""

from __future__ import annotations

import datetime
import os
from typing import Any

from ansible import constants as C  # noqa: N812 - as Ansible calls it
from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.mke4k.core.plugins.module_utils._k0s.kubeconfig_options import KUBECONFIG
from ansible_collections.mke4k.core.plugins.plugin_utils._admin_kubeconfig import read_admin_kubeconfig
from ansible_collections.mke4k.core.plugins.plugin_utils._arguments import checked
from ansible_collections.mke4k.core.plugins.plugin_utils._kubeconfig import (
    Access,
    KubeconfigError,
    access_of,
    admin_access,
    dump,
    parse,
    redacted,
)
from ansible_collections.mke4k.core.plugins.plugin_utils._kubeconfig_plan import (
    RefusedError,
    Wish,
    is_current,
    planned,
    refuse_others,
)
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import plain
from ansible_collections.mke4k.core.plugins.plugin_utils._private_file import (
    hindrance,
    is_private,
    read_private,
    write_private,
)


class ActionModule(ActionBase):  # type: ignore[misc]
    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        args = plain(checked(KUBECONFIG, self._task.args))
        wish = Wish(
            path=_path_of(args),
            context=args["context"] or "mke",
            cluster=args["cluster"],
            server=args["server"],
            ca_sha256=args["ca_sha256"].lower(),
            merge=args["merge"],
            servers=tuple(args["servers"]),
        )
        result.update(changed=False, path=wish.path, context=wish.context, server=wish.server, read=False)
        if not wish.path:
            return result
        existing = _existing(wish.path)
        now = datetime.datetime.now(tz=datetime.timezone.utc)
        after: dict[str, Any] | None = existing
        if not is_current(existing, wish, now):
            result["read"] = True
            after = self._planned(existing, wish, now, args, task_vars or {})
        result.update(self._written(wish, existing, after))
        if args["for_run"]:
            # It ends with the run, so nothing of the control node is another than before.
            result["changed"] = False
        return result

    def _planned(
        self, existing: dict[str, Any], wish: Wish, now: datetime.datetime, args: dict[str, Any], task_vars: Any
    ) -> dict[str, Any] | None:
        """None: there is no cluster yet, and in check mode that is no mistake."""
        admin = self._admin(args, task_vars)
        try:
            if admin is None:
                refuse_others(existing, "", wish)
                return None
            return planned(existing, admin, wish, now)
        except RefusedError as error:
            raise AnsibleError(str(error)) from error

    def _admin(self, args: dict[str, Any], task_vars: Any) -> Access | None:
        text = read_admin_kubeconfig(self, task_vars, data_dir=args["data_dir"], binary_path=args["binary_path"])
        if not text:
            return None
        try:
            return admin_access(text)
        except KubeconfigError as error:
            raise AnsibleError(
                f"What {args['binary_path']} kubeconfig admin printed on the controller is of no use: {error}."
            ) from error

    def _written(self, wish: Wish, before: dict[str, Any], after: dict[str, Any] | None) -> dict[str, Any]:
        changed = after is None or after != before or not is_private(wish.path)
        if changed:
            self._write(wish.path, after)
        access = access_of(after, wish.context) if after else None
        server = access.server if access else wish.server
        result: dict[str, Any] = {"changed": changed, "server": server}
        if changed and self._task.diff:
            new = f"a new context {wish.context}\n" if after is None else redacted(after)
            result["diff"] = [
                {"before_header": wish.path, "after_header": wish.path, "before": redacted(before), "after": new}
            ]
        return result

    def _write(self, path: str, document: dict[str, Any] | None) -> None:
        problem = hindrance(path)
        if not problem and document is not None and not self._task.check_mode:
            try:
                write_private(path, dump(document))
            except OSError as error:
                problem = str(error.strerror or error)
        if problem:
            raise AnsibleError(
                f"The kubeconfig could not be written to {path} on the control node: {problem}"
                f" (HOME is {os.environ.get('HOME', 'unset')}). Set dest of this task, or mke4k_kubeconfig of the"
                " playbooks, to a path that this user may write, or to an empty text to write none."
            )


def _path_of(args: dict[str, Any]) -> str:
    if args["for_run"]:
        return os.path.join(C.DEFAULT_LOCAL_TMP, f"mke4k-{args['ca_sha256'][:12] or 'admin'}.kubeconf")
    return os.path.abspath(args["dest"]) if args["dest"] else ""


def _existing(path: str) -> dict[str, Any]:
    try:
        return parse(read_private(path))
    except KubeconfigError as error:
        raise AnsibleError(f"{path} was not overwritten: {error}. Move it away, or choose another dest.") from error
    except (OSError, UnicodeError) as error:
        raise AnsibleError(f"{path} could not be read on the control node: {error}") from error

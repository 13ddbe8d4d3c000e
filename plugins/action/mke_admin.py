# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets a first administrator into an MKE 4k cluster. Runs on the control node."""

from __future__ import annotations

import uuid
from typing import Any

from ansible.errors import AnsibleError
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.module_utils._config.layers import MKE_OPERATOR
from ansible_collections.mke4k.core.plugins.module_utils._kube.mke import first_admin
from ansible_collections.mke4k.core.plugins.module_utils._kube.mke.first_admin import Account
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import CONFIG_OPTIONS, KubeAction
from ansible_collections.mke4k.core.plugins.plugin_utils._password import Password, bcrypt_hash, generated, kept_in

SOURCES = ("password", "password_hash", "password_file")
NO_SOURCE = (
    "No first administrator was made: nobody said what becomes of the password. Give password, password_hash or"
    " password_file (mke4k_admin_password, mke4k_admin_password_file of the playbooks), or return_password."
)


class ActionModule(KubeAction):
    layer = MKE_OPERATOR
    options = {
        **CONFIG_OPTIONS,
        "email": {"type": "str", "default": "admin"},
        "password": {"type": "str", "default": "", "no_log": True},
        "password_hash": {"type": "str", "default": "", "no_log": True},
        "password_file": {"type": "path"},
        "return_password": {"type": "bool", "default": False},
        "timeout": {"type": "int", "default": 300},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        account = Account(args["email"] or "admin", self.cluster.namespace)
        result = {"changed": False, "email": account.email, "created": False, "password_file": ""}
        given = [name for name in SOURCES if args[name]]
        if len(given) > 1:
            raise AnsibleError(f"Only one of {', '.join(SOURCES)} can be given, not {' and '.join(given)}.")
        if not self.cluster.value("authentication.localUsers", True):
            return {**result, "skipped": True, "skip_reason": "authentication.localUsers is false"}
        if not given and not args["return_password"]:
            Display().warning(NO_SOURCE)
            return {**result, "skipped": True, "skip_reason": NO_SOURCE}
        result["password_file"] = args["password_file"] or ""
        return {**result, **self._let_in(account, args)}

    def _let_in(self, account: Account, args: dict[str, Any]) -> dict[str, Any]:
        api = self.api_or_none
        if api is not None and first_admin.exists(api, account):
            return {"changed": first_admin.bind(api, account, dry_run=self.check_mode)}
        if api is not None and not self.check_mode:
            first_admin.wait_for_dex(api, args["timeout"], self.progress)
        password = self._password(args)
        created = first_admin.make(
            api,
            account,
            args["password_hash"] or bcrypt_hash(password.text),
            str(uuid.uuid4()),
            dry_run=self.check_mode,
        )
        bound = api is None or first_admin.bind(api, account, dry_run=self.check_mode)
        shown = {"password": password.text} if args["return_password"] and password.made and created else {}
        return {"changed": created or bound, "created": created, **shown}

    def _password(self, args: dict[str, Any]) -> Password:
        if args["password_hash"]:
            return Password("")
        if args["password"]:
            return Password(args["password"])
        if args["password_file"]:
            return kept_in(args["password_file"], write=not self.check_mode)
        return generated()

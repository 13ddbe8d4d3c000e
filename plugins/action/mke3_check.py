# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells what stands between an MKE 3 and its migration to MKE 4k. Runs on the control node and changes nothing."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.module_utils._config.releases import DEFAULT, UnknownRelease, release
from ansible_collections.mke4k.core.plugins.module_utils._mke3.rules import judge
from ansible_collections.mke4k.core.plugins.plugin_utils._mke3_api import Mke3Error, Session, read_mke3
from ansible_collections.mke4k.core.plugins.plugin_utils._task_action import TaskAction


class ActionModule(TaskAction):
    _requires_connection = False
    options = {
        "url": {"type": "str", "required": True},
        "username": {"type": "str", "default": "admin"},
        "password": {"type": "str", "no_log": True},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "kube_port": {"type": "int", "default": 6443},
        "target": {"type": "str", "default": DEFAULT},
        "backup_days": {"type": "float", "default": 7.0},
        "kubeconfs": {"type": "list", "elements": "path", "default": ["~/.mke/mke.kubeconf"]},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        try:
            target = release(args["target"]).name
        except UnknownRelease as error:
            raise AnsibleError(f"target: {error}") from error
        if not args["url"]:
            raise AnsibleError("url is missing: say where MKE 3 is (mke4k_mke3_url), such as https://mke.example.com.")
        password = args["password"] or os.environ.get("MKE3_PASSWORD", "")
        if not password:
            raise AnsibleError("password is missing: give mke4k_mke3_password, or MKE3_PASSWORD in the environment.")
        session = Session(args["url"], args["validate_certs"], args["ca_path"])
        session.log_in(args["username"], password)
        try:
            mke = read_mke3(session, args["kube_port"])
        finally:
            _leave(session)
        kubeconfs = [path for path in args["kubeconfs"] if Path(path).expanduser().exists()]
        findings = judge(mke, target, datetime.now(timezone.utc), args["backup_days"], kubeconfs)
        return {
            "changed": False,
            "mke3": mke.to_dict(),
            "target": target,
            "findings": [finding.to_dict() for finding in findings],
            "eligible": not any(finding.is_error for finding in findings),
        }


def _leave(session: Session) -> None:
    """A session that stays ends by itself."""
    try:
        session.log_out()
    except Mke3Error as error:
        Display().vvv(f"The session of MKE 3 was not ended: {error}")

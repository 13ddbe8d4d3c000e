# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions that back up and restore, with this machine in place of the host."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext

from ansible_collections.mke4k.core.plugins.action import cluster_backup, cluster_restore

from .test_k0s_node import Shell

CONTENT = b"what the host made " * 500
SHA256 = hashlib.sha256(CONTENT).hexdigest()
CENSUS = {"revision": 120, "keys": 8, "digest": "d", "kinds": {"nodes": 1}}
CLUSTER = {
    "apiVersion": "mke.mirantis.com/v1alpha1",
    "kind": "MkeConfig",
    "metadata": {"name": "mke", "namespace": "mke"},
    "spec": {"hosts": [{"role": "controller", "ssh": {"address": "10.77.0.11"}}], "version": "v4.1.2"},
}
VARS = {"mke4k_config": CLUSTER, "mke4k_layers": ["k0s"], "inventory_hostname": "10.77.0.11"}


class Host:
    """What actions see of the host. `modules` are the calls of modules, `answers` what these answer."""

    def __init__(self, folder: Path, args: dict[str, Any], check_mode: bool) -> None:
        self.made = folder / "made.tar"
        self.made.write_bytes(CONTENT)
        self.modules: list[dict[str, Any]] = []
        self.uploaded: list[bytes] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.task = SimpleNamespace(
            args=args, check_mode=check_mode, async_val=0, diff=False, environment=None, run_once=False
        )
        shell = Shell(tmpdir=None)
        self.connection = SimpleNamespace(_shell=shell, _play_context=PlayContext(), transport="local")

    def module(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self.modules.append(arguments)
        state = arguments["state"]
        manifest = {**arguments.get("about", {}), "format": 1, "name": arguments.get("name"), "census": CENSUS}
        manifest.update(k0s_version="v1.32.6+k0s.0", contents=["k0s.yaml"])
        manifest["files"] = [{"path": path, "sha256": "0"} for path in arguments.get("files", ()) if state == "present"]
        usual: dict[str, dict[str, Any]] = {
            "present": {"path": str(self.made), "size": len(CONTENT), "sha256": SHA256, "manifest": manifest},
            "absent": {"changed": True},
            "shown": {"restored": False},
            "restored": {"changed": True, "changes": ["the cluster's data are there"]},
        }
        return {**usual[state], **self.answers.get(state, {})}

    @staticmethod
    def command(text: str) -> dict[str, Any]:
        done = subprocess.run(["sh", "-c", text], capture_output=True, text=True, check=False)
        return {"rc": done.returncode, "stdout": done.stdout, "stderr": done.stderr}


def _on(host: Host, plugin: Any) -> Any:
    class Action(plugin.ActionModule):  # type: ignore[misc]
        def _execute_module(self, **values: Any) -> dict[str, Any]:
            return host.module(values["module_args"])

        def _low_level_execute_command(self, cmd: str, *_args: Any, **_values: Any) -> dict[str, Any]:
            return host.command(cmd)

        def upload(self, local: str, _name: str) -> str:
            host.uploaded.append(Path(local).read_bytes())
            return "/tmp/of-ansible/backup.tar"

        def _remove_tmp_path(self, _path: Any, force: bool = False) -> None:
            """There is none."""

    return Action(host.task, host.connection, PlayContext(), DataLoader(), None, None)


def backup(folder: Path, check_mode: bool = False, answers: Any = None, **args: Any) -> tuple[Host, dict[str, Any]]:
    host = Host(folder, args, check_mode)
    host.answers = answers or {}
    return host, _on(host, cluster_backup).run(task_vars=VARS)


def restore(folder: Path, check_mode: bool = False, answers: Any = None, **args: Any) -> tuple[Host, dict[str, Any]]:
    host = Host(folder, args, check_mode)
    host.answers = answers or {}
    return host, _on(host, cluster_restore).run(task_vars=VARS)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail, AnsibleFileNotFound
from ansible.parsing.dataloader import DataLoader

from ansible_collections.mke4k.core.plugins.action.k0s_node import ActionModule

BINARY = b"a k0s binary"
SHA256 = hashlib.sha256(BINARY).hexdigest()
STAGED = f"/usr/local/bin/k0s.{SHA256[:12]}.staged"


class Shell(SimpleNamespace):
    @staticmethod
    def join_path(*parts: str) -> str:
        return os.path.join(*parts)


class Connection:
    """ssh with Ansible's default arguments."""

    transport = "ssh"
    _remote_is_local = False

    def __init__(self) -> None:
        self._shell = Shell(tmpdir=None)
        self.options = {"ssh_args": "-C -o ControlMaster=auto -o ControlPersist=60s"}

    def get_option(self, name: str) -> str:
        return self.options[name]

    def set_option(self, name: str, value: str) -> None:
        self.options[name] = value


class Action(ActionModule):
    """The action with a host that is a dictionary of paths and digests."""

    def __init__(self, args: dict[str, Any], folder: Path, present: dict[str, str], check_mode: bool = False) -> None:
        task = SimpleNamespace(args=args, check_mode=check_mode, async_val=0, diff=False, environment=None)
        super().__init__(task, Connection(), SimpleNamespace(), DataLoader(), None, None)
        self.transfer_arguments = ""
        self.folder = folder
        self.present = present
        self.commands: list[str] = []
        self.uploads: dict[str, bytes] = {}
        self.given: dict[str, Any] = {}
        self.removed: list[str] = []

    def _find_needle(self, dirname: str, needle: str) -> str:
        path = self.folder / needle
        if not path.exists():
            raise AnsibleFileNotFound(f"Could not find or access '{needle}'")
        return str(path)

    def _low_level_execute_command(self, cmd: str, *_args: Any, **_values: Any) -> dict[str, Any]:
        self.commands.append(cmd)
        lines = [f"{digest}  {path}" for path, digest in self.present.items() if path in cmd.split()]
        return {"rc": 0 if len(lines) == 2 else 1, "stdout": "\n".join(lines), "stderr": ""}

    def _make_tmp_path(self, remote_user: str | None = None) -> str:
        self._connection._shell.tmpdir = "/tmp/of-ansible"
        return "/tmp/of-ansible"

    def _transfer_file(self, local_path: str, remote_path: str) -> str:
        self.transfer_arguments = self._connection.get_option("ssh_args")
        self.uploads[remote_path] = Path(local_path).read_bytes()
        return remote_path

    def _execute_module(self, **values: Any) -> dict[str, Any]:
        self.given = values["module_args"]
        return {"changed": True}

    def _remove_tmp_path(self, tmp_path: str | None, force: bool = False) -> None:
        self.removed.append(str(tmp_path))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "k0s").write_bytes(BINARY)
    return tmp_path


def run(folder: Path, binary: Any, present: dict[str, str] | None = None, check: bool = False, **args: Any) -> Action:
    action = Action({"state": "running", "binary": binary, **args}, folder, present or {}, check)
    action.run(task_vars={})
    return action


def test_a_binary_that_the_host_lacks_is_uploaded_and_cleaned_up(folder: Path) -> None:
    action = run(folder, {"src": "k0s", "sha256": SHA256.upper(), "url": ""})
    assert action.uploads == {"/tmp/of-ansible/k0s": BINARY}
    assert action.given["binary"] == {"sha256": SHA256, "staged": "/tmp/of-ansible/k0s"}
    assert action.removed == ["/tmp/of-ansible"]


def test_the_upload_spends_no_time_on_compression_and_the_connection_is_as_before(folder: Path) -> None:
    action = run(folder, {"src": "k0s", "sha256": SHA256})
    assert action.transfer_arguments == "-o ControlMaster=auto -o ControlPersist=60s -o ControlPath=none"
    assert action._connection.get_option("ssh_args") == "-C -o ControlMaster=auto -o ControlPersist=60s"


@pytest.mark.parametrize("path", ["/usr/local/bin/k0s", STAGED])
def test_a_binary_that_the_host_has_is_not_uploaded(folder: Path, path: str) -> None:
    action = run(folder, {"src": "k0s", "sha256": SHA256}, {path: SHA256})
    assert action.uploads == {}
    assert action.given["binary"]["staged"] == path
    assert action.commands == [f"sha256sum {STAGED} /usr/local/bin/k0s"]


def test_another_binary_on_the_host_does_not_count(folder: Path) -> None:
    assert run(folder, {"src": "k0s", "sha256": SHA256}, {"/usr/local/bin/k0s": "0" * 64}).uploads


def test_a_path_on_the_host_is_taken_as_it_is(folder: Path) -> None:
    action = run(folder, {"src": "k0s", "sha256": SHA256, "staged": STAGED})
    assert (action.commands, action.uploads) == ([], {})
    assert action.given["binary"] == {"sha256": SHA256, "staged": STAGED}


def test_check_mode_uploads_nothing(folder: Path) -> None:
    action = run(folder, {"src": "k0s", "sha256": SHA256}, check=True)
    assert action.uploads == {}
    assert action.given["binary"] == {"sha256": SHA256}


def test_the_releases_own_checksum_file_serves(folder: Path) -> None:
    (folder / "sha256sums.txt").write_text(f"{SHA256} *k0s\n")
    assert run(folder, {"src": "k0s"}).given["binary"]["sha256"] == SHA256


def test_a_file_without_a_sha256_is_refused_with_its_own(folder: Path) -> None:
    (folder / "sha256sums.txt").write_text(f"{SHA256} *another\n")
    with pytest.raises(AnsibleActionFail, match=f"give its sha256: {SHA256}"):
        run(folder, {"src": "k0s"})


def test_a_file_with_another_sha256_is_not_uploaded(folder: Path) -> None:
    action = Action({"binary": {"src": "k0s", "sha256": "0" * 64}}, folder, {})
    with pytest.raises(AnsibleActionFail, match=f"its sha256 is {SHA256}, 0+ was expected. Nothing was uploaded"):
        action.run(task_vars={})
    assert action.uploads == {}
    assert action.removed == ["None"]


def test_a_missing_file_is_named(folder: Path) -> None:
    with pytest.raises(AnsibleActionFail, match="nowhere was not found on the control node"):
        run(folder, {"src": "nowhere", "sha256": SHA256})


def test_the_signature_beside_the_file_goes_along(folder: Path) -> None:
    (folder / "k0s.sig").write_bytes(b"signature")
    action = run(folder, {"src": str(folder / "k0s"), "sha256": SHA256, "public_key": "PEM"})
    assert action.given["binary"]["signature_url"] == "file:///tmp/of-ansible/k0s.sig"
    assert action.uploads["/tmp/of-ansible/k0s.sig"] == b"signature"


def test_a_signature_elsewhere_is_left_to_the_host(folder: Path) -> None:
    action = run(folder, {"src": "k0s", "sha256": SHA256, "public_key": "PEM", "signature_url": "https://x/k0s.sig"})
    assert action.given["binary"]["signature_url"] == "https://x/k0s.sig"


@pytest.mark.parametrize("args", [{"binary": {"url": "https://x/k0s"}}, {}])
def test_without_a_file_to_upload_only_the_module_runs(folder: Path, args: dict[str, Any]) -> None:
    action = Action(args, folder, {})
    action.run(task_vars={})
    assert (action.commands, action.uploads) == ([], {})
    assert action.given.get("binary", {}) == {k: v for k, v in args.get("binary", {}).items() if k != "src"}


def test_a_binary_that_is_no_mapping_is_refused(folder: Path) -> None:
    with pytest.raises(AnsibleActionFail, match="`binary` is no mapping"):
        run(folder, "k0s")

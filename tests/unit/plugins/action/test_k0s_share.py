# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the control node sends of the files that hosts should have."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail, AnsibleFileNotFound
from ansible.parsing.dataloader import DataLoader
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.action.k0s_share import ActionModule

from .test_k0s_node import Connection

CONTENT = b"an archive of images"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
PATH = "/var/lib/k0s/images/app.tar"
TMP = "/tmp/of-ansible/app.tar"


class Action(ActionModule):
    """The action with a host that answers as told."""

    def __init__(self, args: dict[str, Any], folder: Path, answers: list[Any], here: bool, check_mode: bool) -> None:
        task = SimpleNamespace(args=args, check_mode=check_mode, async_val=0, diff=False, environment=None)
        super().__init__(task, Connection(), SimpleNamespace(), DataLoader(), None, None)
        self.folder = folder
        self.answers = answers
        self.here = here
        self.uploads: list[str] = []
        self.calls: list[dict[str, Any]] = []

    def _find_needle(self, dirname: str, needle: str) -> str:
        path = self.folder / needle
        if not path.exists():
            raise AnsibleFileNotFound(f"Could not find or access '{needle}'")
        return str(path)

    def _low_level_execute_command(self, cmd: str, *_args: Any, **_values: Any) -> dict[str, Any]:
        assert cmd == f"sha256sum {PATH}"
        return {"rc": 0, "stdout": f"{SHA256}  {PATH}" if self.here else "", "stderr": ""}

    def _make_tmp_path(self, remote_user: str | None = None) -> str:
        self._connection._shell.tmpdir = "/tmp/of-ansible"
        return "/tmp/of-ansible"

    def _transfer_file(self, local_path: str, remote_path: str) -> str:
        self.uploads.append(remote_path)
        return remote_path

    def _execute_module(self, **values: Any) -> dict[str, Any]:
        self.calls.append(values["module_args"])
        return dict(self.answers.pop(0) if self.answers else {"changed": True, "files": [], "missing": []})

    def _remove_tmp_path(self, tmp_path: str | None, force: bool = False) -> None:
        assert tmp_path is None or tmp_path.startswith("/tmp/of-ansible")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.tar").write_bytes(CONTENT)
    return tmp_path


def action(
    folder: Path, answers: list[Any] | None = None, here: bool = False, check: bool = False, **args: Any
) -> Action:
    given = {"files": [{"path": PATH, "src": "app.tar", "sha256": SHA256.upper()}], **args}
    return Action(given, folder, answers or [], here, check)


def missing(reason: str = "no other host gave it") -> dict[str, Any]:
    listed = [{"path": PATH, "sha256": SHA256, "how": "", "reason": reason}]
    return {"changed": False, "files": listed, "missing": [PATH], "port": 0}


def test_the_first_hosts_get_an_upload(folder: Path) -> None:
    made = action(folder, serve=True, address="10.0.0.1", token="t" * 32)
    assert made.run(task_vars={})["changed"]
    assert made.uploads == [TMP]
    (call,) = made.calls
    assert call["files"] == [
        {"path": PATH, "sha256": SHA256, "mode": "0644", "images": False, "origin": "app.tar", "staged": TMP}
    ]
    assert (call["serve"], call["address"], call["port"], call["state"]) == (True, "10.0.0.1", 9445, "present")


def test_a_host_that_has_the_file_gets_none(folder: Path) -> None:
    made = action(folder, here=True)
    made.run(task_vars={})
    assert made.uploads == []
    assert "staged" not in made.calls[0]["files"][0]


def test_check_mode_sends_nothing(folder: Path) -> None:
    made = action(folder, check=True)
    made.run(task_vars={})
    assert made.uploads == []


def test_a_host_with_peers_asks_them_first(folder: Path) -> None:
    made = action(folder, peers=["10.0.0.1"])
    made.run(task_vars={})
    assert made.uploads == []
    assert made.calls[0]["peers"] == ["10.0.0.1"]


def test_what_no_peer_gave_is_uploaded_with_a_warning(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _self, text, **_options: told.append(text))
    made = action(folder, [missing("10.0.0.1 gave no answer (time-out)")], peers=["10.0.0.1"], serve=False)
    assert made.run(task_vars={"inventory_hostname": "n5"})["changed"]
    assert made.uploads == [TMP]
    assert [call["peers"] for call in made.calls] == [["10.0.0.1"], []]
    assert told == [
        f"n5 gets no {PATH} (10.0.0.1 gave no answer (time-out)). It is uploaded from the control node instead"
    ]


def test_what_no_peer_gave_and_nothing_else_leads_to_is_a_failure(folder: Path) -> None:
    made = action(folder, [missing()], files=[{"path": PATH, "sha256": SHA256}], peers=["10.0.0.1"])
    with pytest.raises(AnsibleActionFail, match="no other host gave it"):
        made.run(task_vars={})


def test_a_failure_on_the_host_is_its_result(folder: Path) -> None:
    made = action(folder, [{"failed": True, "msg": "disk full"}], peers=["10.0.0.1"])
    assert made.run(task_vars={})["failed"]


def test_a_file_that_is_another_one_is_not_sent(folder: Path) -> None:
    (folder / "app.tar").write_bytes(b"other")
    with pytest.raises(AnsibleActionFail, match="is not the wanted file"):
        action(folder).run(task_vars={})


def test_the_sha256_may_stand_in_a_file_beside_it(folder: Path) -> None:
    made = action(folder, files=[{"path": PATH, "src": "app.tar"}])
    with pytest.raises(AnsibleActionFail, match="k0s_image_bundle_sha256"):
        made.run(task_vars={})
    (folder / "sha256sums.txt").write_text(f"{SHA256} *app.tar\n")
    made.run(task_vars={})
    assert made.calls[0]["files"][0]["sha256"] == SHA256


def test_the_end_of_a_server_needs_no_file(folder: Path) -> None:
    made = action(folder, files=[], state="absent")
    made.run(task_vars={})
    assert made.calls[0]["state"] == "absent"

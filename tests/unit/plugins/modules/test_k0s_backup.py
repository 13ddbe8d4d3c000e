# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules k0s_backup and k0s_restore as Ansible calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

import pytest
from ansible.module_utils import basic

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.make import Backup, BackupRequest
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.prove import Proof
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.modules import k0s_backup, k0s_restore
from ansible_collections.mke4k.core.tests.unit.plugins.modules.arguments import patch_module_args


def outcome(module: Any, capsys: pytest.CaptureFixture[str], **params: Any) -> Dict[str, Any]:
    with patch_module_args(params), pytest.raises(SystemExit):
        module.main()
    found: Dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture(autouse=True)
def _without_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda *_args, **_options: None)


def test_a_backup_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: List[BackupRequest] = []
    made = Backup("/somewhere/a.tar", 3, "abc", {"k0s_version": "v1.33.13+k0s.0"})

    def make(request: BackupRequest) -> Backup:
        asked.append(request)
        return made

    monkeypatch.setattr(k0s_backup, "make_backup", make)
    found = outcome(k0s_backup, capsys, name="a", documents={"mke4.yaml": "kind: MkeConfig"}, files=["/etc/key"])
    assert (found["changed"], found["path"], found["size"], found["sha256"]) == (True, "/somewhere/a.tar", 3, "abc")
    assert (asked[0].name, asked[0].documents, asked[0].files) == ("a", {"mke4.yaml": "kind: MkeConfig"}, ("/etc/key",))


def test_check_mode_asks_whether_a_backup_is_possible(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(k0s_backup, "running_controller", lambda: None)
    found = outcome(k0s_backup, capsys, _ansible_check_mode=True)
    assert (found["changed"], found["path"]) == (True, "")


def test_a_refusal_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_all: Any) -> None:
        raise K0sError("no backup was made: this host is a worker")

    monkeypatch.setattr(k0s_backup, "make_backup", refuse)
    assert outcome(k0s_backup, capsys)["msg"] == "no backup was made: this host is a worker"


def test_the_folder_is_removed_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    arguments = {"state": "absent", "folder": str(folder)}
    assert outcome(k0s_backup, capsys, _ansible_check_mode=True, **arguments)["changed"] is True
    assert folder.is_dir()
    assert [outcome(k0s_backup, capsys, **arguments)["changed"] for _time in range(2)] == [True, False]
    assert not folder.exists()


def test_a_restore_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(k0s_restore, "restore_backup", lambda request, dry_run: [f"{request.archive} {dry_run}"])
    found = outcome(k0s_restore, capsys, archive="/a.tar", sha256="abc", data_dir=str(tmp_path))
    assert (found["changed"], found["restored"], found["changes"]) == (True, False, ["/a.tar False"])


def test_a_backup_that_is_there_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "mke4k-restored.json").write_text('{"sha256": "abc", "state": "done"}')
    for sha256, there in (("abc", True), ("def", False)):
        found = outcome(k0s_restore, capsys, state="shown", sha256=sha256, data_dir=str(tmp_path))
        assert (found["changed"], found["restored"]) == (False, there)


def test_a_proof_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(k0s_restore, "prove", lambda census, _keys: Proof(True, census["keys"], "all 8 keys"))
    found = outcome(k0s_restore, capsys, state="proven", census={"keys": 8}, data_dir=str(tmp_path))
    assert (found["changed"], found["proven"], found["text"]) == (False, True, "all 8 keys")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [({"state": "proven"}, "census"), ({"state": "restored"}, "sha256"), ({"state": "shown"}, "sha256")],
)
def test_what_a_state_needs_is_asked_for(
    capsys: pytest.CaptureFixture[str], arguments: Dict[str, Any], said: str
) -> None:
    assert said in outcome(k0s_restore, capsys, **arguments)["msg"]


def test_a_restore_that_is_refused_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = outcome(k0s_restore, capsys, archive=str(tmp_path / "gone"), sha256="abc", data_dir=str(tmp_path))
    assert "gone could not be read" in found["msg"]

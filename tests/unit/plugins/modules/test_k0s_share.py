# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module k0s_share as Ansible calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict

import pytest
from ansible.module_utils import basic

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.modules import k0s_share
from ansible_collections.mke4k.core.tests.unit.plugins.modules.arguments import patch_module_args

TOKEN = "a-path-that-nobody-guesses"


def outcome(capsys: pytest.CaptureFixture[str], **params: Any) -> Dict[str, Any]:
    with patch_module_args(params), pytest.raises(SystemExit):
        k0s_share.main()
    printed = capsys.readouterr().out
    assert TOKEN not in printed
    found: Dict[str, Any] = json.loads(printed)
    return found


@pytest.fixture(autouse=True)
def _without_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda *_args, **_options: None)


def test_it_predicts_in_check_mode(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "k0s"
    item = {"path": str(path), "sha256": "0" * 64, "url": "https://example.com/k0s"}
    found = outcome(capsys, files=[item], serve=True, address="127.0.0.1", token=TOKEN, _ansible_check_mode=True)
    assert (found["changed"], found["port"]) == (True, 0)
    assert not path.exists()


def test_no_server_to_end_is_no_change(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(capsys, state="absent", _ansible_check_mode=True)["changed"] is False


def test_a_failure_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any) -> Dict[str, Any]:
        raise K0sError("the port is in use")

    monkeypatch.setattr(k0s_share, "present", refuse)
    assert outcome(capsys)["msg"] == "the port is in use"


def test_a_server_needs_an_address_and_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    assert "address, token" in outcome(capsys, serve=True)["msg"]

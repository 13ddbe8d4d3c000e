# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module k0s_reset as Ansible calls it."""

from __future__ import annotations

import json
from typing import Any, Dict

import pytest
from ansible.module_utils import basic

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.run import Past
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import Outcome, Remain
from ansible_collections.mke4k.core.plugins.modules import k0s_reset
from ansible_collections.mke4k.core.tests.unit.plugins.modules.arguments import patch_module_args


def outcome(capsys: pytest.CaptureFixture[str], **params: Any) -> Dict[str, Any]:
    with patch_module_args(params), pytest.raises(SystemExit):
        k0s_reset.main()
    found: Dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Dict[str, Any]:
    given: Dict[str, Any] = {}
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda *_args, **_options: None)

    def this_host(params: Dict[str, Any]) -> Any:
        given.update(params)
        return None, Past("v1", "worker", True)

    def reset(_host: Any, past: Past, dry_run: bool) -> Outcome:
        given["dry_run"] = dry_run
        if given.get("grace") == 13:
            raise K0sError("k0s was not wholly taken off this host: /var/lib/k0s is still there")
        remains = (Remain("module", "vxlan", "stays until the host boots", True),)
        return Outcome((Change("folder", "/etc/k0s", "is removed"),), remains, past.version, past.role, past.running)

    monkeypatch.setattr(k0s_reset, "this_host", this_host)
    monkeypatch.setattr(k0s_reset, "reset", reset)
    return given


def test_it_tells_what_went_and_what_stays(capsys: pytest.CaptureFixture[str], asked: Dict[str, Any]) -> None:
    found = outcome(capsys)
    assert (found["changed"], found["needs_reboot"]) == (True, True)
    assert found["changes"] == [{"kind": "folder", "target": "/etc/k0s", "detail": "is removed"}]
    assert found["remains"][0]["target"] == "vxlan"
    assert found["node"] == {"running": True, "version": "v1", "role": "worker"}
    assert (asked["data_dir"], asked["dry_run"]) == ("/var/lib/k0s", False)


def test_check_mode_is_a_dry_run(capsys: pytest.CaptureFixture[str], asked: Dict[str, Any]) -> None:
    assert outcome(capsys, _ansible_check_mode=True)["changed"]
    assert asked["dry_run"] is True


def test_what_could_not_be_removed_is_the_failure(capsys: pytest.CaptureFixture[str], asked: Dict[str, Any]) -> None:
    found = outcome(capsys, grace=13)
    assert found["failed"]
    assert "/var/lib/k0s is still there" in found["msg"]
    assert asked["grace"] == 13

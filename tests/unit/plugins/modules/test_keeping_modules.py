# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""k0s_rotate and k0s_support, as Ansible calls them."""

from __future__ import annotations

import base64
import json
from types import ModuleType
from typing import Any, Dict, List

import pytest
from ansible.module_utils import basic

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.archive import items_of, unpacked
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.collect import Item
from ansible_collections.mke4k.core.plugins.modules import k0s_rotate, k0s_support
from ansible_collections.mke4k.core.tests.unit.plugins.modules.arguments import patch_module_args


def outcome(module: ModuleType, capsys: pytest.CaptureFixture[str], **params: Any) -> Dict[str, Any]:
    """What the module prints as its result."""
    with patch_module_args(params), pytest.raises(SystemExit):
        module.main()
    found: Dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture(autouse=True)
def _without_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda *_args, **_options: None)


def test_a_host_without_certificates_has_nothing_to_renew(capsys: pytest.CaptureFixture[str]) -> None:
    found = outcome(k0s_rotate, capsys, data_dir="/nonexistent/k0s")
    assert (found["changed"], found["due"], found["renewed"]) == (False, [], [])


def test_what_should_be_known_about_a_restart_is_a_warning(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: List[Any] = []
    warned: List[str] = []

    def renew(renewal: Any, _machine: Any, dry_run: bool) -> Dict[str, Any]:
        asked.append((renewal.policy.before_days, renewal.peers, dry_run))
        return {"changed": True, "due": [{}], "renewed": [], "notes": ["the API is away for a while"]}

    monkeypatch.setattr(k0s_rotate, "renew", renew)
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda _self, text: warned.append(text))
    found = outcome(k0s_rotate, capsys, before_days=60, peers=["10.0.0.2"], _ansible_check_mode=True)
    assert found["changed"]
    assert asked == [(60.0, ("10.0.0.2",), True)]
    assert warned == ["the API is away for a while"]


def test_a_renewal_that_fails_tells_why(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def renew(*_args: Any, **_options: Any) -> Dict[str, Any]:
        raise K0sError("n1 was not restarted: an etcd member is silent")

    monkeypatch.setattr(k0s_rotate, "renew", renew)
    found = outcome(k0s_rotate, capsys)
    assert found["failed"]
    assert "an etcd member is silent" in found["msg"]


def test_what_was_collected_comes_as_one_archive(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [Item("a.txt", "text"), Item("b.txt", note="there is nothing")]
    monkeypatch.setattr(k0s_support, "gathered", lambda _params: (items, {"running": True, "role": "worker"}))
    found = outcome(k0s_support, capsys)
    assert (found["changed"], found["files"], found["role"]) == (False, 1, "worker")
    assert items_of(unpacked(base64.b64decode(found["archive"]))) == items

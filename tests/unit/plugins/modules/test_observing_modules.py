# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that only look: k0s_node_info and k0s_preflight, as Ansible calls them."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any, Dict

import pytest
from ansible.module_utils import basic

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError, NotReadable
from ansible_collections.mke4k.core.plugins.modules import k0s_node_info, k0s_preflight
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


def test_info_gives_node_and_host_in_check_mode_too(capsys: pytest.CaptureFixture[str]) -> None:
    found = outcome(
        k0s_node_info, capsys, files=["/etc/passwd"], data_dir="/nonexistent/k0s", reference_time=5.5,
        _ansible_check_mode=True,
    )  # fmt: skip
    assert found["changed"] is False
    assert list(found["node"]["files"]) == ["/etc/passwd"]
    assert found["host"]["reference_time"] == 5.5


def test_info_says_that_it_needs_root(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_params: Any) -> Dict[str, Any]:
        raise NotReadable("/etc/k0s/k0s.yaml")

    monkeypatch.setattr(k0s_node_info, "look", refuse)
    found = outcome(k0s_node_info, capsys)
    assert found["failed"]
    assert "become: true" in found["msg"]
    assert found["path"] == "/etc/k0s/k0s.yaml"


def test_preflight_returns_findings_and_does_not_fail(capsys: pytest.CaptureFixture[str]) -> None:
    found = outcome(k0s_preflight, capsys, host="n1", role="worker", names=["no.such.name.invalid"])
    assert found["changed"] is False
    assert "failed" not in found
    assert [(item["name"], item["path"]) for item in found["findings"]] == [("name-unresolved", "host n1")]


def test_preflight_keeps_the_config_out_of_its_result(capsys: pytest.CaptureFixture[str]) -> None:
    with patch_module_args({"role": "controller", "config": "spec: {secret: hunter2}"}), pytest.raises(SystemExit):
        k0s_preflight.main()
    assert "hunter2" not in capsys.readouterr().out


def test_preflight_reports_what_it_could_not_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_request: Any) -> None:
        raise K0sError("no")

    monkeypatch.setattr(k0s_preflight, "probe", fail)
    assert outcome(k0s_preflight, capsys, role="worker")["msg"] == "no"

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""k0s_member, k0s_worker_api and k0s_recover, as Ansible calls them."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Dict

import pytest
import yaml
from ansible.module_utils import basic
from ansible.module_utils.testing import patch_module_args

from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.recover import RECOVER
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.run import MEMBER
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.worker_api import WORKER_API
from ansible_collections.mke4k.core.plugins.modules import k0s_member, k0s_recover, k0s_worker_api
from ansible_collections.mke4k.core.tests.unit.documented import documented_options


@pytest.fixture(autouse=True)
def _without_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda *_args, **_options: None)


def outcome(module: ModuleType, capsys: pytest.CaptureFixture[str], **params: Any) -> Dict[str, Any]:
    with patch_module_args(params), pytest.raises(SystemExit):
        module.main()
    found: Dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("module", "options"), [(k0s_member, MEMBER), (k0s_recover, RECOVER), (k0s_worker_api, WORKER_API)]
)
def test_the_documented_options_are_those_that_the_module_takes(module: Any, options: Dict[str, Any]) -> None:
    assert documented_options(module) == options
    assert yaml.safe_load(module.RETURN)
    assert yaml.safe_load(module.EXAMPLES)


def test_a_host_without_a_controller_cannot_tell_members(capsys: pytest.CaptureFixture[str]) -> None:
    found = outcome(k0s_member, capsys)
    assert found["failed"]
    assert "no controller of k0s runs on this host" in found["msg"]


def test_members_are_told_in_check_mode_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Dict[str, Any] = {}

    def carry_out(params: Any, membership: Any, records: Any, dry_run: bool) -> Dict[str, Any]:
        asked.update(state=params["state"], membership=membership, records=records, dry_run=dry_run)
        return {"changed": True, "left": []}

    monkeypatch.setattr(k0s_member, "this_controller", lambda _params: ("etcd", "api"))
    monkeypatch.setattr(k0s_member, "carry_out", carry_out)
    assert outcome(k0s_member, capsys, state="absent", members=["n2"], _ansible_check_mode=True)["changed"]
    assert asked == {"state": "absent", "membership": "etcd", "records": "api", "dry_run": True}


def this_host(folder: Path) -> Any:
    """A machine with nothing on it, whose lock is in a folder of the test."""
    clock = SimpleNamespace(now=lambda: 0.0, sleep=lambda _seconds: None)
    paths = SimpleNamespace(lock=str(folder / "lock"), systemd_running=str(folder))
    return SimpleNamespace(clock=clock, paths=paths, service=lambda _name: SimpleNamespace(manager="systemd"))


def test_a_host_without_kubelet_is_no_worker(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(k0s_worker_api, "this_machine", lambda: this_host(tmp_path))
    found = outcome(k0s_worker_api, capsys, server="https://10.0.0.2:6443", data_dir=str(tmp_path))
    assert "no worker that has joined" in found["msg"]


def test_a_worker_that_has_the_server_already_is_left_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(k0s_worker_api, "redirect", lambda _params, _machine, dry_run: {"changed": dry_run})
    assert not outcome(k0s_worker_api, capsys, server="https://10.0.0.2:6443")["changed"]


def test_a_host_without_data_cannot_be_recovered(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(k0s_recover, "this_machine", lambda: this_host(tmp_path))
    found = outcome(k0s_recover, capsys, data_dir=str(tmp_path))
    assert "there is no data of etcd on this host" in found["msg"]


def test_check_mode_says_where_the_data_would_be_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data = tmp_path / "etcd/member/snap/db"
    data.parent.mkdir(parents=True)
    data.touch()
    times = iter(range(0, 1000, 10))
    host = this_host(tmp_path)
    host.clock.now = lambda: float(next(times))
    monkeypatch.setattr(k0s_recover, "this_machine", lambda: host)
    keep = str(tmp_path / "keep")
    found = outcome(k0s_recover, capsys, data_dir=str(tmp_path), keep=keep, _ansible_check_mode=True)
    assert found["changed"]
    assert found["kept"].startswith(f"{keep}/etcd-2")
    assert found["members_before"] == []

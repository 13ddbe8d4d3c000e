# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of k0s_kubeconfig that runs on a controller, with a k0s that is a script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils import basic

from ansible_collections.mke4k.core.plugins.modules import k0s_kubeconfig


class Answer(Exception):
    """What the module exits with."""


def run(monkeypatch: pytest.MonkeyPatch, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    arguments = {"ANSIBLE_MODULE_ARGS": {**options, "_ansible_check_mode": check_mode}}
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps(arguments).encode())
    if hasattr(basic, "_ANSIBLE_PROFILE"):
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy")

    def leave(failed: bool) -> Any:
        def answer(_self: object, **result: Any) -> None:
            raise Answer({"failed": failed, **result})

        return answer

    monkeypatch.setattr(basic.AnsibleModule, "exit_json", leave(False))
    monkeypatch.setattr(basic.AnsibleModule, "fail_json", leave(True))
    with pytest.raises(Answer) as answer:
        k0s_kubeconfig.main()
    return dict(answer.value.args[0])


@pytest.fixture
def k0s(tmp_path: Path) -> Path:
    path = tmp_path / "k0s"
    path.write_text('#!/bin/sh\necho "$@"\n')
    path.chmod(0o755)
    return path


def test_k0s_is_asked(k0s: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(monkeypatch, binary_path=str(k0s), data_dir="/data/k0s")
    assert result == {"failed": False, "changed": False, "kubeconfig": "kubeconfig admin --data-dir /data/k0s\n"}


def test_a_failure_is_quoted_with_the_way_out(k0s: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    k0s.write_text("#!/bin/sh\necho 'no admin config' >&2\nexit 3\n")
    result = run(monkeypatch, binary_path=str(k0s))
    assert result["failed"]
    assert "exit code 3: no admin config. It needs root on a controller" in result["msg"]


def test_no_k0s_is_a_mistake_but_not_in_check_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binary = str(tmp_path / "none")
    assert "There is no k0s at" in run(monkeypatch, binary_path=binary)["msg"]
    assert run(monkeypatch, check_mode=True, binary_path=binary) == {
        "failed": False,
        "changed": False,
        "kubeconfig": "",
    }


def test_check_mode_reads_a_controller_that_is_there(
    k0s: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pki").mkdir()
    (tmp_path / "pki" / "ca.crt").touch()
    result = run(monkeypatch, check_mode=True, binary_path=str(k0s), data_dir=str(tmp_path))
    assert result["kubeconfig"].startswith("kubeconfig admin")

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environments are made once, from what is there."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.tools import prepare
from tests.tools.pip_bootstrap import write_pip_conf
from tests.tools.prepare import (
    PrepareError,
    find_python,
    fingerprint,
    local_python,
    uv_environment,
    version_of,
    wanted_cores,
)


def test_two_cores_are_wanted_unless_some_are_named() -> None:
    assert wanted_cores({}) == ["2.21", "2.19"]
    assert wanted_cores({"MKE4K_CORES": "all"}) == ["2.21", "2.20", "2.19", "2.18"]
    assert wanted_cores({"MKE4K_CORES": "2.19,2.21"}) == ["2.19", "2.21"]
    with pytest.raises(PrepareError, match=r"names 2\.9;"):
        wanted_cores({"MKE4K_CORES": "2.9"})


def test_a_change_in_an_included_file_is_a_change(tmp_path: Path) -> None:
    (tmp_path / "common.txt").write_text("pytest\n")
    outer = tmp_path / "core.txt"
    outer.write_text("-r common.txt\n")
    before = fingerprint(outer)
    (tmp_path / "common.txt").write_text("pytest==9\n")
    assert fingerprint(outer) != before


def test_a_shim_that_runs_nothing_is_no_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\necho 'command not found' >&2\nexit 127\n")
    shim.chmod(shim.stat().st_mode | stat.S_IXUSR)
    assert version_of(str(shim)) == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "none"))
    assert local_python("3.12") == ""


def test_a_core_without_its_python_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\necho 'no network' >&2\nexit 1\n")
    uv.chmod(0o755)
    monkeypatch.setattr(prepare, "find_uv", lambda: str(uv))
    monkeypatch.setattr(prepare, "local_python", lambda version: "")
    with pytest.raises(PrepareError, match=r"(?s)3\.12 or 3\.13.*no network.*MKE4K_CORES=2\.20, 2\.19, 2\.18"):
        find_python("2.21")


def test_pip_finds_what_the_environment_says(tmp_path: Path) -> None:
    own = tmp_path / "home" / ".config" / "pip" / "pip.conf"
    own.parent.mkdir(parents=True)
    own.write_text("[global]\ntimeout = 5\n")
    target = tmp_path / "made" / "pip.conf"
    write_pip_conf(target, {"HOME": str(tmp_path / "home"), "PIP_INDEX_URL": "https://index.example/simple"})
    text = target.read_text()
    assert "timeout = 5" in text
    assert "index-url = https://index.example/simple" in text
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_uv_trusts_what_the_machine_trusts_and_uses_pips_index() -> None:
    made = uv_environment({"PIP_INDEX_URL": "https://index.example/simple"})
    assert made["UV_SYSTEM_CERTS"] == "true"
    assert made["UV_DEFAULT_INDEX"] == "https://index.example/simple"
    assert uv_environment({"UV_DEFAULT_INDEX": "https://own.example"})["UV_DEFAULT_INDEX"] == "https://own.example"

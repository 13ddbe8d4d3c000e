# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The toolchain is checked before it is unpacked."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.tools import go_toolchain
from tests.tools.go_toolchain import ToolchainError, fetch, module_sum, proxies, unpack

NAME = "golang.org/toolchain@v0.0.1-go1.25.4.linux-amd64"


@pytest.fixture(name="module")
def _module(tmp_path: Path) -> Path:
    folder = tmp_path / "golang.org" / "toolchain" / "@v"
    folder.mkdir(parents=True)
    archive = folder / f"v0.0.1-go{go_toolchain.VERSION}.linux-amd64.zip"
    with zipfile.ZipFile(archive, "w") as module:
        module.writestr(f"{NAME}/bin/go", "program")
        module.writestr(f"{NAME}/LICENSE", "text")
    return archive


def test_programs_are_executable_after_unpacking(module: Path, tmp_path: Path) -> None:
    unpack(module, tmp_path / "go")
    assert (tmp_path / "go" / "bin" / "go").stat().st_mode & 0o111
    assert not (tmp_path / "go" / "LICENSE").stat().st_mode & 0o111


def test_a_toolchain_with_another_sum_is_refused(module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(go_toolchain, "proxies", lambda environment: [tmp_path.as_uri()])
    with pytest.raises(ToolchainError, match="the sum of the module is wrong"):
        fetch("amd64", {}, tmp_path / "fetched.zip")
    monkeypatch.setitem(go_toolchain.SUMS, "amd64", module_sum(module))
    fetch("amd64", {}, tmp_path / "fetched.zip")
    assert (tmp_path / "fetched.zip").read_bytes() == module.read_bytes()


@pytest.mark.parametrize(
    ("named", "used"),
    [
        ("", ["https://proxy.golang.org"]),
        ("https://a.example/go/,direct", ["https://a.example/go"]),
        ("https://a.example|http://b.example,off", ["https://a.example", "http://b.example"]),
        ("direct", []),
    ],
)
def test_proxies_are_those_of_goproxy(named: str, used: list[str]) -> None:
    assert proxies({"GOPROXY": named}) == used

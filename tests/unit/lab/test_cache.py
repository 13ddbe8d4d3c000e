# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is built once: keys, pins and half-done work."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.lab.mke4k_lab import golang, tools
from tests.lab.mke4k_lab.errors import LabError
from tests.lab.mke4k_lab.files import building, sha256_of_folder, write_atomically
from tests.lab.mke4k_lab.paths import lab_paths
from tests.lab.mke4k_lab.root import recipe_key


def test_a_build_that_was_killed_leaves_nothing_under_the_name(tmp_path: Path) -> None:
    target = tmp_path / "tool"
    with pytest.raises(KeyboardInterrupt):
        build_and_break_off(target)
    assert not target.exists()
    with building(target) as work:
        assert not work.exists()
        work.write_text("whole", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "whole"


def build_and_break_off(target: Path) -> None:
    with building(target) as work:
        work.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt


def test_a_digest_of_a_folder_changes_with_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1", encoding="utf-8")
    first = sha256_of_folder(tmp_path)
    (tmp_path / "a").write_text("2", encoding="utf-8")
    second = sha256_of_folder(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({first, second, sha256_of_folder(tmp_path)}) == 3


def test_another_key_or_another_file_means_another_root() -> None:
    keys = {recipe_key("tree", "key"), recipe_key("other tree", "key"), recipe_key("tree", "other key")}
    assert len(keys) == 3


def test_a_file_is_replaced_whole_and_with_its_mode(tmp_path: Path) -> None:
    write_atomically(tmp_path / "sub" / "file", "one", 0o600)
    write_atomically(tmp_path / "sub" / "file", "two", 0o600)
    assert [path.name for path in (tmp_path / "sub").iterdir()] == ["file"]
    assert (tmp_path / "sub" / "file").stat().st_mode & 0o777 == 0o600


def test_every_component_is_pinned_by_its_go_mod() -> None:
    for component in (tools.kubernetes_for("v1.33.13+k0s.0"), tools.ETCD, tools.CONTAINERD):
        assert tools.pinned_version(component).startswith("v")


@pytest.mark.parametrize("version", ["v1.29.3+k0s.0", "v1.32.13+k0s.0", "v1.33.0+k0s.0"])
def test_a_k0s_without_a_kubernetes_of_its_own_gets_the_next_newer(version: str) -> None:
    assert tools.pinned_version(tools.kubernetes_for(version)).startswith("v1.33.")


def test_a_k0s_newer_than_every_pin_gets_the_newest() -> None:
    newest = tools.pinned_version(tools.kubernetes_for("v1.99.0+k0s.0"))
    assert tools.minor_of(newest) >= 33


@pytest.mark.parametrize("name", ["", "A", "a_b", "-a", "a-", "a" * 25, "a/../b"])
def test_a_name_that_is_no_safe_folder_is_refused(name: str) -> None:
    with pytest.raises(LabError, match="not usable"):
        lab_paths(name)


def test_each_name_has_its_own_folder_and_shares_the_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MKE4K_LAB_CACHE", str(tmp_path))
    one, two = lab_paths("one"), lab_paths("two")
    assert one.run == tmp_path / "run" / "one"
    assert one.run != two.run
    assert one.ssh_key == two.ssh_key == tmp_path / "ssh" / "id_ed25519"


def test_the_version_of_go_is_read_from_what_it_tells() -> None:
    assert golang.parse_version("go version go1.24.13 linux/amd64") == (1, 24)
    with pytest.raises(LabError, match="no version such as go1"):
        golang.parse_version("devel +abc")


def test_an_old_go_brings_a_newer_one_as_a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "module"
    (module / "bin").mkdir(parents=True)
    (module / "bin" / "go").write_text("#!/bin/sh\n", encoding="utf-8")
    (module / "bin" / "go").chmod(0o444)
    old = tmp_path / "old" / "go"
    old.parent.mkdir()
    answer = json.dumps({"Dir": str(module)})
    old.write_text(f"#!/bin/sh\n[ $1 = version ] && echo go version go1.19.8 || echo '{answer}'\n", encoding="utf-8")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{old.parent}:/usr/bin:/bin")
    found = golang.program(tmp_path)
    assert found == str(tmp_path / "go" / golang.TOOLCHAIN / "bin" / "go")
    assert os.access(found, os.X_OK)

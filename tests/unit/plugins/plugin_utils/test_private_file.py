# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that only their owner may read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.plugin_utils._private_file import (
    hindrance,
    is_private,
    read_private,
    write_private,
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_missing_folders_are_made_for_the_owner_and_others_stay(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    path = tmp_path / "a" / "b" / "file"
    write_private(str(path), "text")
    assert read_private(str(path)) == "text"
    assert [mode(item) for item in (path, path.parent, path.parent.parent, tmp_path)] == [0o600, 0o700, 0o700, 0o755]
    assert is_private(str(path))


def test_a_file_is_replaced_in_one_step_and_a_link_is_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o644)
    link.symlink_to(target)
    with target.open() as before:
        write_private(str(link), "new")
        assert before.read() == "old"
    assert link.is_symlink()
    assert (target.read_text(), mode(target)) == ("new", 0o600)


def test_nothing_is_left_behind_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="No space"):
        write_private(str(tmp_path / "file"), "text")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_empty_and_not_private(tmp_path: Path) -> None:
    assert read_private(str(tmp_path / "none")) == ""
    assert not is_private(str(tmp_path / "none"))


def test_hindrances_are_seen_before_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    assert hindrance(str(tmp_path / "new" / "folder" / "x")) == ""
    assert "it is a folder" in hindrance(str(tmp_path))
    assert "is not a folder" in hindrance(str(tmp_path / "file" / "x"))
    monkeypatch.setattr(os, "access", lambda *_arguments: False)
    assert f"no permission to write in {tmp_path}" in hindrance(str(tmp_path / "new" / "x"))

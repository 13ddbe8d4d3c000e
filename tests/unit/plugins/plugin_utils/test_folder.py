# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.plugin_utils._folder import make_files, remove_files


def test_files_are_written_where_they_differ(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "children"
    first = make_files(str(folder), {"a.yaml": "one\n", "b.yaml": "two\n"}, dry_run=False)
    assert [item.changed for item in first] == [True, True]
    again = make_files(str(folder), {"a.yaml": "one\n", "b.yaml": "three\n"}, dry_run=False)
    assert [item.changed for item in again] == [False, True]
    assert again[1].diff()["before"] == "two\n"
    assert sorted(path.name for path in folder.iterdir()) == ["a.yaml", "b.yaml"]


def test_check_mode_writes_nothing(tmp_path: Path) -> None:
    assert make_files(str(tmp_path / "x"), {"a.yaml": "one\n"}, dry_run=True)[0].changed
    assert not (tmp_path / "x").exists()


def test_files_are_removed_once(tmp_path: Path) -> None:
    make_files(str(tmp_path), {"a.yaml": "one\n"}, dry_run=False)
    assert remove_files(str(tmp_path), ["a.yaml"], dry_run=True)[0].changed
    assert remove_files(str(tmp_path), ["a.yaml"], dry_run=False)[0].changed
    assert not remove_files(str(tmp_path), ["a.yaml"], dry_run=False)[0].changed
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(AnsibleError, match="could not be written on the control node"):
        make_files(str(tmp_path / "x"), {"a.yaml": "one\n"}, dry_run=False)

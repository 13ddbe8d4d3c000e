# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command, files, users
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeHost


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_gets_its_content_and_mode_and_its_folders_theirs(tmp_path: Path) -> None:
    path = tmp_path / "var" / "lib" / "k0s" / "pki" / "ca.crt"
    before = os.umask(0o077)
    try:
        files.write(str(path), "text", "0640")
    finally:
        os.umask(before)
    assert path.read_text() == "text"
    assert mode_of(path) == 0o640
    assert mode_of(path.parent) == 0o751
    assert mode_of(path.parent.parent) == 0o755
    assert os.listdir(path.parent) == ["ca.crt"]


def test_a_file_with_the_right_content_keeps_its_inode_and_gets_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("same")
    path.chmod(0o644)
    inode = path.stat().st_ino
    files.write(str(path), "same", "0600")
    assert (path.stat().st_ino, mode_of(path)) == (inode, 0o600)


def test_a_reader_of_the_old_file_is_not_disturbed(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("old")
    with path.open() as reader:
        files.write(str(path), "new")
        assert reader.read() == "old"
    assert path.read_text() == "new"


def test_a_secret_is_never_readable_for_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    original = files.set_access

    def look(path: str, mode: str, owner: str, group: str) -> None:
        seen.append(mode_of(Path(path)))
        original(path, mode, owner, group)

    monkeypatch.setattr(files, "set_access", look)
    files.write(str(tmp_path / "f"), "secret", "0600")
    assert seen == [0o600]


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f"
    path.write_text("old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(K0sError, match="f could not be written: No space left on device"):
        files.write(str(path), "new")
    assert os.listdir(tmp_path) == ["f"]
    assert path.read_text() == "old"


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    with pytest.raises(K0sError, match="f could not be written: Is a directory"):
        files.write(str(tmp_path / "f"), "new")
    with pytest.raises(K0sError, match="it is a folder"):
        files.replace(str(tmp_path / "x"), str(tmp_path / "f"))


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("")
    with pytest.raises(K0sError, match="f could not be made: it is there and is no folder"):
        files.write(str(tmp_path / "f" / "g"), "new")


def test_a_folder_is_made_or_only_corrected(tmp_path: Path) -> None:
    path = tmp_path / "var" / "log" / "audit"
    files.make_folder(str(path), "0700", "root", "root")
    assert (mode_of(path), mode_of(path.parent)) == (0o700, 0o755)
    (path / "log").write_text("kept")
    files.make_folder(str(path), "0750", "root", "root")
    assert mode_of(path) == 0o750
    assert (path / "log").read_text() == "kept"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(path: str, mode: int = 0) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "mkdir", read_only)
    with pytest.raises(K0sError, match="d could not be made: Read-only file system"):
        files.write(str(tmp_path / "d" / "f"), "x")
    monkeypatch.setattr(os, "chmod", read_only)
    with pytest.raises(K0sError, match="could not be set up: Read-only file system"):
        files.make_folder(str(tmp_path), "0111", "root", "root")


def test_removing_says_whether_there_was_something(tmp_path: Path) -> None:
    (tmp_path / "d" / "e").mkdir(parents=True)
    (tmp_path / "d" / "f").write_text("")
    assert files.remove(str(tmp_path / "d"))
    assert not files.remove(str(tmp_path / "d"))


def test_what_cannot_be_removed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(path: str) -> None:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(os, "unlink", busy)
    (tmp_path / "f").write_text("")
    with pytest.raises(K0sError, match="f could not be removed: Device or resource busy"):
        files.remove(str(tmp_path / "f"))


def test_a_mount_point_is_emptied(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "f").write_text("")
    files.remove_below(str(tmp_path))
    assert os.listdir(tmp_path) == []


def test_a_missing_owner_is_made_as_k0s_does_it(host: FakeHost) -> None:
    users.ensure_owner("kube-apiserver-of-a-test", "kube-apiserver-of-a-test", "/var/lib/k0s")
    assert host.called("useradd")[0][1:3] == ["--home", "/var/lib/k0s"]
    assert host.called("useradd")[0][-3:] == ["--system", "--no-create-home", "kube-apiserver-of-a-test"]
    assert host.called("groupadd") == [["groupadd", "--system", "kube-apiserver-of-a-test"]]


def test_an_existing_owner_is_left_alone(host: FakeHost) -> None:
    users.ensure_owner("root", "0", "/var/lib/k0s")
    assert host.calls == []


def test_a_new_user_joins_the_group_of_its_name(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "group_exists", lambda name: True)
    users.ensure_owner("of-a-test", "of-a-test", "/")
    assert host.calls[0][-3:] == ["--gid", "of-a-test", "of-a-test"]


def test_busybox_has_its_own_programs(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    (host.bin / "useradd").rename(host.bin / "adduser")
    (host.bin / "groupadd").rename(host.bin / "addgroup")
    monkeypatch.setattr(command, "find", lambda name: None)
    monkeypatch.setattr(os.path, "exists", lambda path: False)
    users.ensure_owner("of-a-test", "of-a-test", "/var/lib/k0s")
    assert host.calls[0] == ["adduser", "-S", "-D", "-H", "-h", "/var/lib/k0s", "-s", "/bin/false", "of-a-test"]
    assert host.calls[1] == ["addgroup", "-S", "of-a-test"]


def test_owners_are_found_by_name_and_number(tmp_path: Path) -> None:
    assert (users.user_id("root"), users.user_id("12"), users.group_id("root"), users.group_id("7")) == (0, 12, 0, 7)
    with pytest.raises(K0sError, match="the user nobody-has-this-name does not exist"):
        users.user_id("nobody-has-this-name")
    with pytest.raises(K0sError, match="the group nobody-has-this-name does not exist"):
        users.group_id("nobody-has-this-name")

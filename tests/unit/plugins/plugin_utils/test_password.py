# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import stat
from pathlib import Path

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.plugin_utils import _password
from ansible_collections.mke4k.core.plugins.plugin_utils._password import ALPHABET, bcrypt_hash, generated, kept_in


def test_a_generated_password_is_long_random_and_easy_to_type() -> None:
    first, second = generated(), generated()
    assert first.made
    assert first.text != second.text
    assert len(first.text) == 24
    assert set(first.text) <= set(ALPHABET)
    assert not set("0O1lI") & set(ALPHABET)


def test_a_password_is_not_shown_when_it_is_printed() -> None:
    password = generated()
    assert password.text not in repr(password)


def test_a_new_password_is_written_for_its_owner_alone_and_read_by_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "new" / "admin"
    made = kept_in(str(path), write=True)
    assert made.made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = kept_in(str(path), write=True)
    assert (again.text, again.made) == (made.text, False)


def test_check_mode_writes_nothing(tmp_path: Path) -> None:
    assert kept_in(str(tmp_path / "admin"), write=False).made
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_cannot_be_written_is_told_before_anything_is_changed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AnsibleError, match=r"file is not a folder.*Nothing was changed"):
        kept_in(str(tmp_path / "file" / "admin"), write=True)


def test_a_path_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match="could not be read"):
        kept_in(str(tmp_path), write=True)


def test_the_hash_is_of_a_kind_that_dex_takes() -> None:
    found = bcrypt_hash("pässword")
    assert found.startswith(("$2b$12$", "$2a$12$", "$2y$12$"))
    assert len(found) == 60


def test_a_password_that_bcrypt_would_cut_off_is_refused() -> None:
    with pytest.raises(AnsibleError, match="has 73 bytes"):
        bcrypt_hash("x" * 73)


def test_a_control_node_that_cannot_hash_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_keywords: object) -> str:
        raise AnsibleError("passlib must be installed")

    monkeypatch.setattr(_password, "bcrypt", None)
    monkeypatch.setattr(_password, "do_encrypt", fail)
    with pytest.raises(AnsibleError, match=r"Install the Python package bcrypt.*password_hash"):
        bcrypt_hash("x")


def test_without_the_package_ansibles_own_hash_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_password, "bcrypt", None)
    monkeypatch.setattr(_password, "do_encrypt", lambda text, kind, **rest: f"{text} {kind} {rest['ident']}")
    assert bcrypt_hash("x") == "x bcrypt 2b"

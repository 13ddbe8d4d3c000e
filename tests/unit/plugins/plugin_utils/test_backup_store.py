# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups in a folder of the control node. tests/integration/aws has those in S3."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.plugin_utils._backup_store import Folder, Store, sha256_and_size, store_of

MANIFEST = {"format": 1, "name": "a", "cluster": "mke", "created": "2026-11-21T12:00:00Z", "archive": {"file": "a.tar"}}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_of(str(tmp_path / "backups"), {}, {})


def keep(store: Store, name: str = "a.tar", content: bytes = b"backup") -> str:
    draft = store.draft(name, "/nowhere")
    Path(draft).write_bytes(content)
    return store.keep(draft, name)


def test_a_file_is_seen_when_it_is_whole(store: Store, tmp_path: Path) -> None:
    draft = store.draft("a.tar", "/nowhere")
    Path(draft).write_bytes(b"half")
    store.write("a.json", json.dumps(MANIFEST))
    assert not (tmp_path / "backups" / "a.tar").exists()
    assert keep(store) == str(tmp_path / "backups" / "a.tar")
    assert Path(store.local("a.tar", "/nowhere")).read_bytes() == b"backup"
    assert sorted(item.name for item in (tmp_path / "backups").iterdir()) == ["a.json", "a.tar"]


def test_nobody_else_can_enter_or_read(store: Store, tmp_path: Path) -> None:
    keep(store)
    store.write("a.json", "{}")
    assert stat.S_IMODE((tmp_path / "backups").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "backups" / "a.json").stat().st_mode) == 0o600


def test_files_of_others_are_no_backups(store: Store, tmp_path: Path) -> None:
    assert store.manifests() == []
    keep(store)
    store.write("a.json", json.dumps(MANIFEST))
    store.write("package.json", '{"name": "x"}')
    store.write("broken.json", "{")
    (tmp_path / "backups" / ".hidden.json").write_text(json.dumps(MANIFEST))
    assert store.manifests() == [MANIFEST]


def test_what_is_removed_is_gone_and_may_be_gone_already(store: Store) -> None:
    path = keep(store)
    store.remove("a.tar")
    store.remove("a.tar")
    assert not Path(path).exists()


def test_a_place_that_cannot_be_written_is_told_before_the_backup(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(K0sError, match=r"no backup can be written to .*file"):
        Folder(str(tmp_path / "file")).check()
    Folder(str(tmp_path / "new" / "deep")).check()
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("where", ["s3://", "s3:///prefix"])
def test_a_bucket_has_a_name(where: str) -> None:
    with pytest.raises(K0sError, match="names no bucket"):
        store_of(where, {}, {})


def test_the_home_of_the_user_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert store_of("~/backups", {}, {}).where == str(tmp_path / "backups")


def test_digest_and_size(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"")
    assert sha256_and_size(str(path))[1] == 0
    assert sha256_and_size(str(path))[0].startswith("e3b0c442")

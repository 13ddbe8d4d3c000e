# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup on the controller, with a k0s that makes archives and a real status socket."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any, Dict, Iterator, Optional, Tuple

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup import make
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.bundle import part_of, read_bundle
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.make import (
    BackupRequest,
    make_backup,
    remove_backup,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.backup.archives import (
    WHOLE,
    fake_k0s,
    pack,
    without,
)

RUNNING: Dict[str, Any] = {
    "Version": "v1.33.13+k0s.0",
    "Role": "controller",
    "Pid": 0,
    "ClusterConfig": {"spec": {"storage": {"type": "etcd", "etcd": {"peerAddress": "10.77.0.11"}}}},
}


class Keys:
    """Stands for etcd."""

    def revision(self) -> int:
        return 120

    def at(self, _revision: int) -> Iterator[Tuple[str, int]]:
        return iter([("/registry/secrets/shop/s", 7)])


@pytest.fixture
def controller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dict[str, Any]:
    """The status that k0s tells; changes of it count."""
    status = json.loads(json.dumps(RUNNING))
    monkeypatch.setattr(make, "read_status", lambda *_path: status or None)
    monkeypatch.setattr(make, "EtcdKeys", lambda _etcd: Keys())
    (tmp_path / "encryption.cfg").write_text("kind: EncryptionConfiguration\n")
    (tmp_path / "data" / "images").mkdir(parents=True)
    (tmp_path / "data" / "images" / "a.tar").write_bytes(b"x" * 10)
    return {"status": status}


def request(tmp_path: Path, content: Optional[Dict[str, bytes]] = None, **values: Any) -> BackupRequest:
    archive = pack(tmp_path / "archive.tar.gz", WHOLE if content is None else content)
    given = {
        "name": "first",
        "folder": str(tmp_path / "made"),
        "binary": str(fake_k0s(tmp_path, archive)),
        "data_dir": str(tmp_path / "data"),
        "about": {"cluster": "mke", "release": "v4.1.2"},
        "documents": {"mke4.yaml": "kind: MkeConfig\n"},
        "files": (str(tmp_path / "encryption.cfg"),),
    }
    return BackupRequest(**{**given, **values})


def test_the_backup_holds_what_k0s_leaves_out(tmp_path: Path, controller: Dict[str, Any]) -> None:
    made = make_backup(request(tmp_path))
    folder = tmp_path / "opened"
    folder.mkdir()
    manifest = read_bundle(made.path, str(folder))
    assert manifest == json.loads(json.dumps(made.manifest))
    assert (manifest["cluster"], manifest["k0s_version"]) == ("mke", "v1.33.13+k0s.0")
    assert (manifest["census"]["revision"], manifest["census"]["kinds"]) == (120, {"secrets": 1})
    assert "pki/ca.key" in manifest["contents"]
    key = Path(part_of(str(folder), f"files{tmp_path}/encryption.cfg"))
    assert key.read_text() == "kind: EncryptionConfiguration\n"
    assert (folder / "documents" / "mke4.yaml").read_text() == "kind: MkeConfig\n"
    assert (folder / "k0s.tar.gz").read_bytes() == (tmp_path / "archive.tar.gz").read_bytes()


def test_nobody_else_can_read_it_at_any_time(tmp_path: Path, controller: Dict[str, Any]) -> None:
    made = make_backup(request(tmp_path))
    folder = tmp_path / "made"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(Path(made.path).stat().st_mode) == 0o600
    assert [item.name for item in folder.iterdir()] == ["first.tar"]
    # k0s' own temporary files are made in the same folder.
    assert f"TMPDIR={folder}" in (tmp_path / "environment").read_text().splitlines()


def test_what_an_earlier_run_left_is_replaced(tmp_path: Path, controller: Dict[str, Any]) -> None:
    (tmp_path / "made").mkdir(mode=0o755)
    (tmp_path / "made" / "k0s_backup_old.tar.gz").write_bytes(b"old")
    assert make_backup(request(tmp_path)).size > 0


def test_a_backup_that_cannot_be_used_is_not_kept(tmp_path: Path, controller: Dict[str, Any]) -> None:
    with pytest.raises(K0sError, match=r"lacks pki/sa\.key"):
        make_backup(request(tmp_path, without("pki/sa.key")))
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ({"Role": "worker"}, "this host is a worker"),
        ({"ClusterConfig": {"spec": {"storage": {"type": "kine"}}}}, "but in sqlite"),
        (
            {"ClusterConfig": {"spec": {"storage": {"type": "kine", "kine": {"dataSource": "mysql://db/k0s"}}}}},
            "but in mysql",
        ),
        (
            {"ClusterConfig": {"spec": {"storage": {"type": "etcd", "etcd": {"externalCluster": {"ca": "x"}}}}}},
            "an external etcd",
        ),
    ],
)
def test_what_k0s_cannot_back_up_is_refused(
    tmp_path: Path, controller: Dict[str, Any], status: Dict[str, Any], message: str
) -> None:
    controller["status"].update(status)
    with pytest.raises(K0sError, match=f"no backup was made: .*{message}"):
        make_backup(request(tmp_path))


def test_a_host_without_k0s_has_nothing_to_back_up(tmp_path: Path, controller: Dict[str, Any]) -> None:
    controller["status"].clear()
    with pytest.raises(K0sError, match="k0s does not run on this host"):
        make_backup(request(tmp_path))


def test_a_missing_key_of_secrets_is_told(tmp_path: Path, controller: Dict[str, Any]) -> None:
    with pytest.raises(K0sError, match=r"gone\.cfg is missing on this host"):
        make_backup(request(tmp_path, files=(str(tmp_path / "gone.cfg"),)))


def test_a_full_disk_is_told_before_k0s_starts(
    tmp_path: Path, controller: Dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make, "SPARE_BYTES", 1 << 60)
    with pytest.raises(K0sError, match="MiB free"):
        make_backup(request(tmp_path))
    assert not (tmp_path / "environment").exists()


def test_a_k0s_that_leaves_nothing_is_told(tmp_path: Path, controller: Dict[str, Any]) -> None:
    asked = request(tmp_path)
    Path(asked.binary).write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(K0sError, match="left 0 archives"):
        make_backup(asked)


def test_the_backup_is_taken_from_the_host(tmp_path: Path, controller: Dict[str, Any]) -> None:
    folder = str(tmp_path / "made")
    make_backup(request(tmp_path))
    assert remove_backup(folder, dry_run=True) == [folder]
    assert remove_backup(folder) == [folder]
    assert remove_backup(folder) == []

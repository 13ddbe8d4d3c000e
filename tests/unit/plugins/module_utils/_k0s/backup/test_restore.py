# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup comes to a host, whatever an earlier run left there."""

from __future__ import annotations

import getpass
import grp
import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Optional

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup import restore
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.bundle import write_bundle
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.restore import (
    RestoreRequest,
    is_restored,
    restore_backup,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.backup.archives import (
    WHOLE,
    fake_k0s,
    pack,
    unpack,
    without,
)

SECRET = "kind: EncryptionConfiguration\n"
VERSION = "v1.33.13+k0s.0"


@pytest.fixture(autouse=True)
def running(monkeypatch: pytest.MonkeyPatch) -> Dict[str, Any]:
    status: Dict[str, Any] = {}
    monkeypatch.setattr(restore, "read_status", lambda _path: status or None)
    return status


def bundle(tmp_path: Path, files: Optional[Dict[str, bytes]] = None, **values: Any) -> Path:
    archive = pack(tmp_path / "k0s.tar.gz", WHOLE if files is None else files)
    secret = tmp_path / "of-the-old-host.cfg"
    secret.write_text(SECRET)
    kept = str(tmp_path / "data" / "encryption.cfg")
    manifest = {
        "format": 1,
        "k0s_version": VERSION,
        "created": "2026-11-21T12:00:00Z",
        "files": [{"path": kept, "sha256": hashlib.sha256(SECRET.encode()).hexdigest()}],
        **values,
    }
    path = tmp_path / "backup.tar"
    write_bundle(str(path), manifest, {"k0s.tar.gz": str(archive), f"files{kept}": str(secret)}, {})
    return path


def request(tmp_path: Path, archive: Path, version: str = VERSION) -> RestoreRequest:
    (tmp_path / "k0s.yaml").write_text("peerAddress: 10.77.0.13")
    owner = {"owner": getpass.getuser(), "group": grp.getgrgid(os.getgid()).gr_name}
    return RestoreRequest(
        archive=str(archive),
        sha256=hashlib.sha256(archive.read_bytes()).hexdigest(),
        folder=str(tmp_path / "work"),
        binary=str(fake_k0s(tmp_path, archive, version)),
        config=str(tmp_path / "k0s.yaml"),
        data_dir=str(tmp_path / "data"),
        files=({"path": str(tmp_path / "data" / "encryption.cfg"), "mode": "0600", **owner},),
    )


def test_a_new_host_gets_the_cluster_and_the_key_of_its_secrets(tmp_path: Path) -> None:
    asked = request(tmp_path, bundle(tmp_path))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "encryption.cfg").write_text("made for a new cluster")
    done = restore_backup(asked)
    assert done[0] == f"the cluster's data of 2026-11-21T12:00:00Z are in {tmp_path}/data"
    assert (tmp_path / "data" / "encryption.cfg").read_text() == SECRET
    given = unpack(tmp_path / "restored.tar.gz")
    assert given["k0s.yaml"] == b"peerAddress: 10.77.0.13"
    assert "pki/etcd/peer.key" not in given
    assert not (tmp_path / "work").exists()


def test_a_second_run_changes_nothing(tmp_path: Path, running: Dict[str, Any]) -> None:
    asked = request(tmp_path, bundle(tmp_path))
    assert restore_backup(asked)
    running["Version"] = VERSION
    assert is_restored(asked)
    assert restore_backup(asked) == []


def test_a_run_that_was_ended_in_the_middle_is_done_again(tmp_path: Path) -> None:
    asked = request(tmp_path, bundle(tmp_path))
    half = tmp_path / "data" / "etcd" / "member" / "snap"
    half.mkdir(parents=True)
    (half / "db").write_text("half")
    Path(asked.mark).write_text(json.dumps({"sha256": asked.sha256, "state": "begun"}))
    assert restore_backup(asked)
    assert (half / "db").read_text() == "db\n"


def test_check_mode_changes_nothing(tmp_path: Path) -> None:
    asked = request(tmp_path, bundle(tmp_path))
    assert restore_backup(asked, dry_run=True) == [f"the cluster's data are restored to {tmp_path}/data"]
    assert not (tmp_path / "data").exists()


def test_a_running_k0s_is_left_alone(tmp_path: Path, running: Dict[str, Any]) -> None:
    running["Version"] = VERSION
    with pytest.raises(K0sError, match="k0s runs on this host"):
        restore_backup(request(tmp_path, bundle(tmp_path)))


@pytest.mark.parametrize("mark", ["", "no json", "[]"])
def test_the_data_of_another_cluster_are_left_alone(tmp_path: Path, mark: str) -> None:
    asked = request(tmp_path, bundle(tmp_path))
    database = tmp_path / "data" / "etcd" / "member" / "snap" / "db"
    database.parent.mkdir(parents=True)
    database.write_text("of others")
    Path(asked.mark).write_text(mark)
    with pytest.raises(K0sError, match="Reset the host first"):
        restore_backup(asked)
    assert database.read_text() == "of others"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sha256": "0" * 64}, "was expected"),
        ({"config": "/nowhere/k0s.yaml"}, "Prepare the host first"),
        ({"files": ({"path": "/etc/other.cfg"},)}, "the backup has no whole /etc/other.cfg"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, change: Dict[str, Any], message: str) -> None:
    with pytest.raises(K0sError, match=message):
        restore_backup(replace(request(tmp_path, bundle(tmp_path)), **change))
    assert not (tmp_path / "work").exists()


def test_another_version_of_k0s_is_refused(tmp_path: Path) -> None:
    with pytest.raises(K0sError, match="Restore with the same version"):
        restore_backup(request(tmp_path, bundle(tmp_path), version="v1.34.4+k0s.0"))


def test_half_a_backup_is_refused_before_anything_is_changed(tmp_path: Path) -> None:
    asked = request(tmp_path, bundle(tmp_path, without("pki/ca.key")))
    with pytest.raises(K0sError, match=r"lacks pki/ca\.key"):
        restore_backup(asked)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("content", "message"), [(b"no tar", "no backup that this collection made"), (b"", "no backup")]
)
def test_another_file_is_no_backup(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "other.tar"
    path.write_bytes(content)
    with pytest.raises(K0sError, match=message):
        restore_backup(request(tmp_path, path))


def test_a_later_format_is_told(tmp_path: Path) -> None:
    with pytest.raises(K0sError, match="has the format 2"):
        restore_backup(request(tmp_path, bundle(tmp_path, format=2)))


def test_a_k0s_that_restores_nothing_is_told(tmp_path: Path) -> None:
    asked = request(tmp_path, bundle(tmp_path))
    Path(asked.binary).write_text(f"#!/bin/sh\n[ $1 = version ] && echo {VERSION}\nexit 0\n")
    with pytest.raises(K0sError, match="has no database"):
        restore_backup(asked)
    assert not is_restored(asked)

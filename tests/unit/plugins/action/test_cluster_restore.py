# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which backup is meant, whether it is whole, and that it may go to these hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError

from .backups import CONTENT, SHA256, backup, restore


@pytest.fixture
def dest(tmp_path: Path) -> str:
    folder = str(tmp_path / "backups")
    backup(tmp_path, dest=folder, name="first")
    return folder


@pytest.mark.parametrize("src", ["", "/first.tar", "/first.json"])
def test_a_backup_is_found_by_its_file_its_manifest_or_its_folder(tmp_path: Path, dest: str, src: str) -> None:
    host, result = restore(tmp_path, src=dest + src, state="checked")
    assert (result["archive"], result["changed"], result["restored"]) == (f"{dest}/first.tar", False, False)
    assert result["findings"] == []
    assert [item["kind"] for item in result["former_objects"]] == ["Lease"]
    assert [call["state"] for call in host.modules] == ["shown"]
    assert host.modules[0]["sha256"] == SHA256


def test_it_comes_to_the_host_as_it_was_made(tmp_path: Path, dest: str) -> None:
    host, result = restore(tmp_path, src=dest)
    assert host.uploaded == [CONTENT]
    call = host.modules[-1]
    assert (call["state"], call["archive"], call["sha256"]) == ("restored", "/tmp/of-ansible/backup.tar", SHA256)
    assert call["files"] == [
        {"path": "/var/lib/k0s/encryption.cfg", "mode": "0600", "owner": "kube-apiserver", "group": "root"}
    ]
    assert (result["changed"], result["changes"]) == (True, ["the cluster's data are there"])


def test_an_encrypted_one_needs_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dest = str(tmp_path / "backups")
    key = tmp_path / "key"
    key.write_text("open sesame\n")
    backup(tmp_path, dest=dest, encryption="openssl", passphrase_file=str(key))
    monkeypatch.delenv("MKE4K_BACKUP_PASSPHRASE", raising=False)
    _host, refused = restore(tmp_path, src=dest)
    assert (refused["failed"], "no passphrase" in refused["msg"]) == (True, True)
    host, _result = restore(tmp_path, src=dest, passphrase_file=str(key))
    assert host.uploaded == [CONTENT]


def test_check_mode_uploads_nothing(tmp_path: Path, dest: str) -> None:
    host, result = restore(tmp_path, check_mode=True, src=dest)
    assert (host.uploaded, result["changed"]) == ([], True)


def test_a_host_that_has_it_gets_nothing(tmp_path: Path, dest: str) -> None:
    host, result = restore(tmp_path, src=dest, answers={"shown": {"restored": True}})
    assert (host.uploaded, result["changed"], result["restored"]) == ([], False, True)
    assert result["former_objects"] == []  # by now the lock may be that of a run that goes on


@pytest.mark.parametrize("damage", [b"", b"other", None])
def test_a_damaged_file_is_refused(tmp_path: Path, dest: str, damage: Any) -> None:
    archive = Path(dest) / "first.tar"
    if damage is None:
        archive.unlink()
    else:
        archive.write_bytes(damage)
    with pytest.raises(AnsibleError, match=r"is not the file that was backed up|could not be read"):
        restore(tmp_path, src=dest)


def test_what_is_no_backup_is_told_with_those_there_are(tmp_path: Path, dest: str) -> None:
    with pytest.raises(AnsibleError, match=r"second\.tar is no backup .* Of mke there are: first\.tar"):
        restore(tmp_path, src=f"{dest}/second.tar")
    (tmp_path / "empty").mkdir()
    with pytest.raises(AnsibleError, match="has no backup of the cluster mke: there is none at all"):
        restore(tmp_path, src=str(tmp_path / "empty"))


def test_hosts_that_run_k0s_are_told(tmp_path: Path, dest: str) -> None:
    nodes = {
        "10.77.0.11": {"node": {"hostname": "n1", "running": {"version": "v1"}, "joined": True}},
        "10.77.0.12": {"node": {"hostname": "n2", "running": None, "joined": True}},
    }
    _host, result = restore(tmp_path, src=dest, state="checked", nodes=nodes)
    assert {item["name"] for item in result["findings"]} == {"restore-over-running", "restore-over-data"}
    assert not result["resets"]
    _host, result = restore(tmp_path, src=dest, state="checked", nodes=nodes, over_running="mke")
    assert (result["findings"], result["resets"]) == ([], True)


def test_a_module_that_fails_is_told(tmp_path: Path, dest: str) -> None:
    with pytest.raises(AnsibleError, match="k0s runs on this host"):
        restore(tmp_path, src=dest, answers={"restored": {"failed": True, "msg": "k0s runs on this host"}})


def test_an_mke4_yaml_with_mistakes_is_told(tmp_path: Path, dest: str) -> None:
    with pytest.raises(AnsibleError, match="hosts"):
        restore(tmp_path, src=dest, config={"kind": "MkeConfig", "spec": {"hosts": [{"role": "none"}]}})

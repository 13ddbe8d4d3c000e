# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes to the control node, and what never lies there."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.action import cluster_backup
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotReachable

from .backups import CONTENT, SHA256, backup


@pytest.fixture
def dest(tmp_path: Path) -> str:
    return str(tmp_path / "backups")


def stored(dest: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(dest).iterdir()}


def test_a_backup_is_a_file_and_its_manifest(tmp_path: Path, dest: str) -> None:
    host, result = backup(tmp_path, dest=dest, name="first")
    files = stored(dest)
    assert files["first.tar"] == CONTENT
    manifest = json.loads(files["first.json"])
    assert manifest["archive"] == {
        "file": "first.tar",
        "sha256": SHA256,
        "size": len(CONTENT),
        "encryption": "",
        "plain_sha256": SHA256,
    }
    assert (manifest["cluster"], manifest["release"]) == ("mke", "v4.1.2")
    assert manifest["hosts"] == [
        {"name": "10.77.0.11", "node": "10.77.0.11", "address": "10.77.0.11", "role": "controller"}
    ]
    assert (result["changed"], result["archive"]) == (True, f"{dest}/first.tar")
    assert "8 keys at revision 120" in result["text"]
    assert "contents" not in result["manifest"]
    assert [call["state"] for call in host.modules] == ["present", "absent"]
    assert host.modules[0]["files"] == ["/var/lib/k0s/encryption.cfg"]
    assert "kind: MkeConfig" in host.modules[0]["documents"]["mke4.yaml"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in Path(dest).iterdir()} == {0o600}


def test_the_manifest_names_nodes_as_they_are_registered(tmp_path: Path, dest: str) -> None:
    nodes = {"10.77.0.11": {"node": {"hostname": "n1"}}}
    _host, result = backup(tmp_path, dest=dest, nodes=nodes)
    assert result["manifest"]["hosts"][0]["node"] == "n1"
    assert result["name"].startswith("mke-20")


def test_an_encrypted_backup_never_lies_plain_on_the_control_node(
    tmp_path: Path, dest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MKE4K_BACKUP_PASSPHRASE", "open sesame")
    _host, result = backup(tmp_path, dest=dest, name="secret", encryption="openssl")
    files = stored(dest)
    assert set(files) == {"secret.tar.enc", "secret.json"}
    assert CONTENT[:19] not in files["secret.tar.enc"]
    assert (result["manifest"]["archive"]["encryption"], "open sesame" in str(result)) == ("openssl", False)


def test_a_missing_key_is_told_before_k0s_is_asked(tmp_path: Path, dest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MKE4K_BACKUP_PASSPHRASE", raising=False)
    host, result = backup(tmp_path, dest=dest, encryption="openssl")
    assert (result["failed"], "no passphrase" in result["msg"], host.modules) == (True, True, [])


def test_check_mode_changes_nothing_and_says_where_it_would_go(tmp_path: Path, dest: str) -> None:
    host, result = backup(tmp_path, check_mode=True, dest=dest, name="first")
    assert (result["changed"], result["archive"], host.modules) == (True, f"{dest}/first.tar", [])
    assert not Path(dest).exists()


def test_a_file_that_changed_on_the_way_is_not_kept(tmp_path: Path, dest: str) -> None:
    with pytest.raises(AnsibleError, match="was expected"):
        backup(tmp_path, dest=dest, answers={"present": {"sha256": "0" * 64}})
    assert stored(dest) == {}


def test_the_host_is_cleaned_also_after_a_failure(tmp_path: Path, dest: str) -> None:
    calls: list[str] = []

    class Recorded(dict):  # type: ignore[type-arg]
        def get(self, key: Any, default: Any = None) -> Any:
            calls.append(key)
            return {"path": "/nowhere"} if key == "present" else default

    with pytest.raises(AnsibleError):
        backup(tmp_path, dest=dest, answers=Recorded(x=1))
    assert calls == ["present", "absent"]


def test_a_module_that_fails_is_told(tmp_path: Path, dest: str) -> None:
    with pytest.raises(AnsibleError, match="this host is a worker"):
        backup(tmp_path, dest=dest, answers={"present": {"failed": True, "msg": "this host is a worker"}})


@pytest.mark.parametrize("name", ["a/b", ".hidden"])
def test_a_name_is_no_path(tmp_path: Path, dest: str, name: str) -> None:
    with pytest.raises(AnsibleError, match="cannot be the name of a backup"):
        backup(tmp_path, dest=dest, name=name)


def test_backups_whose_time_is_over_go_with_their_manifests(tmp_path: Path, dest: str) -> None:
    for name in ("one", "two", "three"):
        _host, result = backup(tmp_path, dest=dest, name=name)
        manifest = json.loads((Path(dest) / f"{name}.json").read_text())
        manifest["created"] = {"one": "2026-01-01T00:00:00Z", "two": "2026-01-02T00:00:00Z"}.get(name, "2026-01-03")
        (Path(dest) / f"{name}.json").write_text(json.dumps(manifest))
    _host, result = backup(tmp_path, dest=dest, name="four", keep=2)
    assert result["removed"] == ["two", "one"]
    assert set(stored(dest)) == {"three.tar", "three.json", "four.tar", "four.json"}


class Api:
    """Has an MkeConfig and one child."""

    requests = 2
    fails = False

    def get(self, ref: Any) -> dict[str, Any]:
        if self.fails:
            raise NotReachable("no answer")
        return {"kind": ref.kind}

    def list(self, kind: Any) -> Any:
        return type("Listing", (), {"items": [{"kind": kind.kind, "metadata": {"name": "berlin"}}]})


@pytest.mark.parametrize("fails", [False, True])
def test_the_mkeconfig_and_children_are_kept_where_the_api_answers(
    tmp_path: Path, dest: str, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    api = Api()
    api.fails = fails
    monkeypatch.setattr(cluster_backup, "layers_of", lambda *_all: ("k0s", "mke_operator"))
    monkeypatch.setattr(cluster_backup.ActionModule, "api", api)
    host, result = backup(tmp_path, dest=dest, children=True)
    documents = host.modules[0]["documents"]
    if fails:
        assert set(documents) == {"mke4.yaml"}
        assert "etcd has them all the same: no answer" in result["notes"][0]
    else:
        assert json.loads(documents["mkeconfig.json"]) == {"kind": "MkeConfig"}
        assert "berlin" in documents["children.json"]
        assert result["notes"] == []

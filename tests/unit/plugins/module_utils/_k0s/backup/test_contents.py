# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An archive that no cluster comes back from is found before it is given away."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.contents import clean, read_contents
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.repack import is_of_cluster, repack
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.backup.archives import (
    DATABASE,
    SNAPSHOT,
    WHOLE,
    pack,
    unpack,
    without,
)


def test_a_whole_archive_is_listed(tmp_path: Path) -> None:
    found = read_contents(str(pack(tmp_path / "a.tar.gz", WHOLE)))
    assert found.files == tuple(sorted(WHOLE))
    assert found.snapshot_size == len(SNAPSHOT)


@pytest.mark.parametrize("name", ["etcd-snapshot.db", "pki/ca.key", "pki/etcd/ca.key", "pki/sa.key", "k0s.yaml"])
def test_what_is_missing_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(K0sError, match=f"lacks {name}"):
        read_contents(str(pack(tmp_path / "a.tar.gz", without(name))))


@pytest.mark.parametrize("snapshot", [DATABASE, SNAPSHOT[:-1], b"X" + SNAPSHOT[1:], b""])
def test_a_damaged_snapshot_is_found(tmp_path: Path, snapshot: bytes) -> None:
    with pytest.raises(K0sError, match="does not fit the hash that etcd wrote"):
        read_contents(str(pack(tmp_path / "a.tar.gz", {**WHOLE, "etcd-snapshot.db": snapshot})))


@pytest.mark.parametrize("size", [0, 1, 100, 300])
def test_half_an_archive_is_none(tmp_path: Path, size: int) -> None:
    path = pack(tmp_path / "a.tar.gz", WHOLE)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(K0sError, match="no whole archive"):
        read_contents(str(path))


def test_an_archive_for_another_host_has_its_k0s_yaml_and_none_of_its_certificates(tmp_path: Path) -> None:
    source = pack(tmp_path / "a.tar.gz", WHOLE)
    repack(str(source), str(tmp_path / "b.tar.gz"), b"peerAddress: 10.77.0.13")
    found = unpack(tmp_path / "b.tar.gz")
    assert found["k0s.yaml"] == b"peerAddress: 10.77.0.13"
    gone = {"pki/etcd/peer.crt", "pki/etcd/peer.key", "pki/server.crt", "pki/server.key", "pki/admin.conf"}
    assert set(found) == set(WHOLE) - gone - {"images/bundle.tar"}
    assert found["etcd-snapshot.db"] == SNAPSHOT


def test_half_an_archive_is_not_repacked(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.tar.gz", WHOLE)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(K0sError, match="no whole archive"):
        repack(str(path), str(tmp_path / "b.tar.gz"), b"")


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("pki", True),
        ("pki/front-proxy-ca.key", True),
        ("pki/front-proxy-client.crt", False),
        ("pki/apiserver-etcd-client.key", False),
        ("pki/etcd/server.crt", False),
        ("pki/own/notes.txt", True),
        ("manifests/a/b.crt", True),
        ("helmhome/cache/x", True),
    ],
)
def test_what_belongs_to_the_cluster(name: str, stays: bool) -> None:
    assert is_of_cluster(name) is stays


@pytest.mark.parametrize("name", ["pki/ca.crt", "./pki/ca.crt", "/pki/ca.crt", ".//pki/ca.crt", "pki/ca.crt/"])
def test_names_are_told_as_k0s_reads_them(name: str) -> None:
    assert clean(name) == "pki/ca.crt"

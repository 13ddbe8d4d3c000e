# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import binary, checksums, download, files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.binary import Source
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BinarySpec
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import VERSION, FakeHost
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.server import FileServer

NAME = f"/k0s-{VERSION}-amd64".replace("+", "%2B")


def source(host: FakeHost, **values: str) -> Source:
    return Source(host.binary_spec(**values), VERSION, host.time.sleep)


def folder_of(host: FakeHost) -> List[str]:
    return sorted(os.listdir(host.paths_of("/usr/local/bin")))


def test_a_binary_is_downloaded_checked_and_executable(host: FakeHost, server: FileServer) -> None:
    wanted = source(host, url=server.serve(NAME, host.k0s()))
    staged = wanted.stage()
    wanted.install(staged)
    assert staged.sha256 == hashlib.sha256(host.k0s()).hexdigest()
    path = Path(host.paths_of("/usr/local/bin/k0s"))
    assert path.read_bytes() == host.k0s()
    assert stat.S_IMODE(path.stat().st_mode) == 0o755
    assert folder_of(host) == ["k0s"]


def test_a_wrong_sha256_is_never_executable_and_leaves_nothing(
    host: FakeHost, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: List[int] = []
    original = Source._check_sha256

    def look(self: Source, found: str, wanted: str) -> None:
        folder = host.paths_of("/usr/local/bin")
        modes.extend(stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) for name in os.listdir(folder))
        original(self, found, wanted)

    monkeypatch.setattr(Source, "_check_sha256", look)
    wanted = source(host, url=server.serve(NAME, b"something else"))
    with pytest.raises(K0sError, match=r"is not the wanted binary: its sha256 is \w{64}, \w{64} was expected"):
        wanted.stage()
    assert modes == [0o600]
    assert folder_of(host) == []
    assert host.calls == []


def test_the_old_binary_stays_when_the_new_one_is_of_another_version(host: FakeHost) -> None:
    wanted = source(host)
    wanted.install(wanted.stage())
    new = host.binary_spec("v1.34.4+k0s.0")
    with pytest.raises(K0sError, match=r"it is k0s v1\.34\.4\+k0s\.0, not v1\.33\.13"):
        Source(new, VERSION, host.time.sleep).stage()
    assert Path(host.paths_of("/usr/local/bin/k0s")).read_bytes() == host.k0s()
    assert folder_of(host) == ["k0s"]


def test_a_binary_that_cannot_say_its_version_is_refused(host: FakeHost) -> None:
    host.set(k0s_fails={"version": "Error: illegal instruction"})
    with pytest.raises(K0sError, match="illegal instruction"):
        source(host).stage()
    assert folder_of(host) == []


def test_a_running_binary_can_be_replaced(host: FakeHost) -> None:
    path = Path(host.paths_of("/usr/local/bin/k0s"))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"old")
    inode = path.stat().st_ino
    with path.open("rb") as old:
        wanted = source(host)
        wanted.install(wanted.stage())
        assert old.read() == b"old"
    assert path.stat().st_ino != inode


def test_a_link_stays_a_link(host: FakeHost) -> None:
    path = Path(host.paths_of("/usr/local/bin/k0s"))
    target = Path(host.paths_of("/opt/k0s/k0s"))
    path.parent.mkdir(parents=True)
    target.parent.mkdir(parents=True)
    target.write_bytes(b"old")
    path.symlink_to(target)
    wanted = source(host)
    wanted.install(wanted.stage())
    assert path.is_symlink()
    assert target.read_bytes() == host.k0s()


def test_staging_puts_the_binary_beside_its_place_for_root_only(host: FakeHost, server: FileServer) -> None:
    wanted = source(host, url=server.serve(NAME, host.k0s()))
    staged = wanted.stage()
    assert staged.path == binary.staged_path(host.paths_of("/usr/local/bin/k0s"), wanted.spec.sha256)
    assert stat.S_IMODE(os.stat(staged.path).st_mode) == 0o700
    assert wanted.stage() == staged
    wanted.install(wanted.stage())
    assert server.requests == [NAME]
    assert folder_of(host) == ["k0s"]


def test_a_damaged_staged_binary_is_fetched_again_and_others_go(host: FakeHost) -> None:
    wanted = source(host)
    staged = Path(wanted.stage().path)
    other = staged.with_name("k0s.0123456789ab.staged")
    other.write_text("of an earlier version")
    staged.write_text("cut off")
    wanted.stage()
    assert staged.read_bytes() == host.k0s()
    assert folder_of(host) == [staged.name]


def test_the_sha256_comes_from_the_releases_own_file(
    host: FakeHost, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    digest = hashlib.sha256(host.k0s()).hexdigest()
    text = f"{'0' * 64} *k0s-{VERSION}-arm64\n{digest} *k0s-{VERSION}-amd64\n{'1' * 64} *cosign.pub\n"
    sums = server.serve("/sha256sums.txt", text.encode())
    assert source(host, sha256="", url=server.serve(NAME, host.k0s()), checksum_url=sums).stage().sha256 == digest
    assert source(host, sha256="", url=server.serve("/mirrored", host.k0s()), checksum_url=sums).sha256() == digest


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("A" * 64 + "  k0s\n", ["k0s"], "a" * 64),
        ("a" * 64 + " *./dist/k0s\n", ["k0s"], "a" * 64),
        ("a" * 64 + "\n", ["k0s"], "a" * 64),
        ("junk\n\n" + "b" * 64 + "  other\n" + "a" * 64 + "  k0s", ["none", "k0s"], "a" * 64),
    ],
)
def test_checksum_files_of_all_forms_are_read(text: str, names: List[str], expected: str) -> None:
    assert checksums.find(text, names, "sums") == expected


def test_a_checksum_file_without_the_binary_is_named() -> None:
    with pytest.raises(K0sError, match=r"sums has no sha256 of k0s \(it lists 1 files\)"):
        checksums.find("b" * 64 + "  other", ["k0s"], "sums")


def test_a_binary_without_a_sha256_is_refused(host: FakeHost, server: FileServer) -> None:
    with pytest.raises(K0sError, match="neither a sha256 nor a checksum file"):
        source(host, sha256="", url=server.serve(NAME, host.k0s())).stage()
    assert server.requests == []


def test_a_binary_without_a_source_is_refused(host: FakeHost) -> None:
    with pytest.raises(K0sError, match="no binary was given"):
        Source(BinarySpec(path=host.paths_of("/bin/k0s"), sha256="a" * 64), VERSION, host.time.sleep).stage()


def test_a_missing_file_on_the_host_is_named(host: FakeHost) -> None:
    with pytest.raises(K0sError, match="/nowhere/k0s could not be copied: No such file"):
        source(host, staged="/nowhere/k0s").stage()


def test_a_broken_connection_is_tried_again(host: FakeHost, server: FileServer) -> None:
    source(host, url=server.truncate(NAME, host.k0s(), times=2)).stage()
    assert server.requests == [NAME] * 3
    assert host.time.pauses == [1.0, 2.0]


def test_a_truncated_download_is_an_error_after_three_attempts(host: FakeHost, server: FileServer) -> None:
    with pytest.raises(K0sError, match=r"could not be downloaded in 3 attempts: it ended after \d+ of \d+ bytes"):
        source(host, url=server.truncate(NAME, host.k0s())).stage()
    assert folder_of(host) == []


def test_a_missing_file_is_not_tried_again(host: FakeHost, server: FileServer) -> None:
    with pytest.raises(K0sError, match="the server answered 404 Not Found"):
        source(host, url=server.url(NAME)).stage()
    assert server.requests == [NAME]


def test_a_busy_server_is_tried_again(host: FakeHost, server: FileServer) -> None:
    with pytest.raises(K0sError, match="in 3 attempts: the server answered 503"):
        source(host, url=server.fail(NAME, 503)).stage()
    assert server.requests == [NAME] * 3


def test_a_silent_server_does_not_hang_the_run(
    host: FakeHost, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download.download, "__defaults__", (0.1,))
    with pytest.raises(K0sError, match="timed out"):
        source(host, url=server.stall(NAME)).stage()


def test_nobody_listens(host: FakeHost, server: FileServer) -> None:
    url = server.url(NAME)
    server.__exit__(None, None, None)
    with pytest.raises(K0sError, match="Connection refused"):
        source(host, url=url).stage()


def test_a_checksum_file_that_cannot_be_had_is_an_error(host: FakeHost, server: FileServer) -> None:
    with pytest.raises(K0sError, match="sums could not be downloaded in 3 attempts: the server answered 500"):
        source(host, sha256="", url=server.url(NAME), checksum_url=server.fail("/sums", 500)).sha256()
    with pytest.raises(K0sError, match="the server answered 404"):
        source(host, sha256="", url=server.url(NAME), checksum_url=server.url("/nowhere")).sha256()


def test_what_is_no_url_is_an_error(host: FakeHost) -> None:
    with pytest.raises(K0sError, match="not-a-url could not be downloaded"):
        download.fetch_text("not-a-url", host.time.sleep)


def test_credentials_of_a_url_are_not_shown() -> None:
    assert download.shown("https://me:pw@mirror.example/k0s?sig=abc#x") == "https://mirror.example/k0s"


def test_a_full_disk_is_told_before_the_download(
    host: FakeHost, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "SPARE", 1 << 60)
    with pytest.raises(K0sError, match=r"needs \d+ MiB in .*, only \d+ MiB are free"):
        source(host, url=server.serve(NAME, host.k0s())).stage()


def test_a_disk_that_fills_during_the_download_is_told(
    host: FakeHost, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download, "_copy", full)
    with pytest.raises(K0sError, match=r"k0s\.\w{12}\.staged could not be written: No space left on device"):
        source(host, url=server.serve(NAME, host.k0s())).stage()
    assert folder_of(host) == []


def test_what_a_killed_run_left_is_removed(host: FakeHost) -> None:
    folder = Path(host.paths_of("/usr/local/bin"))
    (folder / ".k0s.mke4k-dir").mkdir(parents=True)
    (folder / ".k0s.mke4k-abc").write_text("half")
    (folder / "k0s").write_text("old")
    files.remove_stale(str(folder / "k0s"))
    assert folder_of(host) == ["k0s"]

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files from other hosts, from their source, and those that are there already."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path
from typing import Any, List, Optional, Tuple

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import receipt
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.paths import Paths
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.receipt import read_images, read_receipt
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share import run
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share.deliver import Delivered, Delivery, Wanted
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share.fetch import BUSY, Peers, Unavailable
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share.server import Server
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeTime
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.server import FileServer

from .conftest import TOKEN, Serving

CONTENT = b"images" * 50000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.tar"
    path.write_bytes(CONTENT)
    return path


def peers_of(time: FakeTime, server: Optional[Server], *more: str, patience: float = 5) -> Peers:
    port = server.server_port if server else 9
    return Peers(("127.0.0.1", *more), port, TOKEN, patience, time.clock, lambda _order: None)


def wanted(tmp_path: Path, **values: Any) -> Wanted:
    path = str(tmp_path / "root" / "var" / "lib" / "k0s" / "images" / "app.tar")
    return Wanted(**{"path": path, "sha256": DIGEST, "origin": "app.tar", "images": True, **values})


def deliver(
    paths: Paths, time: FakeTime, item: Wanted, peers: Optional[Peers] = None, dry_run: bool = False
) -> Delivered:
    (found,) = Delivery(paths, time.clock, peers).deliver((item,), dry_run)
    return found


def names_below(folder: Path) -> List[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_host_takes_a_file_from_another_and_records_it(
    tmp_path: Path, paths: Paths, time: FakeTime, serving: Serving, source: Path
) -> None:
    item = wanted(tmp_path)
    found = deliver(paths, time, item, peers_of(time, serving({DIGEST: str(source)})))
    assert (found.how, found.changed, found.reason) == ("127.0.0.1", True, "")
    assert Path(item.path).read_bytes() == CONTENT
    assert stat.S_IMODE(os.stat(item.path).st_mode) == 0o644
    known = read_images(read_receipt(paths.receipt))[item.path]
    assert (known.sha256, known.origin, known.imported) == (DIGEST, "app.tar", False)
    assert names_below(tmp_path / "root") == ["etc/k0s/mke4k.json", "var/lib/k0s/images/app.tar"]


def test_a_file_that_grows_is_never_among_those_that_k0s_imports(
    tmp_path: Path, paths: Paths, time: FakeTime, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: List[List[str]] = []
    folder = Path(wanted(tmp_path).path).parent

    def look(*_args: Any) -> Tuple[Optional[str], str]:
        seen.append(os.listdir(folder))
        return None, "later"

    monkeypatch.setattr(Delivery, "_fill", look)
    assert deliver(paths, time, wanted(tmp_path, staged=str(source))).how is None
    assert seen == [[]]


def test_a_busy_host_is_asked_again(
    tmp_path: Path, paths: Paths, time: FakeTime, serving: Serving, source: Path
) -> None:
    server = serving({DIGEST: str(source)})
    for _turn in range(server.share.at_once):
        server.turns.acquire()
    time.on_sleep.append(lambda now: server.turns.release() if now > 1060 else None)
    found = deliver(paths, time, wanted(tmp_path), peers_of(time, server))
    assert found.how == "127.0.0.1"
    assert time.now() > 1060


def test_without_a_host_that_has_the_file_its_url_serves(
    tmp_path: Path, paths: Paths, time: FakeTime, serving: Serving
) -> None:
    with FileServer() as web:
        item = wanted(tmp_path, url=web.serve("/app.tar", CONTENT))
        found = deliver(paths, time, item, peers_of(time, serving({})))
    assert found.how == "loaded"


def test_each_host_that_did_not_give_the_file_is_named(
    tmp_path: Path, paths: Paths, time: FakeTime, serving: Serving, source: Path
) -> None:
    source.write_bytes(b"something else")
    found = deliver(paths, time, wanted(tmp_path), peers_of(time, serving({DIGEST: str(source)}), "127.0.0.2"))
    assert found.how is None
    assert not found.to_dict()["how"]
    other = hashlib.sha256(b"something else").hexdigest()
    assert found.reason == (
        f"no other host gave it: 127.0.0.1 gave another file (its sha256 is {other}); "
        "127.0.0.2 gave no answer (connection refused)"
    )
    assert names_below(tmp_path / "root") == []


def test_a_host_without_the_file_says_so(tmp_path: Path, time: FakeTime, serving: Serving) -> None:
    with open(tmp_path / "x", "w+b") as target, pytest.raises(Unavailable, match="does not have it"):
        peers_of(time, serving({})).take(DIGEST, target, str(tmp_path))
    assert BUSY not in str(time.pauses)


def test_an_odd_answer_is_told(tmp_path: Path, time: FakeTime) -> None:
    with FileServer() as web, open(tmp_path / "x", "w+b") as target:
        port = int(web.url("").rpartition(":")[2])
        web.fail(f"/{TOKEN}/{DIGEST}", 418)
        peers = Peers(("127.0.0.1",), port, TOKEN, 0, time.clock, lambda _order: None)
        with pytest.raises(Unavailable, match="answered 418"):
            peers.take(DIGEST, target, str(tmp_path))
        web.truncate(f"/{TOKEN}/{DIGEST}", CONTENT)
        with pytest.raises(Unavailable, match="broke off in the middle"):
            peers.take(DIGEST, target, str(tmp_path))


def test_an_uploaded_file_is_checked_before_it_is_in_its_place(
    tmp_path: Path, paths: Paths, time: FakeTime, source: Path
) -> None:
    item = wanted(tmp_path, staged=str(source), images=False, mode="0700")
    assert deliver(paths, time, item).how == "copied"
    assert stat.S_IMODE(os.stat(item.path).st_mode) == 0o700
    assert not os.path.exists(paths.receipt)
    with pytest.raises(K0sError, match="is not the wanted file"):
        deliver(paths, time, wanted(tmp_path, staged=str(source), sha256="0" * 64))
    with pytest.raises(K0sError, match="could not be copied"):
        deliver(paths, time, wanted(tmp_path, staged=str(tmp_path / "no"), sha256="0" * 64))
    assert Path(item.path).read_bytes() == CONTENT


def test_a_second_run_finds_everything_in_its_place(
    tmp_path: Path, paths: Paths, time: FakeTime, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = wanted(tmp_path, staged=str(source))
    deliver(paths, time, item)
    receipt.record_import(paths.receipt, [item.path, "/unknown"])
    monkeypatch.setattr("hashlib.sha256", None)
    found = deliver(paths, time, item)
    assert (found.how, found.changed) == ("here", False)
    assert read_images(read_receipt(paths.receipt))[item.path].imported


def test_a_file_that_somebody_else_brought_is_recorded_and_kept(tmp_path: Path, paths: Paths, time: FakeTime) -> None:
    item = wanted(tmp_path)
    os.makedirs(os.path.dirname(item.path))
    Path(item.path).write_bytes(CONTENT)
    assert deliver(paths, time, item, dry_run=True).how == "here"
    assert not os.path.exists(paths.receipt)
    assert deliver(paths, time, item).how == "here"
    assert json.loads(Path(paths.receipt).read_text())["images"][item.path]["sha256"] == DIGEST


def test_check_mode_brings_nothing(tmp_path: Path, paths: Paths, time: FakeTime, source: Path) -> None:
    assert deliver(paths, time, wanted(tmp_path, staged=str(source)), dry_run=True).how == "copied"
    assert deliver(paths, time, wanted(tmp_path), dry_run=True).how == "loaded"
    assert names_below(tmp_path) == ["source.tar"]


def test_what_a_killed_run_left_is_removed(tmp_path: Path, paths: Paths, time: FakeTime, source: Path) -> None:
    item = wanted(tmp_path, staged=str(source))
    leftover = Path(item.path).parents[1] / ".app.tar.mke4k-xyz"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"half of it")
    deliver(paths, time, item)
    assert not leftover.exists()


def test_the_checksum_file_beside_the_url_serves(tmp_path: Path, paths: Paths, time: FakeTime) -> None:
    with FileServer() as web:
        url = web.serve("/app.tar", CONTENT)
        sums = web.serve("/sha256sums.txt", f"{DIGEST} *app.tar\n".encode())
        assert deliver(paths, time, wanted(tmp_path, sha256="", url=url, checksum_url=sums)).sha256 == DIGEST
    with pytest.raises(K0sError, match="there is no sha256 for it"):
        deliver(paths, time, wanted(tmp_path, sha256=""))


def params(tmp_path: Path, **values: Any) -> Any:
    item = {"path": str(tmp_path / "k0s"), "sha256": DIGEST.upper(), "url": None}
    defaults = {
        "files": [item], "serve": False, "address": "127.0.0.1", "port": 0, "token": TOKEN, "peers": [],
        "patience": 0, "idle": 60,
    }  # fmt: skip
    return {**defaults, **values}


def test_a_call_brings_and_serves_and_the_next_one_ends_it(
    tmp_path: Path, paths: Paths, time: FakeTime, source: Path
) -> None:
    item = {"path": str(tmp_path / "k0s"), "sha256": DIGEST.upper(), "staged": str(source)}
    found = run.present(params(tmp_path, files=[item], serve=True), paths, time.clock, dry_run=False)
    try:
        assert (found["changed"], found["missing"]) == (True, [])
        assert found["port"] > 0
        peers = peers_of(time, None)
        with open(tmp_path / "x", "w+b") as target:
            given = Peers(peers.addresses, found["port"], TOKEN, 0, time.clock, lambda _order: None)
            assert given.take(DIGEST, target, str(tmp_path)) == "127.0.0.1"
        assert run.absent(paths, time.clock, dry_run=True)["changed"]
    finally:
        assert run.absent(paths, time.clock, dry_run=False)["changed"]
    assert not run.absent(paths, time.clock, dry_run=True)["changed"]


def test_a_call_that_got_nothing_serves_nothing_and_says_why(tmp_path: Path, paths: Paths, time: FakeTime) -> None:
    found = run.present(params(tmp_path, serve=True, peers=["127.0.0.1"]), paths, time.clock, dry_run=False)
    assert (found["changed"], found["port"]) == (False, 0)
    assert found["missing"] == [str(tmp_path / "k0s")]


def test_a_call_in_check_mode_only_predicts(tmp_path: Path, paths: Paths, time: FakeTime) -> None:
    found = run.present(params(tmp_path, serve=True), paths, time.clock, dry_run=True)
    assert (found["changed"], found["port"], found["missing"]) == (True, 0, [])

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server as a process of its own."""

from __future__ import annotations

import json
import os
import time as real_time
from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.paths import Paths
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import Clock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.process import start_id
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share import process
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share.fetch import Peers, Unavailable
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share.server import Server, Share

from .conftest import TOKEN

CONTENT = b"k0s" * 100000


def take(port: int, folder: Path, digest: str) -> bytes:
    clock = Clock(real_time.monotonic, real_time.sleep)
    peers = Peers(("127.0.0.1",), port, TOKEN, 0, clock, lambda _order: None)
    with open(folder / "got", "w+b") as target:
        peers.take(digest, target, str(folder))
        target.seek(0)
        return target.read()


def test_it_serves_after_the_one_who_started_it_went_on_and_is_gone_when_told(tmp_path: Path, paths: Paths) -> None:
    source = tmp_path / "k0s"
    source.write_bytes(CONTENT)
    digest = files.sha256_of_file(str(source))
    port = process.start(Share("127.0.0.1", 0, TOKEN, {digest: str(source)}), paths.share, real_time.sleep)
    try:
        assert process.runs(paths.share)
        assert take(port, tmp_path, digest) == CONTENT
    finally:
        assert process.stop(paths.share, real_time.sleep)
    assert not process.runs(paths.share)
    assert not os.path.exists(paths.share)
    assert not process.stop(paths.share, real_time.sleep)
    with pytest.raises(Unavailable, match="connection refused"):
        take(port, tmp_path, digest)


def test_another_process_with_the_number_of_the_old_server_is_left_alone(paths: Paths) -> None:
    os.makedirs(os.path.dirname(paths.share))
    Path(paths.share).write_text(json.dumps({"pid": os.getpid(), "start_id": "of another boot"}))
    assert not process.stop(paths.share, real_time.sleep)
    assert not os.path.exists(paths.share)


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}"])
def test_a_broken_record_is_no_server(paths: Paths, text: str) -> None:
    os.makedirs(os.path.dirname(paths.share))
    Path(paths.share).write_text(text)
    assert not process.stop(paths.share, real_time.sleep)


def test_a_server_that_does_not_end_is_killed(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, int(number))))
    os.makedirs(os.path.dirname(paths.share))
    Path(paths.share).write_text(json.dumps({"pid": os.getpid(), "start_id": start_id(os.getpid())}))
    assert process.stop(paths.share, lambda _seconds: None)
    assert sent == [(os.getpid(), 15), (os.getpid(), 9)]


def test_a_port_in_use_is_told_with_the_variable_that_changes_it(paths: Paths) -> None:
    with Server(Share("127.0.0.1", 0, TOKEN)) as other, pytest.raises(K0sError, match="k0s_share_port"):
        process.start(Share("127.0.0.1", other.server_port, TOKEN), paths.share, real_time.sleep)

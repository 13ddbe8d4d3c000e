# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server of one host: what it gives, to whom, and when it ends."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.share.server import Server, Share

from .conftest import TOKEN, Serving

DIGEST = "d" * 64


def get(server: Server, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}{path}", timeout=5) as answer:
        return bytes(answer.read())


@pytest.fixture
def server(serving: Serving, tmp_path: Path) -> Server:
    path = tmp_path / "archive.tar"
    path.write_bytes(b"images" * 1000)
    return serving({DIGEST: str(path), "gone": str(tmp_path / "gone")})


def test_a_file_is_found_by_its_digest_below_the_token(server: Server) -> None:
    assert get(server, f"/{TOKEN}/{DIGEST}") == b"images" * 1000


@pytest.mark.parametrize(
    "path",
    [
        f"/{DIGEST}",
        f"/{TOKEN}",
        f"/{TOKEN}/",
        f"/another/{DIGEST}",
        f"/{TOKEN}/{'e' * 64}",
        f"/{TOKEN}/../../etc/passwd",
        f"/{TOKEN}/gone",
        "/",
    ],
)
def test_nothing_else_is_found(server: Server, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(server, path)
    assert caught.value.code == 404


def test_only_a_few_are_served_at_a_time(server: Server) -> None:
    for _turn in range(server.share.at_once):
        assert server.turns.acquire(blocking=False)
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(server, f"/{TOKEN}/{DIGEST}")
    assert caught.value.code == 503
    server.turns.release()
    assert get(server, f"/{TOKEN}/{DIGEST}")


@pytest.mark.parametrize(
    ("moment", "busy", "over"),
    [(300.0, 0, False), (300.1, 0, True), (300.1, 1, False), (3600.1, 1, True)],
)
def test_it_ends_when_nobody_asks_any_more_and_at_the_latest_after_its_lifetime(
    moment: float, busy: int, over: bool
) -> None:
    times = [0.0]
    with Server(Share("127.0.0.1", 0, TOKEN, idle=300, lifetime=3600), now=lambda: times[0]) as server:
        times[0] = moment
        server.busy = busy
        assert server.is_over == over
        times[0] = 3600.1
        server.run()


def test_the_token_is_in_no_text_of_it() -> None:
    assert TOKEN not in repr(Share("127.0.0.1", 0, TOKEN))

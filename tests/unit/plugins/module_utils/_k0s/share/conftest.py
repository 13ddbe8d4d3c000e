# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Dict, Iterator

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.paths import Paths
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share.server import Server, Share
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeTime

TOKEN = "a-path-that-nobody-guesses"
Serving = Callable[[Dict[str, str]], Server]


@pytest.fixture(autouse=True)
def _owned_by_the_one_who_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only root may give files away."""
    monkeypatch.setattr(files, "user_id", lambda name: os.getuid())
    monkeypatch.setattr(files, "group_id", lambda name: os.getgid())


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.under(str(tmp_path / "root"))


@contextmanager
def running(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Serves files by their digests on loopback until the test ends."""
    open_servers = []

    def serve(shared: Dict[str, str]) -> Server:
        context = running(Server(Share("127.0.0.1", 0, TOKEN, shared)))
        open_servers.append(context)
        return context.__enter__()

    yield serve
    for context in open_servers:
        context.__exit__(None, None, None)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of a host comes in blocks, as whoever the task becomes."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.plugin_utils._remote_file import read_blocks

CONTENT = bytes(range(256)) * 40


class Host:
    """An action whose host is this machine."""

    def __init__(self) -> None:
        self._connection = SimpleNamespace(_play_context=SimpleNamespace(no_log=False))
        self.logged: list[bool] = []
        self.answer: dict[str, Any] = {}

    def _low_level_execute_command(self, command: str) -> dict[str, Any]:
        self.logged.append(not self._connection._play_context.no_log)
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
        return {"rc": done.returncode, "stdout": done.stdout, "stderr": done.stderr, **self.answer}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "it's a backup.tar"
    found.write_bytes(CONTENT)
    return found


def read(host: Host, path: Path, content: bytes = CONTENT, block: int = 4096) -> list[bytes]:
    return list(read_blocks(host, str(path), hashlib.sha256(content).hexdigest(), len(content), block))


@pytest.mark.parametrize("block", [1000, 4096, 10240, 99999])
def test_all_of_it_comes_in_order(path: Path, block: int) -> None:
    found = read(Host(), path, block=block)
    assert b"".join(found) == CONTENT
    assert max(map(len, found)) <= block


def test_an_empty_file_is_one(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    assert read(Host(), tmp_path / "empty", b"") == []


def test_the_content_is_never_logged(path: Path) -> None:
    host = Host()
    read(host, path)
    assert host.logged == [False, False, False]
    assert host._connection._play_context.no_log is False


def test_another_content_is_told_at_the_end(path: Path) -> None:
    with pytest.raises(AnsibleError, match="was expected"):
        read(Host(), path, CONTENT[:-1] + b"x")


@pytest.mark.parametrize(
    ("answer", "message"),
    [({"rc": 1, "stderr": "sudo: a password is required"}, "a password is required"), ({"stdout": "x"}, "no base64")],
)
def test_a_host_that_does_not_give_it_is_told(path: Path, answer: dict[str, Any], message: str) -> None:
    host = Host()
    host.answer = answer
    with pytest.raises(AnsibleError, match=message):
        read(host, path)

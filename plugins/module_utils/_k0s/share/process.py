# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server as a process of its own that outlives the module, and its end.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
import os
import signal
from typing import Any, Callable, Dict

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.process import start_id
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share.server import Server, Share

_GRACE = 5.0
_PAUSE = 0.05
_MOST_FILES = 65536


def start(share: Share, record: str, sleep: Callable[[float], None]) -> int:
    """Starts the server and returns its port. One that an earlier run left is ended first."""
    stop(record, sleep)
    try:
        server = Server(share)
    except OSError as error:
        raise K0sError(
            f"files could not be served to other hosts at {share.address} port {share.port}: "
            f"{error.strerror or error}. Free the port, or choose another one (k0s_share_port)"
        ) from error
    with server:
        pid = _detached(server)
        files.write(record, json.dumps({"pid": pid, "start_id": start_id(pid)}) + "\n")
        return int(server.server_address[1])


def stop(record: str, sleep: Callable[[float], None]) -> bool:
    """Ends the server that was recorded; False where none runs. Never another process with its number."""
    known = _known(record)
    pid = int(known.get("pid") or 0)
    runs = bool(pid) and start_id(pid) == known.get("start_id")
    if runs:
        os.kill(pid, signal.SIGTERM)
        left = _GRACE
        while start_id(pid) == known["start_id"] and left > 0:
            sleep(_PAUSE)
            left -= _PAUSE
        if start_id(pid) == known["start_id"]:
            os.kill(pid, signal.SIGKILL)
    files.remove(record)
    return runs


def runs(record: str) -> bool:
    """Whether the recorded server is there."""
    known = _known(record)
    pid = int(known.get("pid") or 0)
    return bool(pid) and start_id(pid) == known.get("start_id")


def _known(record: str) -> Dict[str, Any]:
    try:
        found = json.loads(files.read(record) or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _detached(server: Server) -> int:
    """Runs the server in a process that no shell and no terminal of this module keeps or ends. Returns its pid."""
    reading, writing = os.pipe()
    first = os.fork()
    if first == 0:
        _leave(server, writing)
    os.close(writing)
    os.waitpid(first, 0)
    with os.fdopen(reading, "rb") as stream:
        return int(stream.read())


def _leave(server: Server, writing: int) -> None:  # pragma: no cover - runs in processes of its own
    """Never returns. Whatever happens here, the code of the module that forked must not go on in this process."""
    try:
        os.setsid()
        second = os.fork()
        if second:
            os.write(writing, str(second).encode("ascii"))
            os._exit(0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.chdir("/")
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        keep = server.fileno()
        os.closerange(3, keep)
        os.closerange(keep + 1, _MOST_FILES)
        server.run()
    finally:
        os._exit(0)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run inside the lab's network namespace: waits until every given address answers as an SSH server.

Arguments: seconds, then the addresses. Prints those that did not answer; needs nothing but the standard library.
"""

from __future__ import annotations

import socket
import sys
import time
from typing import List


def answers(address: str) -> bool:
    """Whether an SSH server greets there."""
    try:
        with socket.create_connection((address, 22), timeout=1) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False


def wait_all(addresses: List[str], seconds: float) -> List[str]:
    """The addresses without an SSH server when the time is over."""
    end = time.monotonic() + seconds
    waiting = addresses
    while waiting and time.monotonic() < end:
        waiting = [address for address in waiting if not answers(address)]
        time.sleep(0.1 if waiting else 0)
    return waiting


if __name__ == "__main__":
    print(*wait_all(sys.argv[2:], float(sys.argv[1])))

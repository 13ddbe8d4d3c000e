# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes a file from one of the hosts that have it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import hashlib
import http.client
from dataclasses import dataclass, field
from typing import BinaryIO, Callable, Dict, List, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.download import check_space
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.files import BLOCK
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import Clock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.http import reason_of

STALL = 30.0
CONNECT = 5.0
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 2.0
BUSY = "gives it to others"
_ANSWERS = {404: "does not have it", 503: BUSY}


class Unavailable(Exception):
    """No peer gave the file. The text says what each of them answered."""


@dataclass(frozen=True)
class Peers:
    """The hosts that have the file or will have it. `patience` is how long to go on while none is even busy."""

    addresses: Sequence[str]
    port: int
    token: str = field(repr=False)
    patience: float
    clock: Clock
    shuffle: Callable[[List[str]], None]

    def take(self, sha256: str, target: BinaryIO, folder: str) -> str:
        """Writes the file to `target` and returns the address of the peer that gave it.

        Every receiver gives on what it got, and a peer serves only a few at a time: so the copies multiply, and whoever
        asks a busy peer finds a new one a moment later.
        """
        end = self.clock.now() + self.patience
        pause = _FIRST_PAUSE
        while True:
            answers: Dict[str, str] = {}
            order = list(self.addresses)
            self.shuffle(order)
            for address in order:
                answers[address] = self._ask(address, sha256, target, folder)
                if not answers[address]:
                    return address
            if BUSY in answers.values():
                end = self.clock.now() + self.patience
            if self.clock.now() >= end:
                raise Unavailable("; ".join(f"{address} {answers[address]}" for address in self.addresses))
            self.clock.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _ask(self, address: str, sha256: str, target: BinaryIO, folder: str) -> str:
        """Why one peer did not give the file; empty where it did."""
        connection = http.client.HTTPConnection(address, self.port, timeout=CONNECT)
        try:
            connection.connect()
            connection.sock.settimeout(STALL)
            connection.request("GET", f"/{self.token}/{sha256}")
            response = connection.getresponse()
            if response.status != 200:
                return _ANSWERS.get(response.status, f"answered {response.status}")
            check_space(folder, response.length or 0, f"taking a file from {address}")
            found = _copied(response, target)
            if response.length:
                return "broke off in the middle"
        except (OSError, http.client.HTTPException) as error:
            return f"gave no answer ({_reason(error)})"
        finally:
            connection.close()
        return "" if found == sha256 else f"gave another file (its sha256 is {found})"


def _copied(response: http.client.HTTPResponse, target: BinaryIO) -> str:
    target.seek(0)
    target.truncate()
    digest = hashlib.sha256()
    for block in iter(lambda: response.read(BLOCK), b""):
        target.write(block)
        digest.update(block)
    return digest.hexdigest()


def _reason(error: Exception) -> str:
    return reason_of(error) if isinstance(error, OSError) else str(error) or type(error).__name__

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks API servers whether they answer until its input ends, then prints how long which did not, in seconds.

Any answer counts, so no credentials are needed. Runs in the network of the hosts: `poll.py ADDRESS...`.
"""

from __future__ import annotations

import json
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

INTERVAL = 0.1
TIMEOUT = 1.0
# Shorter silences are the polling's own.
SILENCE = 0.5
SERVER_ERROR = 500


def main() -> None:
    stop = threading.Event()
    answers: dict[str, list[float]] = {address: [] for address in sys.argv[1:]}
    threads = [threading.Thread(target=follow, args=(address, answers[address], stop)) for address in answers]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    sys.stdin.read()
    stop.set()
    for thread in threads:
        thread.join()
    end = time.monotonic()
    of_any = [moment for moments in answers.values() for moment in moments]
    print(
        json.dumps(
            {
                "all": silence(of_any, start, end),
                "each": {address: silence(moments, start, end) for address, moments in answers.items()},
            }
        )
    )


def follow(address: str, answers: list[float], stop: threading.Event) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    while not stop.wait(INTERVAL):
        if is_answered(address, context):
            answers.append(time.monotonic())


def is_answered(address: str, context: ssl.SSLContext) -> bool:
    try:
        with urllib.request.urlopen(f"https://{address}:6443/readyz", timeout=TIMEOUT, context=context):
            return True
    except urllib.error.HTTPError as error:
        # 401: it does not know us, but it answers. 500: it says itself that it is not ready.
        return error.code < SERVER_ERROR
    except OSError:
        return False


def silence(moments: Sequence[float], start: float, end: float) -> float:
    """The sum of all times without an answer."""
    marks = [start, *sorted(moments), end]
    gaps = [after - before for before, after in zip(marks, marks[1:])]
    return round(sum(gap for gap in gaps if gap > SILENCE), 1)


if __name__ == "__main__":
    main()

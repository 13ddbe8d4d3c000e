# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests here talk to a real API server: see tests/api."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.api.fixtures import bed, namespace, proxy
from tests.integration.api.mothership.with_children import children_mothership

__all__ = ["bed", "children_mothership", "elsewhere", "namespace", "proxy"]


@pytest.fixture
def elsewhere() -> Iterator[Callable[..., None]]:
    """Does something in another thread as soon as something is so; an error there is the test's."""
    stop = threading.Event()
    with ThreadPoolExecutor(4) as pool:
        jobs = []

        def later(ready: Callable[[], Any], *work: Callable[[], Any]) -> None:
            def run() -> None:
                while not ready():
                    if stop.wait(0.02):
                        return
                for step in work:
                    step()

            jobs.append(pool.submit(run))

        yield later
        stop.set()
        for job in jobs:
            job.result(60)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fixtures of tests that need an API server; a conftest.py imports them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.bed import Bed
from tests.api.faults import FaultProxy


@pytest.fixture(scope="session")
def bed() -> Iterator[Bed]:
    """One API server for all tests of this process: each test takes a namespace of its own."""
    found = Bed.start()
    yield found
    found.stop()


@pytest.fixture
def namespace(bed: Bed, request: pytest.FixtureRequest) -> str:
    """A namespace of the test's own."""
    return bed.namespace(request.node.name.removeprefix("test_"))


@pytest.fixture
def proxy(bed: Bed) -> Iterator[FaultProxy]:
    """A proxy of the test's own before the API server."""
    found = bed.proxy()
    yield found
    bed.end_proxy(found)

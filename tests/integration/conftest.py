# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of the integration tests: workers take file by file, and none shall begin a long one at the end."""

from __future__ import annotations

import pytest

# Each a minute or more, by what their node ids begin with.
LONGEST = ("tests/integration/capi/", "tests/integration/api/children/test_causes", "tests/integration/api/mothership/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, all others as they are."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))

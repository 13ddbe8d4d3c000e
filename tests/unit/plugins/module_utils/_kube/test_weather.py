# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import passes


@pytest.mark.parametrize(
    ("status", "reason", "message", "weather"),
    [
        (503, "ServiceUnavailable", "", True),
        (429, "TooManyRequests", "storage is (re)initializing", True),
        (500, "", "etcdserver: leader changed", True),
        (500, "", "failed to create typed patch object (/x; /v1, Kind=ConfigMap): .data.x: expected string", False),
        (403, "Forbidden", "", False),
        (409, "Timeout", "", True),
        (422, "Invalid", "", False),
    ],
)
def test_an_object_that_will_never_be_taken_is_no_weather(
    status: int, reason: str, message: str, weather: bool
) -> None:
    assert passes(status, reason, message) is weather

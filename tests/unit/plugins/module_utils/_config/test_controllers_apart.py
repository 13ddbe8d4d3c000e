# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host gets does not depend on which others there are, so that hosts come and go without a restart."""

from __future__ import annotations

import pytest

from .support import cluster, differences, host, rendered

FIRST, SECOND, THIRD, WORKER = "10.0.0.11", "10.0.0.12", "10.0.0.13", "10.0.0.21"
ALL = [host(FIRST, "controller"), host(SECOND, "controller"), host(THIRD, "controller"), host(WORKER, "worker")]


@pytest.mark.parametrize("leaves", [FIRST, SECOND, THIRD, WORKER])
@pytest.mark.parametrize("version", ["v4.0.0", "v4.1.2", "v4.2.0"])
def test_a_host_that_comes_or_goes_changes_nothing_for_those_that_stay(version: str, leaves: str) -> None:
    shared = {"apiServer": {"externalAddress": "mke.example.com"}}
    whole = rendered(cluster(version, ALL, **shared))
    smaller = rendered(cluster(version, [item for item in ALL if item["ssh"]["address"] != leaves], **shared))
    assert {name: differences(whole[name], smaller[name]) for name in smaller} == {name: {} for name in smaller}

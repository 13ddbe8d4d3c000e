# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a live cluster has to hear before it becomes another release."""

from __future__ import annotations

from typing import Any, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.release_change import release_change

from .support import cluster

UNTOLD = "The cluster does not tell its MKE release; it becomes v4.1.2."
CHANGES = [
    ("v4.1.1", "v4.1.2", []),
    ("v4.1.2", "v4.1.2", []),
    ("v4.1.0", "v4.1.2", ["platform-reinstalled"]),
    ("v4.1.0", "v4.1.5", ["platform-reinstalled", "ingress-becomes-gateway"]),
    ("v4.1.2", "v4.1.5", ["ingress-becomes-gateway"]),
    ("v4.1.2", "v4.1.3", ["upgrade-refused", "ingress-becomes-gateway"]),
    ("v4.1.5", "v4.1.2", ["upgrade-refused"]),
]


@pytest.mark.parametrize(("current", "target", "told"), CHANGES)
def test_a_change_of_release_is_told_with_what_follows_from_it(current: str, target: str, told: List[str]) -> None:
    found = release_change(cluster(target), {"kind": "MkeConfig", "spec": {"version": current}})
    assert (found.current, found.target, [item.name for item in found.findings]) == (current, target, told)


@pytest.mark.parametrize(
    ("live", "text"),
    [
        ({"kind": "MkeConfig", "spec": {"version": "v4.1.1"}}, "MKE goes from v4.1.1 to v4.1.2."),
        ({"kind": "MkeConfig", "spec": {"version": "v4.1.2"}}, "MKE stays v4.1.2."),
        ({"kind": "MkeConfig", "spec": {}}, UNTOLD),
        (
            {"kind": "MkeConfig", "spec": {"version": "v9"}},
            UNTOLD,
        ),
        (None, UNTOLD),
    ],
)
def test_the_change_is_one_line(live: Any, text: str) -> None:
    assert release_change(cluster("v4.1.2"), live).text() == text

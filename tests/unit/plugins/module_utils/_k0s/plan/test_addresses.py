# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The address by which the other nodes know a host."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.addresses import AddressError, node_address

FACTS: dict[str, Any] = {
    "addresses": [
        {"interface": "lo", "address": "127.0.0.1", "prefix": 8},
        {"interface": "eth0", "address": "192.0.2.5", "prefix": 24},
        {"interface": "eth1", "address": "10.1.0.5", "prefix": 24},
        {"interface": "eth1", "address": "fe80::1", "prefix": 64},
    ],
    "default_address": "192.0.2.5",
}


def host(**values: Any) -> Any:
    defaults = {"name": "n1", "address": "203.0.113.7", "private_address": None, "private_interface": None}
    return SimpleNamespace(**{**defaults, **values})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"private_address": "10.9.9.9"}, "10.9.9.9"),
        ({"private_interface": "eth1"}, "10.1.0.5"),
        ({"address": "10.1.0.5"}, "10.1.0.5"),
        ({}, "192.0.2.5"),
        ({"address": "node.example.org"}, "192.0.2.5"),
    ],
)
def test_the_most_specific_wish_wins(values: dict[str, Any], expected: str) -> None:
    assert node_address(host(**values), FACTS) == expected


def test_an_interface_without_an_address_is_reported_with_those_that_have_one() -> None:
    with pytest.raises(AddressError, match=r"no IPv4 address on privateInterface eth9; it has eth0 192.0.2.5, eth1"):
        node_address(host(private_interface="eth9"), FACTS)


def test_an_address_that_cannot_be_told_names_the_fields_that_help() -> None:
    with pytest.raises(AddressError, match="set privateAddress or privateInterface"):
        node_address(host(), {"addresses": []})

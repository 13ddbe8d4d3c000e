# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which servers are reached through the proxy of the environment."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._kube.proxies import proxy_for

PROXY = "http://proxy:3128"


@pytest.mark.parametrize(
    ("server", "no_proxy", "direct"),
    [
        ("https://mke.example.com:6443", "", False),
        ("https://mke.example.com:6443", "example.com", True),
        ("https://mke.example.com:6443", "other.org, .example.com", True),
        ("https://mke.example.com:6443", "*.example.com", True),
        ("https://example.com:6443", "example.com", True),
        ("https://example.com:6443", ".example.com", False),
        ("https://notexample.com:6443", "example.com", False),
        ("https://mke.example.com:6443", "mke.example.com:6443", True),
        ("https://mke.example.com:6443", "mke.example.com:443", False),
        ("https://mke.example.com:6443", "10.0.0.0/8", False),
        ("https://10.0.0.11:6443", "10.0.0.0/8", True),
        ("https://10.0.0.11:6443", "10.0.0.11", True),
        ("https://10.0.0.11:6443", "10.0.0.1", False),
        ("https://10.0.0.11:6443", "10.0.0.11:6443", True),
        ("https://10.0.0.11:6443", "not/a/network", False),
        ("https://10.0.0.11:6443", "*", True),
        ("https://[fd00::1]:6443", "fd00::/8", True),
        ("https://[fd00::1]:6443", "[fd00::1]", True),
        ("https://[fd00::1]:6443", "fd00::2", False),
        ("https://localhost:6443", "", True),
        ("https://127.0.0.1:6443", "", True),
        ("https://[::1]:6443", "", True),
    ],
)
def test_no_proxy_counts_as_it_does_for_kubectl(server: str, no_proxy: str, direct: bool) -> None:
    assert proxy_for(server, {"HTTPS_PROXY": PROXY, "NO_PROXY": no_proxy}) == ("" if direct else PROXY)
    assert proxy_for(server, {"https_proxy": PROXY, "no_proxy": no_proxy.upper()}) == ("" if direct else PROXY)


def test_the_variable_is_that_of_the_servers_scheme() -> None:
    assert proxy_for("http://mke:8080", {"HTTPS_PROXY": PROXY}) == ""
    assert proxy_for("http://mke:8080", {"HTTP_PROXY": "proxy:3128"}) == PROXY
    assert proxy_for("https://mke", {}) == ""


@given(st.text(max_size=30))
def test_no_text_in_no_proxy_breaks_anything(text: str) -> None:
    assert proxy_for("https://10.0.0.11:6443", {"HTTPS_PROXY": PROXY, "NO_PROXY": text}) in ("", PROXY)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Order of k0s versions and the skew rules."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._k0s.versions import K0sVersion, refused_step, same_version

ORDER = [
    "v1.29.3",
    "v1.29.3+k0s.1",
    "v1.32.13+k0s.0",
    "v1.33.13-alpha.1+k0s.0",
    "v1.33.13-alpha.2+k0s.0",
    "v1.33.13-alpha.10+k0s.0",
    "v1.33.13-rc.0+k0s.0",
    "v1.33.13+k0s.0",
    "v1.33.13+k0s.1",
    "v1.33.13+k0s.10",
    "v1.34.0+k0s.0",
    "v2.0.0+k0s.0",
]


def test_versions_are_ordered_by_kubernetes_then_pre_release_then_k0s_build() -> None:
    assert [str(version) for version in sorted(map(K0sVersion, reversed(ORDER)))] == ORDER


@pytest.mark.parametrize("text", ["v1.33.13+k0s.0", "1.33.13+k0s.0", "v1.33.13+k0s", "v1.33.13", " v1.33.13+k0s.0\n"])
def test_spellings_of_one_version_are_the_same(text: str) -> None:
    assert same_version(text, "v1.33.13+k0s.0")


@given(st.text(max_size=30))
def test_any_text_is_a_version_or_a_clear_error(text: str) -> None:
    try:
        version = K0sVersion(text)
    except ValueError as error:
        message = str(error)
    else:
        message = f"{version} is not a k0s version" if version != K0sVersion(str(version)) else ""
    assert message == "" or message.startswith(repr(text))


def test_texts_that_are_no_versions_are_compared_as_they_are() -> None:
    assert same_version("devel", "devel")
    assert not same_version("devel", "v1.33.13+k0s.0")


@pytest.mark.parametrize(
    ("running", "wanted", "reason"),
    [
        ("v1.33.13+k0s.0", "v1.33.13+k0s.0", None),
        ("v1.33.13+k0s.0", "v1.33.13+k0s.1", None),
        ("v1.33.13+k0s.0", "v1.34.1+k0s.0", None),
        ("v1.33.13+k0s.1", "v1.33.13+k0s.0", "older than the running v1.33.13"),
        ("v1.33.13+k0s.0", "v1.35.1+k0s.0", "upgrade to a release of v1.34 first"),
        ("v1.33.13+k0s.0", "v2.0.0+k0s.0", "leaps over a minor release"),
    ],
)
def test_one_minor_at_a_time_and_never_back(running: str, wanted: str, reason: str) -> None:
    refused = refused_step(running, wanted)
    assert refused is None if reason is None else reason in (refused or "")

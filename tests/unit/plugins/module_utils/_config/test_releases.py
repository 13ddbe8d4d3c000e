# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases: what they bring, how they are named, and which may follow which."""

from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.releases import (
    DEFAULT,
    RELEASES,
    UnknownRelease,
    refused_upgrade,
    release,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.versions import k0s_numbers


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("v4.1.2", "v4.1.2"),
        ("4.1.2", "v4.1.2"),
        (" V4.1.2 ", "v4.1.2"),
        ("Alpha.1", "Alpha.1"),
        ("alpha1", "Alpha.1"),
        ("v4.0.0-alpha.1", "Alpha.1"),
        ("RC.1", "rc.1"),
        ("v4.0.0-rc.1", "rc.1"),
    ],
)
def test_a_release_is_found_by_any_of_its_names(name: str, found: str) -> None:
    assert release(name).name == found


@pytest.mark.parametrize("name", ["", "4.1", "v4.1.9", "latest", "v" * 500])
def test_an_unknown_release_names_those_that_are_known(name: str) -> None:
    with pytest.raises(UnknownRelease, match=r"v4\.1\.2") as error:
        release(name)
    assert len(str(error.value)) < 300


def test_the_default_release_is_known() -> None:
    assert release(DEFAULT).name == "v4.1.2"


def test_every_release_has_a_real_k0s_version() -> None:
    assert all(k0s_numbers(item.k0s) > (1, 28, 0) for item in RELEASES)


def test_components_are_overridden_one_by_one() -> None:
    changed = release("v4.1.2").with_components({"k0s": "v1.33.13+k0s.0", "calico": ""})
    assert (changed.k0s, changed.calico, changed.k0rdent) == ("v1.33.13+k0s.0", "v3.30.200", "1.1.0")


def test_4_1_3_is_refused_as_a_target_with_the_way_round_it() -> None:
    reason = refused_upgrade(release("v4.1.2"), release("v4.1.3"))
    assert reason is not None
    assert "new clusters only" in reason
    assert "Upgrade to v4.1.4 instead" in reason


@pytest.mark.parametrize(
    ("current", "target"), [("v4.1.0", "v4.1.1"), ("v4.1.1", "v4.1.2"), ("v4.1.2", "v4.1.5"), ("v4.1.2", "v4.1.2")]
)
def test_a_supported_upgrade_is_allowed(current: str, target: str) -> None:
    assert refused_upgrade(release(current), release(target)) is None


@pytest.mark.parametrize(
    ("current", "target", "reason"),
    [
        ("v4.1.2", "v4.1.1", "older"),
        ("v4.0.0", "v4.1.0", "from no release"),
        ("v4.1.2", "v4.2.0", "from v4.1.5"),
        ("v4.0.0", "v4.1.3", "a later release"),
    ],
)
def test_any_other_upgrade_is_refused_with_the_reason(current: str, target: str, reason: str) -> None:
    assert reason in (refused_upgrade(release(current), release(target)) or "")

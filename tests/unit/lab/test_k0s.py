# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which k0s the host tests run on."""

from __future__ import annotations

import os
import time
import urllib.error
from pathlib import Path
from typing import List

import pytest

from tests.lab.mke4k_lab import k0s, tools
from tests.lab.mke4k_lab.errors import LabError

CACHED = "v1.33.12+k0s.0"


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> List[str]:
    """No network; the URLs that were asked for."""
    asked: List[str] = []

    def refuse(url: str, timeout: float) -> None:
        asked.append(url)
        raise urllib.error.URLError("no route to host")

    monkeypatch.setattr("urllib.request.urlopen", refuse)
    return asked


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> List[str]:
    """A simulator that needs no building; the versions asked for."""
    versions: List[str] = []

    def build(cache: Path, version: str) -> Path:
        versions.append(version)
        return put(cache / "simulator" / version / "k0s")

    monkeypatch.setattr(tools, "ensure_simulator", build)
    return versions


def put(path: Path, version: str = "") -> Path:
    """An executable that tells the version as k0s does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_without_network_and_cache_the_simulator_is_taken_and_named(
    tmp_path: Path, offline: List[str], built: List[str]
) -> None:
    choice = k0s.choose(tmp_path)
    assert (choice.kind, choice.version) == ("simulator", k0s.DEFAULT_VERSION)
    assert choice.sentence() == f"host tests run on: the SIMULATOR, a test double of k0s, {k0s.DEFAULT_VERSION}"
    assert k0s.programs_for(choice) == tools.FOR_SIMULATOR


def test_without_network_a_cached_binary_comes_before_the_simulator(tmp_path: Path, offline: List[str]) -> None:
    put(tmp_path / "k0s" / CACHED / "k0s")
    choice = k0s.choose(tmp_path)
    assert (choice.kind, choice.version) == ("cached", CACHED)
    assert choice.path == str(tmp_path / "k0s" / CACHED / "k0s")
    assert k0s.programs_for(choice) == tools.FOR_K0S


def test_a_version_that_is_not_cached_is_simulated(tmp_path: Path, offline: List[str], built: List[str]) -> None:
    put(tmp_path / "k0s" / CACHED / "k0s")
    assert k0s.choose(tmp_path, version="v1.34.4+k0s.0").kind == "simulator"
    assert built == ["v1.34.4+k0s.0"]


def test_the_simulator_plays_every_version_over_one_kubernetes(tmp_path: Path, built: List[str]) -> None:
    choice = k0s.choose(tmp_path, "simulator", "v1.34.4+k0s.0")
    assert choice.version == "v1.34.4+k0s.0"
    assert k0s.kubernetes_version(choice) == k0s.DEFAULT_VERSION


def test_an_official_release_comes_first_and_needs_no_other_programs(tmp_path: Path, offline: List[str]) -> None:
    binary = put(tmp_path / "k0s-release" / k0s.DEFAULT_VERSION / "k0s")
    os.truncate(binary, k0s.WITH_PAYLOAD + 1)
    choice = k0s.choose(tmp_path)
    assert choice.kind == "release"
    assert k0s.programs_for(choice) == ()
    assert offline == []


def test_a_network_without_the_release_is_not_asked_again_at_once(
    tmp_path: Path, offline: List[str], built: List[str]
) -> None:
    k0s.choose(tmp_path)
    k0s.choose(tmp_path)
    assert len(offline) == 1
    marker = tmp_path / "k0s-release" / f".{k0s.DEFAULT_VERSION}.unreachable"
    an_hour_ago = time.time() - k0s.UNREACHABLE_SECONDS - 1
    os.utime(marker, (an_hour_ago, an_hour_ago))
    k0s.choose(tmp_path)
    assert len(offline) == 2


def test_a_release_that_was_asked_for_and_cannot_be_had_is_an_error(tmp_path: Path, offline: List[str]) -> None:
    with pytest.raises(LabError, match=r"checksum file of k0s v1\.33.*no route to host"):
        k0s.choose(tmp_path, "release")


def test_a_path_is_asked_for_its_version(tmp_path: Path) -> None:
    binary = put(tmp_path / "mine" / "k0s", "v1.35.4+k0s.0")
    choice = k0s.choose(tmp_path, str(binary))
    assert (choice.kind, choice.version, choice.path) == ("path", "v1.35.4+k0s.0", str(binary))
    assert len(choice.sha256) == 64
    with pytest.raises(LabError, match=r"but v1\.33\.13"):
        k0s.choose(tmp_path, str(binary), "v1.33.13+k0s.0")


def test_a_path_that_is_no_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="no executable file; it takes a path, `release` or `simulator`"):
        k0s.choose(tmp_path, str(tmp_path / "nothing"))


def test_a_word_that_is_no_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"'1\.33' is no version of k0s"):
        k0s.choose(tmp_path, "simulator", "1.33")


def test_the_newest_of_the_usual_minor_is_preferred_to_newer_minors() -> None:
    versions = ["v1.33.9+k0s.0", "v1.33.13-rc.0+k0s.0", "v1.33.13+k0s.1", "v1.33.13+k0s.0", "v1.34.4+k0s.0"]
    assert k0s.newest_cached(versions, "") == "v1.33.13+k0s.1"
    assert k0s.newest_cached(versions, "v1.34.4+k0s.0") == "v1.34.4+k0s.0"
    assert k0s.newest_cached(["v1.34.4+k0s.0", "v1.34.10+k0s.0"], "") == "v1.34.10+k0s.0"
    assert k0s.newest_cached([], "") == ""


def test_checksum_lines_are_read_with_and_without_the_mark_of_binary_mode() -> None:
    text = "AB12  k0s-v1.33.13+k0s.0-amd64\ncd34 *k0s-v1.33.13+k0s.0-arm64\n\n"
    assert k0s.parse_sums(text) == {"k0s-v1.33.13+k0s.0-amd64": "ab12", "k0s-v1.33.13+k0s.0-arm64": "cd34"}

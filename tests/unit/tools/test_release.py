# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes with the archive of a release."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.tools.release import CHECKSUMS, checksums, notes, section
from tests.tools.setting import Setting

CHANGELOG = "# Notes\n\n## v1\\.1\\.0\n\nNew\\.\n\n### Bugfixes\n\n* one\n\n## v1\\.0\\.0\n\nOld\\.\n"


def test_a_release_has_the_notes_of_its_own_version() -> None:
    assert section(CHANGELOG, "1.1.0") == "New\\.\n\n### Bugfixes\n\n* one\n"
    assert section(CHANGELOG, "1.0.0") == "Old\\.\n"
    assert section(CHANGELOG, "2.0.0") == ""


@pytest.mark.parametrize(("version", "fragment"), [("2.0.0", ""), ("1.1.0", "new.yml")])
def test_without_notes_or_with_fragments_left_there_is_no_release(
    tmp_path: Path, version: str, fragment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    (tmp_path / "changelogs" / "fragments").mkdir(parents=True)
    if fragment:
        (tmp_path / "changelogs" / "fragments" / fragment).write_text("minor_changes: []\n")
    assert notes(Setting(tmp_path, ("2.21",)), tmp_path, version).failed == 1
    assert (fragment or version) in capsys.readouterr().out


def test_sha256sum_agrees_with_the_checksums(tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz").write_bytes(b"archive")
    (tmp_path / CHECKSUMS).write_text("".join(checksums(tmp_path)))
    done = subprocess.run(["sha256sum", "--check", "--strict", CHECKSUMS], cwd=tmp_path, check=False)
    assert done.returncode == 0

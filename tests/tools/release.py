# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a release consists of: the archive, its notes, its bill of materials, and the checksums of all of them."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
from pathlib import Path
from typing import Any, Dict, Iterator, List

from tests.tools.build import ARCHIVES
from tests.tools.outcome import Outcome, Result, show, simple
from tests.tools.prepare import GALAXY
from tests.tools.setting import Setting

RELEASE = Path(".build/release")
CHECKSUMS = "SHA256SUMS"


def release(setting: Setting) -> Iterator[Outcome]:
    """Put the archive that `build` made, and what goes with it, into .build/release."""
    folder = setting.root / RELEASE
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    archive = Path(shutil.copy2(max((setting.root / ARCHIVES).glob("*.tar.gz")), folder))
    version = str(collection_info(archive)["version"])
    yield notes(setting, folder, version)
    bill = folder / f"{archive.name.removesuffix('.tar.gz')}.cdx.json"
    argv = ("python", "-m", "tests.tools.sbom", str(archive), str(bill))
    yield simple(setting.command_in("bill of materials", GALAXY, *argv, cwd=setting.root, PYTHONPATH=str(setting.root)))
    (folder / CHECKSUMS).write_text("".join(checksums(folder)))
    print(f"       {folder.relative_to(setting.root)}: {', '.join(sorted(path.name for path in folder.iterdir()))}")


def collection_info(archive: Path) -> Dict[str, Any]:
    """What the archive says of itself."""
    with tarfile.open(archive) as tar:
        manifest = tar.extractfile("MANIFEST.json")
        assert manifest is not None
        return dict(json.load(manifest)["collection_info"])


def notes(setting: Setting, folder: Path, version: str) -> Outcome:
    """Take the notes of this version from the changelog. Without any, or with fragments left, there is no release."""
    text = section((setting.root / "CHANGELOG.md").read_text(encoding="utf-8"), version)
    left = sorted(path.name for path in (setting.root / "changelogs" / "fragments").glob("*.y*ml"))
    reasons = [] if text else [f"CHANGELOG.md has nothing about {version}"]
    reasons += [f"{name} is not in the changelog yet: run `make changelog`" for name in left]
    target = folder / f"notes-{version}.md"
    target.write_text(text, encoding="utf-8")
    failed = int(bool(reasons))
    outcome = Outcome("release notes", 1 - failed, failed)
    show(outcome, Result(failed, 0.0, "\n".join(reasons)), target)
    return outcome


def section(changelog: str, version: str) -> str:
    """Return what stands below the heading of one version; antsibull-changelog puts backslashes before dots."""
    lines = changelog.splitlines()
    starts = [number for number, line in enumerate(lines) if line.replace("\\", "") == f"## v{version}"]
    if not starts:
        return ""
    rest = lines[starts[0] + 1 :]
    end = next((number for number, line in enumerate(rest) if line.startswith("## ")), len(rest))
    return "\n".join(rest[:end]).strip() + "\n"


def checksums(folder: Path) -> List[str]:
    """Return a line for each file, as sha256sum --check reads it."""
    return [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.iterdir())]

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn the changelog fragments into the release notes of the version in galaxy.yml: make changelog.

Repeated for the same version it takes in new fragments and new modules.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.tools.checkout import COLLECTION, copy_checkout
from tests.tools.prepare import CORES
from tests.tools.setting import Setting

MADE = ("CHANGELOG.md", "changelogs/changelog.yaml")


def main(root: Path) -> int:
    """Make the notes in the copy, where modules can be found, and take them over."""
    tree = copy_checkout(root)
    copy = tree / COLLECTION
    setting = Setting(root, (next(iter(CORES)),))
    argv = ("antsibull-changelog", "release", "--update-existing", "--reload-plugins")
    environment = {"ANSIBLE_COLLECTIONS_PATH": str(tree)}
    result = setting.command("changelog", setting.cores[0], *argv, cwd=copy, **environment).run()
    if result.code:
        print(result.tail())
        return result.code
    for name in MADE:
        shutil.copy2(copy / name, root / name)
    for fragment in sorted((root / "changelogs" / "fragments").glob("*.y*ml")):
        if not (copy / fragment.relative_to(root)).exists():
            fragment.unlink()
    subprocess.run(["git", "-C", str(root), "status", "--short", *MADE, "changelogs/fragments"], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[2]))

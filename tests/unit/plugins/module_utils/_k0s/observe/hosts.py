# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host made of files."""

from __future__ import annotations

import os
from pathlib import Path

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import Root

FIXTURES = Path(__file__).parent.parent / "fixtures"


class OtherHost:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)

    @property
    def root(self) -> Root:
        return Root(str(self.folder))

    def path(self, path: str) -> Path:
        return self.folder / path.lstrip("/")

    def write(self, path: str, content: str = "", mtime: float = 0.0) -> Path:
        target = self.path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
        if mtime:
            os.utime(target, (mtime, mtime))
        return target

    def copy(self, path: str, fixture: str) -> Path:
        return self.write(path, recorded(fixture))


def recorded(name: str) -> str:
    return (FIXTURES / name).read_text()

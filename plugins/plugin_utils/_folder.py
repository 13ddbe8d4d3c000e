# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text files in a folder of the control node that are written, and taken away, only where they differ.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError


@dataclass(frozen=True)
class Written:
    """What became of one file."""

    path: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after

    def diff(self) -> dict[str, Any]:
        return {
            "before_header": self.path,
            "after_header": self.path,
            "before": self.before,
            "after": self.after,
        }


def make_files(folder: str, texts: Mapping[str, str], dry_run: bool) -> list[Written]:
    """Folders that are missing are made. A file is replaced in one step: a reader never sees half of it."""
    return [_made(Path(folder, name), text, dry_run) for name, text in sorted(texts.items())]


def remove_files(folder: str, names: Sequence[str], dry_run: bool) -> list[Written]:
    return [_made(Path(folder, name), "", dry_run) for name in sorted(names)]


def _made(path: Path, text: str, dry_run: bool) -> Written:
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if before != text and not dry_run:
            _replace(path, text)
    except (OSError, UnicodeError) as error:
        raise AnsibleError(f"{path} could not be written on the control node: {error}") from error
    return Written(str(path), before, text)


def _replace(path: Path, text: str) -> None:
    if not text:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    young = path.with_name(f".{path.name}.new")
    young.write_text(text, encoding="utf-8")
    young.replace(path)

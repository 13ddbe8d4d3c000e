# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two forms in which tools see this checkout as a collection: a link for work, a copy for ansible-test."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import List, Set

COLLECTION = Path("ansible_collections/mke4k/core")
DEV = Path(".build/dev")
COPY = Path(".build/copy")


def link_checkout(root: Path) -> Path:
    """Return a folder in which ansible_collections/mke4k/core is a link to the checkout."""
    tree = root / DEV
    link = tree / COLLECTION
    link.parent.mkdir(parents=True, exist_ok=True)
    target = os.path.relpath(root, link.parent)
    if not (link.is_symlink() and os.readlink(link) == target):
        # Written beside and renamed: several test processes may do this at once.
        fresh = link.parent / f".core-{os.getpid()}"
        fresh.symlink_to(target)
        fresh.replace(link)
    return tree


def project_files(root: Path) -> List[str]:
    """Return what belongs to the project: tracked files, and new ones that are not ignored."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode()
    return sorted({name for name in listing.split("\0") if name and (root / name).is_file()})


def copy_checkout(root: Path, name: str = "") -> Path:
    """Copy the project's files to a real ansible_collections tree, as a git repository of its own.

    ansible-test refuses links, and without a repository it would test caches and other leftovers too. It also writes
    beside what it tests, so those that run side by side need copies of different names.
    """
    tree = root / f"{COPY}-{name}" if name else root / COPY
    copy = tree / COLLECTION
    wanted = project_files(root)
    copy.mkdir(parents=True, exist_ok=True)
    if not (copy / ".git").is_dir():
        subprocess.run(["git", "init", "--quiet", str(copy)], check=True)
    _remove_others(copy, set(wanted))
    for file in wanted:
        _copy_changed(root / file, copy / file)
    subprocess.run(["git", "-C", str(copy), "add", "--all"], check=True)
    return tree


def _remove_others(copy: Path, wanted: Set[str]) -> None:
    for name in project_files(copy):
        if name not in wanted:
            (copy / name).unlink(missing_ok=True)
    for folder in sorted((path for path in copy.rglob("*") if path.is_dir()), reverse=True):
        if ".git" not in folder.relative_to(copy).parts and not any(folder.iterdir()):
            folder.rmdir()


def _copy_changed(source: Path, target: Path) -> None:
    if source.is_symlink():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.symlink_to(os.readlink(source))
        return
    before = target.stat() if target.exists() else None
    now = source.stat()
    if before and (before.st_mtime_ns, before.st_size, before.st_mode) == (now.st_mtime_ns, now.st_size, now.st_mode):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def main() -> None:
    """Make the link."""
    link_checkout(Path(__file__).resolve().parents[2])


if __name__ == "__main__":
    main()

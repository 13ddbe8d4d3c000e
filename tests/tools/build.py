# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's archive, what Galaxy says of it, and its installation into a clean folder."""

from __future__ import annotations

import re
import shutil
import tarfile
from pathlib import Path, PurePosixPath
from typing import Iterator, List

from tests.tools.checkout import COLLECTION, copy_checkout
from tests.tools.outcome import Outcome, Result, show, simple
from tests.tools.prepare import GALAXY
from tests.tools.setting import Setting

INSTALLED = Path(".build/installed")
ARCHIVES = Path(".build/archives")
# A collection has to work when nothing else of it is left (requirements of the package `ansible`).
NEEDED = ("MANIFEST.json", "FILES.json", "meta", "playbooks", "plugins", "roles")
# What an installed collection may hold at its top; all else is for people who work on it.
SHIPPED = {
    "CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "COPYING", "FILES.json", "MANIFEST.json", "README.md",
    "changelogs", "extensions", "meta", "playbooks", "plugins", "requirements.txt", "roles",
}  # fmt: skip


def build(setting: Setting) -> Iterator[Outcome]:
    """Build the archive from the project's files, install it without network, and let Ansible find everything."""
    core, root = setting.cores[0], setting.root
    copy = copy_checkout(root) / COLLECTION
    archives, fresh = root / ARCHIVES, root / INSTALLED.with_suffix(".new")
    shutil.rmtree(archives, ignore_errors=True)
    shutil.rmtree(fresh, ignore_errors=True)
    galaxy = ("ansible-galaxy", "collection")
    built = simple(
        setting.command("galaxy build", core, *galaxy, "build", "--output-path", str(archives), cwd=copy),
    )
    yield built
    if built.failed:
        return
    archive = max(archives.glob("*.tar.gz"))
    yield contents(archive)
    yield galaxy_import(setting, archive)
    install = (*galaxy, "install", "--offline", "--no-deps", "-p", str(fresh), str(archive))
    yield simple(
        setting.command("galaxy install", core, *install, cwd=root / ".build", ANSIBLE_COLLECTIONS_PATH=str(fresh))
    )
    collections = {"ANSIBLE_COLLECTIONS_PATH": str(take_over(fresh, root / INSTALLED))}
    verify = (*galaxy, "verify", "--offline", "mke4k.core")
    yield simple(setting.command("galaxy verify", core, *verify, cwd=root / ".build", **collections))
    yield stripped(setting, root / INSTALLED)
    for each in setting.cores:
        modules = sorted(path.stem for path in (copy / "plugins" / "modules").glob("*.py"))
        names = [f"mke4k.core.{module}" for module in modules]
        name = f"documentation of the installed modules on ansible-core {each}"
        argv = ("ansible-doc", "-t", "module", *names)
        yield simple(setting.command(name, each, *argv, cwd=root / ".build", **collections))


def galaxy_import(setting: Setting, archive: Path) -> Outcome:
    """Let the importer of Galaxy read the archive. Its ansible-lint takes minutes, and `make lint` has run it."""
    switches = {
        "GALAXY_IMPORTER_CHECK_REQUIRED_TAGS": "true",
        "GALAXY_IMPORTER_RUN_ANSIBLE_LINT": str(setting.every).lower(),
    }
    work = setting.root / ".build" / "galaxy-import"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    argv = ("python", "-m", "galaxy_importer.main", str(archive))
    return simple(setting.command_in("galaxy import", GALAXY, *argv, cwd=work, **switches))


def stripped(setting: Setting, installed: Path) -> Outcome:
    """Let Ansible read all playbooks, with their roles and modules, of a collection without its other folders."""
    tree = setting.root / ".build" / "stripped"
    shutil.rmtree(tree, ignore_errors=True)
    target = tree / COLLECTION
    target.mkdir(parents=True)
    for name in NEEDED:
        source = installed / COLLECTION / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, target / name)
    playbooks = sorted(f"mke4k.core.{path.stem}" for path in (target / "playbooks").glob("*.yml"))
    argv = ("ansible-playbook", "--syntax-check", *playbooks)
    collections = {"ANSIBLE_COLLECTIONS_PATH": str(tree)}
    return simple(setting.command("only what is needed", setting.cores[0], *argv, cwd=tree, **collections))


def take_over(fresh: Path, installed: Path) -> Path:
    """Put a new installation in the place of the old one; a run that reads the old one misses nothing for long."""
    old = installed.with_suffix(".old")
    shutil.rmtree(old, ignore_errors=True)
    if installed.is_dir():
        installed.rename(old)
    fresh.rename(installed)
    shutil.rmtree(old, ignore_errors=True)
    return installed


def contents(archive: Path) -> Outcome:
    """Check that the archive holds what users need and nothing of the workshop."""
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    strangers = unexpected(names)
    size = archive.stat().st_size
    failed = int(bool(strangers))
    outcome = Outcome("contents of the archive", 1 - failed, failed, 0.0, (f"{size // 1024} KiB",))
    reasons = "\n".join(f"not to be shipped: {name}" for name in strangers)
    show(outcome, Result(failed, 0.0, reasons), archive)
    return outcome


def unexpected(names: List[str]) -> List[str]:
    """Return the names that have no business in the archive."""
    junk = re.compile(r"\.pyc$|\.retry$|\.tar\.gz$|(^|/)(__pycache__|\.[^/]+_cache)(/|$)")
    return [name for name in names if PurePosixPath(name).parts[0] not in SHIPPED or junk.search(name)]

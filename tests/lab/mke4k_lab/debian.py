# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Picking programs with the libraries they need out of a Debian root."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict, List, Sequence

from .errors import LabError
from .run import run

LIBRARY = re.compile(r"(/\S+) \(0x")


def files_of_programs(root: Path, programs: Sequence[str], modules: Sequence[str]) -> Dict[str, Path]:
    """Path in an image → file, for the programs, the modules (patterns) they load, and the libraries of all of them."""
    wanted = [*programs, *(str(path.relative_to(root)) for pattern in modules for path in sorted(root.glob(pattern)))]
    told = run(["chroot", str(root), "ldd", *(f"/{name}" for name in wanted)], what="Looking for libraries")
    return {name: inside(root, name) for name in [*wanted, *libraries(told)]}


def libraries(ldd: str) -> List[str]:
    """The libraries that ldd names, each once, below /usr where Debian has them today."""
    found = (path if path.startswith("/usr/") else f"/usr{path}" for path in LIBRARY.findall(ldd))
    return list(dict.fromkeys(path.lstrip("/") for path in found))


def inside(root: Path, name: str) -> Path:
    """The file that the name means in the root, with links followed as the root has them."""
    path = root / name
    for _step in range(10):
        if not path.is_symlink():
            return path
        target = path.readlink()
        path = root / str(target).lstrip("/") if target.is_absolute() else path.parent / target
    raise LabError(f"/{name} of the Debian root in {root} is a link without an end.")

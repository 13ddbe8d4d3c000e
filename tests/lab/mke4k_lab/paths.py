# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the lab keeps what it makes: everything is under one cache folder."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .errors import LabError

DEFAULT_NAME = "mke4k"
# The machine name of a host (name-host) has to stay below the 64 characters of a host name.
NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?")

LAB_FOLDER = Path(__file__).resolve().parent.parent
COLLECTION_FOLDER = LAB_FOLDER.parent.parent
CHARTS_FOLDER = LAB_FOLDER / "charts"
TOOLS_FOLDER = LAB_FOLDER / "tools"
SIMULATOR_FOLDER = LAB_FOLDER / "simulator"


def cache_root() -> Path:
    """The folder that outlives labs; MKE4K_LAB_CACHE moves it."""
    given = os.environ.get("MKE4K_LAB_CACHE", "")
    return Path(given) if given else Path.home() / ".cache" / "mke4k-lab"


@dataclass(frozen=True)
class LabPaths:
    """The files of one lab, by its name."""

    name: str
    cache: Path

    @property
    def run(self) -> Path:
        return self.cache / "run" / self.name

    @property
    def state(self) -> Path:
        return self.run / "state.json"

    @property
    def hosts(self) -> Path:
        return self.run / "hosts"

    @property
    def binaries(self) -> Path:
        return self.run / "bin"

    @property
    def logs(self) -> Path:
        return self.run / "log"

    @property
    def inventory(self) -> Path:
        return self.run / "inventory.yml"

    @property
    def hosts_json(self) -> Path:
        return self.run / "hosts.json"

    @property
    def ssh_config(self) -> Path:
        return self.run / "ssh_config"

    @property
    def registry(self) -> Path:
        return self.run / "registry"

    @property
    def registry_json(self) -> Path:
        return self.run / "registry.json"

    @property
    def services(self) -> Path:
        return self.run / "services"

    @property
    def ssh_key(self) -> Path:
        return self.cache / "ssh" / "id_ed25519"

    @property
    def lock(self) -> Path:
        return self.cache / "run" / f".{self.name}.lock"


def lab_paths(name: str) -> LabPaths:
    """The paths of the lab of this name, after a look at the name."""
    if not NAME.fullmatch(name):
        raise LabError(f"The lab name {name!r} is not usable: at most 24 of a-z, 0-9 and -, no - at its ends.")
    return LabPaths(name=name, cache=cache_root())

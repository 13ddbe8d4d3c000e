# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real Cluster API and its provider for AWS: which versions belong together, and the programs built from them.

A pair is built from Go modules once, into the cache of the lab. CRDs and webhooks are read where Go keeps modules.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.lab.mke4k_lab import golang
from tests.lab.mke4k_lab.errors import LabError
from tests.lab.mke4k_lab.files import sha256_of_folder
from tests.lab.mke4k_lab.paths import cache_root
from tests.lab.mke4k_lab.run import run
from tests.lab.mke4k_lab.tools import build_program

MODULES = Path(__file__).parent / "modules"
CAPI, CAPA = "sigs.k8s.io/cluster-api", "sigs.k8s.io/cluster-api-provider-aws/v2"
WHICH = "MKE4K_CAPI_PAIRS"


@dataclass(frozen=True)
class Source:
    """A module, and the folder of the go.mod that pins it and what it is built with."""

    module: str
    folder: str

    @property
    def version(self) -> str:
        text = (MODULES / self.folder / "go.mod").read_text(encoding="utf-8")
        found = [line.split() for line in text.splitlines() if line.strip().startswith(f"{self.module} v")]
        if not found:
            raise LabError(f"tests/capi/modules/{self.folder}/go.mod requires no {self.module}.")
        return found[0][1]

    def build(self) -> Path:
        """Its program, built where it is missing."""
        folder = MODULES / self.folder
        name = "capi" if self.module == CAPI else "capa"
        place = cache_root() / "tools" / f"{name}-{self.version}-{sha256_of_folder(folder)[:12]}" / name
        build_program(cache_root(), place, folder, self.module, tags="", ldflags="-s -w")
        return place

    def files(self) -> Path:
        """Where Go keeps the files of the module; they are fetched where they are missing."""
        return _files(self.module, self.folder)


@dataclass(frozen=True)
class Pair:
    """Versions that work together."""

    name: str
    capi: Source
    capa: Source

    def __str__(self) -> str:
        return f"Cluster API {self.capi.version} with its provider for AWS {self.capa.version}"

    @property
    def has_two_versions(self) -> bool:
        """Whether this Cluster API has v1beta2 besides v1beta1, and converts between them."""
        return (self.capi.files() / "api" / "core" / "v1beta2").is_dir()

    @property
    def finds_aws_by_environment(self) -> bool:
        """Whether the provider heeds AWS_ENDPOINT_URL, as it does since it uses the second SDK for Go."""
        return minor_of(self.capa.version) >= 9


@lru_cache(maxsize=None)
def _files(module: str, folder: str) -> Path:
    command = [golang.program(cache_root()), "mod", "download", "-json", module]
    told = run(command, cwd=MODULES / folder, env=golang.environment(), what=f"Getting {module}")
    return Path(json.loads(told)["Dir"])


def minor_of(version: str) -> int:
    """8 of v2.8.2."""
    return int(version.split(".")[1])


# The first one is what is tested always; the second one is that of k0rdent Enterprise 1.1.
PAIRS: Mapping[str, Pair] = {
    pair.name: pair
    for pair in (
        Pair("capa-2.11", Source(CAPI, "capa-2.11"), Source(CAPA, "capa-2.11")),
        Pair("capa-2.8", Source(CAPI, "capi-1.10"), Source(CAPA, "capa-2.8")),
    )
}


def wanted_pairs() -> list[Pair]:
    """The first one, or those that MKE4K_CAPI_PAIRS names (`all`: all of them)."""
    given = os.environ.get(WHICH, "").replace(",", " ").split()
    if given == ["all"]:
        return list(PAIRS.values())
    unknown = [name for name in given if name not in PAIRS]
    if unknown:
        raise LabError(f"{WHICH} names {', '.join(unknown)}; known are {', '.join(PAIRS)} and all.")
    return [PAIRS[name] for name in given] or [next(iter(PAIRS.values()))]

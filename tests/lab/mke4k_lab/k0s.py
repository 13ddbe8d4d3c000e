# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which k0s the host tests run on: an official release, a path, a cached binary, or the simulator."""

from __future__ import annotations

import os
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Optional, Sequence, Tuple

from . import tools
from .arch import architecture
from .errors import LabError
from .files import building, sha256_of
from .run import run
from .say import say

DEFAULT_VERSION = "v1.33.13+k0s.0"
RELEASES = "https://github.com/k0sproject/k0s/releases/download"
VERSION = re.compile(r"v\d+\.\d+\.\d+(?:-[a-z0-9.]+)?\+k0s\.\d+")
CONNECT_SECONDS = 4
# A network without the release is asked again after this time.
UNREACHABLE_SECONDS = 3600
# k0s without its payload of Kubernetes programs has about 110 MB, with it over 200 MB.
WITH_PAYLOAD = 180_000_000

RELEASE, PATH, CACHED, SIMULATOR = "release", "path", "cached", "simulator"


@dataclass(frozen=True)
class Choice:
    """The binary that the hosts get, and what it is."""

    kind: str
    path: str
    version: str
    sha256: str

    def sentence(self) -> str:
        words = {
            RELEASE: "the official release of k0s",
            PATH: f"the k0s binary {self.path}",
            CACHED: f"a cached k0s binary, {self.path}",
            SIMULATOR: "the SIMULATOR, a test double of k0s",
        }
        return f"host tests run on: {words[self.kind]}, {self.version}"


def choose(cache: Path, wanted: str = "", version: str = "") -> Choice:
    """Decides by MKE4K_LAB_K0S (`wanted`) and the version, and makes the binary ready."""
    if version and not VERSION.fullmatch(version):
        raise LabError(f"{version!r} is no version of k0s such as {DEFAULT_VERSION}.")
    if wanted == SIMULATOR:
        return _simulator(cache, version)
    if wanted == RELEASE:
        path = release(cache, version or DEFAULT_VERSION, patient=True)
        return _choice(RELEASE, path, version or DEFAULT_VERSION)
    if wanted:
        return _by_path(Path(wanted), version)
    found = release(cache, version or DEFAULT_VERSION, patient=False)
    if found is not None:
        return _choice(RELEASE, found, version or DEFAULT_VERSION)
    cached = newest_cached(cached_versions(cache), version)
    if cached:
        return _choice(CACHED, cache / "k0s" / cached / "k0s", cached)
    return _simulator(cache, version)


def programs_for(choice: Choice) -> Tuple[str, ...]:
    """The programs that the hosts need beside it."""
    if choice.kind == SIMULATOR:
        return tools.FOR_SIMULATOR
    return () if Path(choice.path).stat().st_size > WITH_PAYLOAD else tools.FOR_K0S


def kubernetes_version(choice: Choice) -> str:
    """The k0s whose Kubernetes they are; the simulator takes one and the same for every version it plays."""
    return DEFAULT_VERSION if choice.kind == SIMULATOR else choice.version


def cached_versions(cache: Path) -> Tuple[str, ...]:
    """The versions of which a binary was put into the cache by hand (k0s/<version>/k0s)."""
    return tuple(path.parent.name for path in (cache / "k0s").glob("*/k0s") if VERSION.fullmatch(path.parent.name))


def newest_cached(versions: Sequence[str], wanted: str) -> str:
    """The wanted version if it is there; with none wanted the newest of the default's minor, else the newest."""
    if wanted:
        return wanted if wanted in versions else ""
    default = tools.minor_of(DEFAULT_VERSION)
    ordered = sorted(versions, key=lambda version: (tools.minor_of(version) == default, version_key(version)))
    return ordered[-1] if ordered else ""


def version_key(version: str) -> Tuple[int, ...]:
    """Sorts versions by their numbers; a pre-release comes before its release."""
    numbers = [int(number) for number in re.findall(r"\d+", version.partition("-")[0].partition("+")[0])]
    build = int(version.rpartition(".")[2]) if "+" in version else 0
    return (*numbers, 0 if "-" in version else 1, build)


def release(cache: Path, version: str, *, patient: bool) -> Optional[Path]:
    """The official binary, checked against the release's checksum file; None when the network does not have it."""
    target = cache / "k0s-release" / version / "k0s"
    marker = cache / "k0s-release" / f".{version}.unreachable"
    if target.exists():
        return target
    if not patient and marker.exists() and time.time() - marker.stat().st_mtime < UNREACHABLE_SECONDS:
        return None
    base = f"{RELEASES}/{version.replace('+', '%2B')}"
    asset = f"k0s-{version}-{architecture()}"
    try:
        with urllib.request.urlopen(f"{base}/sha256sums.txt", timeout=CONNECT_SECONDS) as answer:  # noqa: S310
            sums = parse_sums(answer.read().decode())
    except (OSError, urllib.error.URLError) as error:
        if patient:
            raise LabError(f"The checksum file of k0s {version} could not be had from {base}: {error}") from error
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.touch()
        return None
    if asset not in sums:
        raise LabError(f"The checksum file of k0s {version} has no line for {asset}.")
    _download(f"{base}/{asset.replace('+', '%2B')}", target, sums[asset])
    return target


def parse_sums(text: str) -> Dict[str, str]:
    """File name → SHA-256, out of `sha256sum` lines."""
    pairs = (line.split() for line in text.splitlines() if line.strip())
    return {pair[1].lstrip("*"): pair[0].lower() for pair in pairs if len(pair) == 2}


def _download(url: str, target: Path, sha256: str) -> None:
    with building(target) as work:
        if target.exists():
            return
        say(f"downloading {url} …")
        try:
            with urllib.request.urlopen(url, timeout=60) as answer, work.open("wb") as stream:  # noqa: S310
                while block := answer.read(1 << 20):
                    stream.write(block)
        except (OSError, urllib.error.URLError) as error:
            work.unlink(missing_ok=True)
            raise LabError(f"{url} could not be downloaded: {error}") from error
        got = sha256_of(work)
        if got != sha256:
            work.unlink()
            raise LabError(f"{url} has the SHA-256 {got}, the checksum file of the release says {sha256}.")
        work.chmod(0o755)


def _by_path(path: Path, version: str) -> Choice:
    if not path.is_file() or not os.access(path, os.X_OK):
        raise LabError(
            f"MKE4K_LAB_K0S={path} is no executable file; it takes a path, `{RELEASE}` or `{SIMULATOR}`, "
            "and unset it means the best there is."
        )
    told = run([str(path), "version"], what="Asking the k0s binary for its version").strip().splitlines()[0]
    if version and told != version:
        raise LabError(f"{path} is k0s {told}, but {version} is wanted.")
    return _choice(PATH, path.resolve(), told)


def _simulator(cache: Path, version: str) -> Choice:
    name = version or DEFAULT_VERSION
    return _choice(SIMULATOR, tools.ensure_simulator(cache, name), name)


def _choice(kind: str, path: Optional[Path], version: str) -> Choice:
    if path is None:
        raise LabError(f"There is no {kind} of k0s {version}.")
    return Choice(kind=kind, path=str(path), version=version, sha256=sha256_of(path))

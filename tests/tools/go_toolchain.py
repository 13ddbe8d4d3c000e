# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Go that can build the lab's programs: the machine's own, else the toolchain module of the Go module proxy.

Distributions' Go is often too old for the modules of the lab. The toolchain is checked by its sum in the public
checksum database, which is written here.
"""

from __future__ import annotations

import base64
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import List, Mapping, Tuple

ROOT = Path(__file__).resolve().parents[2]
LINK = ROOT / ".venv" / "go"
OLDEST = (1, 24)
VERSION = "1.25.4"
SUMS = {
    "amd64": "h1:5e4fxJf48MqaBmsurT33X8lENq6kLpby4xLNGF0tmEw=",
    "arm64": "h1:+dQ0OTT7ZJts1pLKCvRSGOfw5tcBo7PoAsmTf1k6ttc=",
}
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "amd64": "amd64", "arm64": "arm64"}


class ToolchainError(Exception):
    """No Go could be had."""


def main() -> int:
    """Make .venv/go where the machine's own Go does not do."""
    if own_version() >= OLDEST or (LINK / "bin" / "go").is_file():
        return 0
    try:
        install(ARCHITECTURES.get(platform.machine(), platform.machine()), os.environ)
    except ToolchainError as error:
        print(f"go: {error}", file=sys.stderr)
        return 1
    return 0


def own_version() -> Tuple[int, int]:
    """Return the version of the Go on PATH, (0, 0) where there is none."""
    program = shutil.which("go")
    if not program:
        return (0, 0)
    environment = {**os.environ, "GOTOOLCHAIN": "local"}
    told = subprocess.run([program, "version"], check=False, capture_output=True, text=True, env=environment).stdout
    found = re.search(r"go(\d+)\.(\d+)", told)
    return (int(found.group(1)), int(found.group(2))) if found else (0, 0)


def install(architecture: str, environment: Mapping[str, str]) -> None:
    """Fetch, check and unpack the toolchain; the link is made last."""
    if architecture not in SUMS:
        raise ToolchainError(f"there is no toolchain for {architecture} here; install Go {OLDEST[0]}.{OLDEST[1]}.")
    cache = Path(environment.get("MKE4K_LAB_CACHE", "") or Path.home() / ".cache" / "mke4k-lab")
    target = cache / f"go-{VERSION}"
    if not target.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as work:
            archive = Path(work) / "go.zip"
            fetch(architecture, environment, archive)
            unpack(archive, Path(work) / "go")
            (Path(work) / "go").rename(target)
    LINK.parent.mkdir(parents=True, exist_ok=True)
    LINK.unlink(missing_ok=True)
    LINK.symlink_to(target)


def fetch(architecture: str, environment: Mapping[str, str], archive: Path) -> None:
    """Download the toolchain module from the first proxy that has it, and check its sum."""
    path = f"golang.org/toolchain/@v/v0.0.1-go{VERSION}.linux-{architecture}.zip"
    failures = []
    for proxy in proxies(environment):
        print(f"go: {VERSION} from {proxy}", flush=True)
        try:
            with urllib.request.urlopen(f"{proxy}/{path}", timeout=300) as answer, archive.open("wb") as file:
                shutil.copyfileobj(answer, file)
        except (urllib.error.URLError, OSError) as error:
            failures.append(f"{proxy}: {error}")
            continue
        if module_sum(archive) == SUMS[architecture]:
            return
        failures.append(f"{proxy}: the sum of the module is wrong")
    raise ToolchainError(
        f"the lab needs Go {OLDEST[0]}.{OLDEST[1]} or later, PATH has none, and the toolchain could not be fetched "
        f"({'; '.join(failures) or 'GOPROXY names no proxy'}). Install Go and run this again."
    )


def proxies(environment: Mapping[str, str]) -> List[str]:
    """Return the module proxies that GOPROXY names."""
    named = environment.get("GOPROXY", "") or "https://proxy.golang.org"
    return [part.rstrip("/") for part in re.split(r"[,|]", named) if part.startswith(("https://", "http://"))]


def module_sum(archive: Path) -> str:
    """Return the sum of a module as Go's checksum database has it: a hash over the hashes of all files."""
    with zipfile.ZipFile(archive) as module:
        names = sorted(module.namelist())
        lines = [f"{hashlib.sha256(module.read(name)).hexdigest()}  {name}\n" for name in names]
    return "h1:" + base64.b64encode(hashlib.sha256("".join(lines).encode()).digest()).decode()


def unpack(archive: Path, target: Path) -> None:
    """Unpack the module without its name in front, programs executable."""
    with zipfile.ZipFile(archive) as module:
        for name in module.namelist():
            inside = name.split("/", 2)[2]
            file = target / inside
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(module.read(name))
            if inside.startswith(("bin/", "pkg/tool/")):
                file.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main())

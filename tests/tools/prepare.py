# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the virtual environments of the tests. Runs with the machine's own Python, standard library only.

One environment for each ansible-core that is tested, kept until its requirements or its interpreter change.
MKE4K_CORES names the cores to use, or `all` (default: the newest and the newest for Python 3.11); a core whose Python
cannot be had is an error, never skipped.
A further environment plays an old host: Python 3.8 with an ansible-core that still runs on it. The unit tests of what
runs on hosts are run there too, where the machine has that Python.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Mapping, Tuple

ROOT = Path(__file__).resolve().parents[2]
VENVS = ROOT / ".venv"
REQUIREMENTS = ROOT / "tests" / "requirements"
# ansible-core and the Pythons it runs on; the first is the one it is tested with where there is a choice.
CORES: Dict[str, Tuple[str, ...]] = {
    "2.21": ("3.12", "3.13", "3.14"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.18": ("3.11", "3.12", "3.13"),
}
DEFAULT_CORES = ("2.21", "2.19")
# What Galaxy does with an archive that it is given, with requirements that fit nothing else.
GALAXY = "galaxy"
OLD_HOST = "hosts-3.8"


class PrepareError(Exception):
    """An environment could not be made."""


def main() -> int:
    """Make what is missing; say what was done."""
    try:
        for core in wanted_cores(os.environ):
            prepare(f"core-{core}", partial(find_python, core))
        prepare(GALAXY, partial(find_python, DEFAULT_CORES[0]))
        if local_python("3.8"):
            prepare(OLD_HOST, partial(local_python, "3.8"))
    except PrepareError as error:
        print(f"prepare: {error}", file=sys.stderr)
        return 1
    return 0


def wanted_cores(environment: Mapping[str, str]) -> List[str]:
    """Return the ansible-core versions to use."""
    named = environment.get("MKE4K_CORES", "").replace(",", " ").split()
    if named == ["all"]:
        return list(CORES)
    unknown = [name for name in named if name not in CORES]
    if unknown:
        raise PrepareError(f"MKE4K_CORES names {', '.join(unknown)}; known are {', '.join(CORES)}.")
    return named or list(DEFAULT_CORES)


def prepare(name: str, find: Callable[[], str]) -> None:
    """Make or keep one environment."""
    venv = VENVS / name
    stamp = venv / ".made-of"
    requirements = REQUIREMENTS / f"{name}.txt"
    if stamp.is_file() and stamp.read_text() == fingerprint(requirements) and _works(venv / "bin" / "python"):
        return
    python = find()
    print(f"prepare: {venv.relative_to(ROOT)} with {python}", flush=True)
    uv = find_uv()
    _run([uv, "venv", "--quiet", "--clear", "--python", python, str(venv)])
    _run([uv, "pip", "install", "--quiet", "--python", str(venv / "bin" / "python"), "-r", str(requirements)])
    stamp.write_text(fingerprint(requirements))


def fingerprint(requirements: Path) -> str:
    """Return a hash over a requirements file and those it includes."""
    digest = hashlib.sha256()
    for line in requirements.read_text().splitlines():
        digest.update(line.encode() + b"\n")
        if line.startswith("-r "):
            digest.update(fingerprint(requirements.parent / line[3:].strip()).encode())
    return digest.hexdigest()


def find_python(core: str) -> str:
    """Return an interpreter for one ansible-core, from PATH, from pyenv, or fetched by uv."""
    found = next(filter(None, map(local_python, CORES[core])), "")
    if found:
        return found
    version = CORES[core][0]
    environment = uv_environment(os.environ)
    install = subprocess.run(
        [find_uv(), "python", "install", "--quiet", version], check=False, capture_output=True, env=environment
    )
    fetched = subprocess.run([find_uv(), "python", "find", version], check=False, capture_output=True, text=True)
    if install.returncode == 0 and fetched.returncode == 0:
        return fetched.stdout.strip()
    others = ", ".join(name for name in CORES if name != core)
    raise PrepareError(
        f"ansible-core {core} needs Python {' or '.join(CORES[core])}: none is on PATH or in ~/.pyenv/versions, and "
        f"`uv python install {version}` failed: {install.stderr.decode().strip()}. "
        f"Install one, or run the tests with the other core only: MKE4K_CORES={others}."
    )


def local_python(version: str) -> str:
    """Return the path of one Python version, "" where the machine has none."""
    return next((candidate for candidate in candidates(version) if version_of(candidate) == version), "")


def candidates(version: str) -> Iterator[str]:
    """Yield the places where one Python version may be."""
    for part in os.environ.get("PATH", "").split(os.pathsep):
        yield str(Path(part) / f"python{version}")
    versions = Path(os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv"))) / "versions"
    for folder in sorted(versions.glob(f"{version}.*"), reverse=True):
        yield str(folder / "bin" / f"python{version}")


def find_uv() -> str:
    """Return uv: the machine's own, else one from the package index in an environment of its own."""
    installed = shutil.which("uv")
    if installed:
        return installed
    made = VENVS / "uv" / "bin" / "uv"
    if not made.is_file():
        print("prepare: uv", flush=True)
        _run([sys.executable, "-m", "venv", "--clear", str(VENVS / "uv")])
        _run([str(VENVS / "uv" / "bin" / "pip"), "install", "--quiet", "uv==0.*"])
    return str(made)


def version_of(python: str) -> str:
    """Return major.minor of an interpreter, "" where it does not run (pyenv's shims exist for all versions)."""
    if not os.access(python, os.X_OK):
        return ""
    command = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()


def _works(python: Path) -> bool:
    return bool(version_of(str(python)))


def uv_environment(environment: Mapping[str, str]) -> Dict[str, str]:
    """Return what uv needs to trust and to use the same package index as the machine's pip."""
    index = {"UV_DEFAULT_INDEX": environment["PIP_INDEX_URL"]} if environment.get("PIP_INDEX_URL") else {}
    return {"UV_SYSTEM_CERTS": "true", **index, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **environment}


def _run(command: List[str]) -> None:
    done = subprocess.run(command, check=False, env=uv_environment(os.environ))
    if done.returncode:
        raise PrepareError(f"`{' '.join(command)}` failed (exit code {done.returncode}); its messages are above.")


if __name__ == "__main__":
    sys.exit(main())

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab as the scenarios, the demo and the benchmark use it: throw-away hosts for one purpose."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "tests" / "lab" / "lab.py"
# What an upgrade to the k0s of the lab begins with.
BEFORE = "v1.33.12+k0s.0"


def lab_name(purpose: str) -> str:
    """A lab's name of its own for this checkout: a second checkout must not take its hosts away.

    It is the same every time, so that a run finds and removes what one before it had to leave behind.
    """
    return f"{purpose}-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]}"


class LabFailed(Exception):
    """The lab could not do what was asked; the message holds what it said."""


@dataclass(frozen=True)
class K0s:
    """The k0s that the hosts get."""

    kind: str
    path: str
    version: str
    sha256: str

    def words(self) -> str:
        kinds = {
            "release": "the official release of k0s",
            "path": "the given k0s binary",
            "cached": "a cached k0s binary",
            "simulator": "the SIMULATOR, a test double of k0s",
        }
        return f"{kinds[self.kind]}, {self.version}"

    def variables(self) -> dict[str, str]:
        """The variables with which the collection installs it."""
        return {"mke4k_k0s_version": self.version, "k0s_binary_src": self.path, "k0s_binary_sha256": self.sha256}


@dataclass(frozen=True)
class Lab:
    """Hosts that are up, with the registry beside them. `work` is a short-lived folder for files about them."""

    name: str
    work: Path
    hosts: tuple[Mapping[str, str], ...]
    key: str
    # The content of registry.json: host, ca (a path), username, password, charts, images, …; empty without a registry.
    registry: Mapping[str, Any]

    def environment(self) -> dict[str, str]:
        """What makes Ansible reach the hosts, whatever the user's own settings are."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "MOLECULE_"))},
            "ANSIBLE_COLLECTIONS_PATH": os.environ.get("ANSIBLE_COLLECTIONS_PATH", ""),
            "ANSIBLE_HOST_KEY_CHECKING": "false",
            "ANSIBLE_PRIVATE_KEY_FILE": self.key,
            "ANSIBLE_NOCOLOR": "true",
            "NO_COLOR": "1",
            "COLUMNS": "160",
        }

    def variables(self) -> dict[str, Any]:
        """What only scenarios on this ground need to know."""
        return {}

    def command(self, *command: str) -> list[str]:
        """The command as it runs in the network of the hosts."""
        return [*_program(self.name), "run", "--", *command]

    def let_pods_run(self) -> None:
        """Brings the one image that hosts without a way out can run."""
        _lab(self.name, "pods")

    def run(
        self, *command: str, env: Mapping[str, str], cwd: Path, log: IO[str] | None = None, timeout: float = 900
    ) -> subprocess.CompletedProcess[str]:
        """Runs the command to its end, or ends it and all it started when the time is over."""
        target = log if log is not None else subprocess.PIPE
        with subprocess.Popen(
            self.command(*command), env=dict(env), cwd=cwd, stdout=target, stderr=subprocess.STDOUT, text=True,
            stdin=subprocess.DEVNULL, start_new_session=True,
        ) as process:  # fmt: skip
            try:
                output, _errors = process.communicate(timeout=timeout)
            except BaseException:
                end_group(process)
                raise
        return subprocess.CompletedProcess(command, process.returncode, output)


@contextmanager
def lab_of(name: str, plan: str) -> Iterator[Lab]:
    """Fresh hosts by the plan (a number or a file); nothing of them is left afterwards, whatever happens."""
    # Told to end, Python would else end at once and leave the hosts behind.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    work = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    try:
        lab_up(name, plan)
        yield described(name, work)
    finally:
        _lab(name, "down")
        shutil.rmtree(work)


def lab_up(name: str, plan: str) -> None:
    """Fresh hosts in place of those that the lab of this name has."""
    _lab(name, "up", "--fresh", plan)


def described(name: str, work: Path) -> Lab:
    """The lab of this name that is up."""
    status = json.loads(_lab(name, "status", "--json"))
    registry = json.loads(_lab(name, "registry", "status"))
    return Lab(name=name, work=work, hosts=tuple(status["hosts"]), key=str(status["key"]), registry=registry)


def lab_k0s(name: str) -> K0s:
    """The k0s of this machine: a given binary, an official release or the simulator."""
    return _k0s(_lab(name, "k0s"))


def _k0s(told: str) -> K0s:
    about: Mapping[str, Any] = json.loads(told)
    return K0s(kind=about["kind"], path=about["path"], version=about["version"], sha256=about["sha256"])


def k0s_to_upgrade(name: str, newer: K0s) -> tuple[K0s, K0s]:
    """The k0s before an upgrade and the one after it.

    Where there is but one real binary, the simulator plays both.
    """
    older = _k0s(_lab(name, "k0s", "--k0s-version", BEFORE)) if newer.kind not in ("path", "simulator") else None
    if older is not None and older.kind != "simulator":
        return older, newer
    played = {**os.environ, "MKE4K_LAB_K0S": "simulator"}
    return (
        _k0s(_lab(name, "k0s", "--k0s-version", BEFORE, env=played)),
        _k0s(_lab(name, "k0s", env=played)),
    )


def _lab(name: str, *arguments: str, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run([*_program(name), *arguments], capture_output=True, text=True, check=False, env=env)
    if done.returncode != 0:
        raise LabFailed(f"lab {' '.join(arguments)} failed with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _program(name: str) -> Sequence[str]:
    return [sys.executable, str(PROGRAM), "--name", name]


def end_group(process: subprocess.Popen[str]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return

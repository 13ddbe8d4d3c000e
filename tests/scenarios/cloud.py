# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mothership without hosts, and an AWS beside it: for what children need, a real API server and a simulated cloud.

Both are processes on loopback: `python -m tests.aws` and `python -m tests.lab.standin.mothership`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from .lab import ROOT, LabFailed, end_group

# Leads a command to where it is to run.
Prefix = Callable[..., Sequence[str]]

STARTED_SECONDS = 240.0


@dataclass(frozen=True)
class Cloud:
    """A mothership and an AWS that are up. `work` is a short-lived folder for files about them."""

    name: str
    work: Path
    kubeconfig: str
    aws: Mapping[str, str]
    hosts: tuple[Mapping[str, str], ...] = ()
    registry: Mapping[str, Any] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """What leads Ansible to both, whatever the user's own settings are."""
        foreign = ("ANSIBLE_", "MOLECULE_", "AWS_", "K8S_AUTH_")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(foreign)},
            "ANSIBLE_COLLECTIONS_PATH": os.environ.get("ANSIBLE_COLLECTIONS_PATH", ""),
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "NO_COLOR": "1",
            "COLUMNS": "160",
            "K8S_AUTH_KUBECONFIG": self.kubeconfig,
            "AWS_EC2_METADATA_DISABLED": "true",
            **self._aws_environment(),
        }

    def _aws_environment(self) -> dict[str, str]:
        if not self.aws:
            return {}
        return {
            "AWS_ENDPOINT_URL": self.aws["url"],
            "AWS_ACCESS_KEY_ID": self.aws["access_key"],
            "AWS_SECRET_ACCESS_KEY": self.aws["secret_key"],
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def run(
        self, *command: str, env: Mapping[str, str], cwd: Path, log: IO[str] | None = None, timeout: float = 900
    ) -> subprocess.CompletedProcess[str]:
        """Runs the command to its end, or ends it and all it started when the time is over."""
        target = log if log is not None else subprocess.PIPE
        with subprocess.Popen(
            list(command), env=dict(env), cwd=cwd, stdout=target, stderr=subprocess.STDOUT, text=True,
            stdin=subprocess.DEVNULL, start_new_session=True,
        ) as process:  # fmt: skip
            try:
                output, _errors = process.communicate(timeout=timeout)
            except BaseException:
                end_group(process)
                raise
        return subprocess.CompletedProcess(command, process.returncode, output)

    def variables(self) -> dict[str, Any]:
        """What only scenarios on this ground need to know."""
        return {"lab_kubeconfig": self.kubeconfig, "lab_aws": dict(self.aws)}


def here(*command: str) -> Sequence[str]:
    return command


@contextmanager
def cloud_of(name: str, plan: Mapping[str, Any], prefix: Prefix = here) -> Iterator[Cloud]:
    """`plan`: `mothership` and `aws` are the options of the two programs; `aws: false` is a mothership whose children
    have nothing in AWS. Nothing is left afterwards.
    """
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    work = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    try:
        with ExitStack() as programs:
            aws: Mapping[str, str] = {}
            options = _options(plan.get("mothership"))
            if plan.get("aws") is not False:
                programs.enter_context(program("aws", work, "tests.aws", *_options(plan.get("aws")), prefix=prefix))
                aws = json.loads((work / "aws" / "aws.json").read_text(encoding="utf-8"))
                options = ["--aws-endpoint", aws["url"], *options]
            programs.enter_context(program("mothership", work, "tests.lab.standin.mothership", *options, prefix=prefix))
            yield Cloud(name, work, str(work / "mothership" / "kubeconfig"), aws)
    finally:
        shutil.rmtree(work)


def _options(given: Mapping[str, Any] | None) -> list[str]:
    """{version: v4.1.2, light: true, quota: [a=1]} as --version v4.1.2 --light --quota a=1."""
    found: list[str] = []
    for name, value in (given or {}).items():
        for each in value if isinstance(value, list) else [value]:
            found += [f"--{name}"] if each is True else [f"--{name}", str(each)]
    return found


@contextmanager
def program(label: str, work: Path, module: str, *options: str, prefix: Prefix = here) -> Iterator[None]:
    """Runs `python -m module --folder work/label` from when it is ready to the end of the block."""
    folder = work / label
    folder.mkdir()
    log = folder / "log"
    command = prefix(sys.executable, "-m", module, "--folder", str(folder), *options)
    with log.open("w", encoding="utf-8") as output, subprocess.Popen(
        command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
    ) as process:
        try:
            _until_ready(process, label, folder)
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()


def _until_ready(process: subprocess.Popen[bytes], label: str, folder: Path) -> None:
    """Each program writes `ready`, or its own file, when it answers."""
    until = time.monotonic() + STARTED_SECONDS
    while not any((folder / name).exists() for name in ("ready", "aws.json")):
        if process.poll() is not None or time.monotonic() > until:
            said = (folder / "log").read_text(encoding="utf-8", errors="replace")
            raise LabFailed(f"The {label} of the scenario did not start:\n{said}")
        time.sleep(0.1)

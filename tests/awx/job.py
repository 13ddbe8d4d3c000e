# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job: what AWX writes for one, and how it is run. No lab and no mothership is known here.

The folder is what AWX hands to ansible-runner: project, inventory, env/{envvars,extravars,cmdline,passwords,ssh_key}.
HOME is empty and cannot be written, nor is the user's own ~/.ssh to be seen.

Extra variables come in two ways. What is given at launch (answers of surveys) AWX marks `!unsafe`, and since
ansible-core 2.19 such text is read as YAML again: `""` becomes null, `"true"` a boolean, `"7"` a number. What stands in
the template itself, and everything where AWX was told to trust it, stays text.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.tools.prepare import VENVS

from .events import Events, read_events

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "examples" / "awx" / "project"
RUNNER = VENVS / "awx" / "bin" / "ansible-runner"
IDENT = "1"
# Longer than any job here: a job that waits for an answer must fail by this.
SECONDS = 600
# HOME ($1) becomes read-only and the user's own ~/.ssh ($2) empty, in a mount namespace that ends with the job.
SHUT = """
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 97
if [ -d "$2" ]; then mount -t tmpfs -o ro tmpfs "$2" || exit 97; fi
export HOME="$1"
shift 2
exec "$@"
"""

Prefix = Callable[..., Sequence[str]]


@dataclass(frozen=True)
class Job:
    """A job template's launch: a playbook of the project, and what surveys, credentials and the launch add to it."""

    playbook: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    # Hosts of the inventory with their variables, and its groups.
    hosts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # What credential types inject: variables, and files whose path a variable gets.
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    # The machine credential.
    user: str = ""
    ssh_key: str = ""
    become_password: str = ""
    limit: str = ""
    tags: str = ""
    check: bool = False
    # Whether answers are marked as given at launch.
    marked: bool = True

    @property
    def verb(self) -> str:
        return Path(self.playbook).stem


@dataclass(frozen=True)
class Ran:
    """How a job ended, and what AWX would keep of it."""

    job: Job
    code: int
    status: str
    output: str
    events: Events
    folder: Path
    seconds: float

    @property
    def kept(self) -> Sequence[Path]:
        """The files that AWX keeps or shows; `command` is ansible-runner's own and holds the environment."""
        artifacts = self.folder / "artifacts" / IDENT
        return sorted(path for path in artifacts.rglob("*") if path.is_file() and path.name != "command")

    def told(self) -> str:
        """What failed and the end of the log, for the message of a test that fails."""
        end = [line[:300] for line in self.output.splitlines()[-60:]]
        failed = "\n".join(self.events.failures())
        return f"{self.job.playbook} ended with {self.code} ({self.status}):\n{failed}\n" + "\n".join(end)


def run_job(job: Job, work: Path, *, collections: str, prefix: Prefix = lambda *command: command) -> Ran:
    """Runs the job to its end. `prefix` leads a command to where hosts are reached."""
    home, private = work / "home", work / "job"
    for folder in (home, private):
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    home.chmod(0o555)
    write_job(job, private)
    environment = surroundings(work, collections)
    command = ["unshare", "--mount", "sh", "-c", SHUT, "sh", str(home), str(Path.home() / ".ssh")]
    runner = [str(RUNNER), "run", "--quiet", "--ident", IDENT, "--playbook", job.playbook, str(private)]
    start = time.monotonic()
    done = subprocess.run(
        prefix(*command, *runner), env=environment, cwd=work, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    seconds = time.monotonic() - start
    artifacts = private / "artifacts" / IDENT
    if not (artifacts / "rc").is_file():
        raise RuntimeError(f"ansible-runner did not run {job.playbook} (exit code {done.returncode}):\n{done.stdout}")
    return Ran(
        job=job,
        code=int((artifacts / "rc").read_text()),
        status=(artifacts / "status").read_text(),
        output=done.stdout + (artifacts / "stdout").read_text(errors="replace"),
        events=read_events(artifacts / "job_events"),
        folder=private,
        seconds=seconds,
    )


def surroundings(work: Path, collections: str) -> dict[str, str]:
    """What a job's container has, and no variable of the one who runs the tests."""
    # Ansible's own files need a place, as the container has one; it is new for each job.
    own = work / "ansible"
    if own.exists():
        shutil.rmtree(own)
    # The lab finds its hosts by HOME and its own variables; the job gets another HOME, in SHUT.
    kept = ("PATH", "LANG", "LC_ALL", "TZ", "HOME", "MKE4K_LAB_CACHE")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "ANSIBLE_HOME": str(own),
        "ANSIBLE_COLLECTIONS_PATH": collections,
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
        "ANSIBLE_FORCE_COLOR": "True",
        # As later releases of ansible-core will have it: facts under ansible_facts only. What is to go is told.
        "ANSIBLE_INJECT_FACT_VARS": "False",
        "ANSIBLE_DEPRECATION_WARNINGS": "True",
    }


def write_job(job: Job, private: Path) -> None:
    """Writes the folder of a job as AWX does."""
    shutil.copytree(PROJECT, private / "project")
    own = private / "project" / job.playbook
    if not own.exists():
        # A playbook that the example project has no line for yet.
        own.write_text(f"---\n- name: Run\n  ansible.builtin.import_playbook: mke4k.core.{job.verb}\n")
    (private / "env").mkdir()
    (private / "inventory").mkdir()
    injected = {name: _file(private, name, content) for name, content in job.files.items()}
    _write(private / "env" / "envvars", json.dumps({**job.environment, **injected}))
    _write(private / "env" / "extravars", extra_variables({**launched(job), **job.answers}, marked=job.marked))
    _write(private / "env" / "cmdline", " ".join(_options(job)))
    _write(private / "env" / "settings", json.dumps({"idle_timeout": 0, "job_timeout": SECONDS - 60}))
    if job.become_password:
        prompts = {r"BECOME password.*:\s*?$": job.become_password, r"SUDO password.*:\s*?$": job.become_password}
        _write(private / "env" / "passwords", json.dumps(prompts))
    if job.ssh_key:
        _write(private / "env" / "ssh_key", job.ssh_key)
    script = private / "inventory" / "hosts"
    _write(script, f"#! /usr/bin/env python3\nprint(r'''{json.dumps(inventory(job))}''')\n")
    script.chmod(0o700)


def inventory(job: Job) -> dict[str, Any]:
    """The inventory as AWX's script prints it."""
    names = list(job.hosts) or ["localhost"]
    local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    variables = {name: {"remote_tower_enabled": "true", **values} for name, values in job.hosts.items()}
    return {
        "all": {"hosts": names, "children": sorted(job.groups), "vars": {}},
        **{group: {"hosts": list(members)} for group, members in job.groups.items()},
        "_meta": {"hostvars": {**({} if job.hosts else {"localhost": local}), **variables}},
    }


def launched(job: Job) -> dict[str, str]:
    """Variables that AWX sets for each job."""
    names = ("job_id", "job_template_id", "user_id", "inventory_id")
    numbers = {f"awx_{name}": "7" for name in names}
    texts = {"job_launch_type": "manual", "job_template_name": f"mke4k_{job.verb}", "user_name": "alice"}
    return {**numbers, **{f"awx_{name}": text for name, text in texts.items()}}


class _Text(str):
    """Text in quotes, whatever it looks like."""

    __slots__ = ()


class _Marked(yaml.SafeDumper):
    """Writes as AWX does what was given at launch."""


class _Plain(yaml.SafeDumper):
    """Writes text as text."""


_Marked.add_representer(_Text, lambda dumper, data: dumper.represent_scalar("!unsafe", str(data)))
_Plain.add_representer(_Text, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:str", str(data)))


def extra_variables(values: Mapping[str, Any], *, marked: bool) -> str:
    """The file of extra variables: every scalar a text."""
    return yaml.dump(as_text(values), Dumper=_Marked if marked else _Plain, sort_keys=False, width=1000)


def as_text(value: Any) -> Any:
    """What surveys and forms make of values: every scalar is text, `true` as YAML writes it."""
    if isinstance(value, Mapping):
        return {_Text(key): as_text(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_text(item) for item in value]
    if isinstance(value, bool):
        return _Text(str(value).lower())
    return _Text("" if value is None else str(value))


def _options(job: Job) -> list[str]:
    return [
        *(["--user", job.user] if job.user else []),
        *(["--ask-become-pass"] if job.become_password else []),
        *(["--limit", job.limit] if job.limit else []),
        *(["--tags", job.tags] if job.tags else []),
        *(["--check"] if job.check else []),
    ]


def _file(private: Path, variable: str, content: str) -> str:
    """A file that a credential type injects; the variable gets its path."""
    path = private / "env" / f"injected-{variable.lower()}"
    _write(path, content)
    return str(path)


def _write(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)

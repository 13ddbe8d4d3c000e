# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests that pytest runs: units, and Ansible on files without hosts."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

from tests.lab.mke4k_lab.paths import cache_root
from tests.tools.checkout import link_checkout
from tests.tools.outcome import Command, Outcome, junit_counts, show, unable
from tests.tools.prepare import OLD_HOST, VENVS
from tests.tools.setting import Setting

# Plain Python against an API server or AWS, whatever the ansible-core: run once, as they take minutes.
WITHOUT_ANSIBLE = (
    "tests/integration/aws/test_bed.py",
    "tests/integration/aws/test_iam.py",
    "tests/integration/aws/test_orphans.py",
    "tests/integration/aws/test_preflight.py",
    "tests/integration/api/children/test_causes.py",
    "tests/integration/api/children/test_credential.py",
    "tests/integration/api/children/test_follow.py",
    "tests/integration/api/children/test_follow_lives.py",
    "tests/integration/api/children/test_kubeconfig.py",
    "tests/integration/api/children/test_rotation.py",
    "tests/integration/api/mothership",
    "tests/integration/api/test_api_weather.py",
    "tests/integration/api/test_crds.py",
    "tests/integration/api/test_storms.py",
    "tests/integration/api/test_waits.py",
    "tests/integration/capi",
)
# Minutes with the real Cluster API, beside the life and the deletion of a child: only where everything is run.
THOROUGH = ("tests/integration/capi/test_causes.py", "tests/integration/capi/test_rotation.py")
# What the project is made with, and nothing that Ansible runs.
BESIDE_ANSIBLE = tuple(f"tests/unit/{folder}" for folder in ("capi", "lab", "seeds", "tools"))
UTILITIES = "plugins/module_utils"
IMPORTS_ANSIBLE = re.compile(r"^\s*(?:from|import) ansible\b", re.MULTILINE)
HOST_SIDE = tuple(f"tests/unit/plugins/module_utils/{package}" for package in ("_config", "_k0s", "_oci"))


def units(setting: Setting) -> Iterator[Outcome]:
    """Run them on the first ansible-core with coverage, on others what depends on it, and on an old host's Python.

    There it is those of what runs on hosts. Where everything is wanted, all are run on every ansible-core.
    """
    link_checkout(setting.root)
    for number, core in enumerate(setting.cores):
        name, venv = f"units on ansible-core {core}", f"core-{core}"
        if number == 0:
            coverage = ("--cov", "--cov-report=term", "--cov-report=xml")
            yield _pytest(setting, name, venv, *coverage, MKE4K_K0S=os.pathsep.join(real_k0s()))
        else:
            left_out = [] if setting.every else without_ansible(setting.root)
            part = f"without {len(left_out)} folders of what imports nothing of Ansible" if left_out else ""
            yield _pytest(setting, name, venv, *(f"--ignore={path}" for path in left_out), part=part)
    if (VENVS / OLD_HOST).is_dir():
        yield _pytest(setting, "units of what runs on hosts, on Python 3.8", OLD_HOST, *HOST_SIDE)
    else:
        print("       no Python 3.8 here: what runs on hosts was not run on it", flush=True)


def without_ansible(root: Path) -> List[str]:
    """Return the unit tests of what imports nothing of Ansible: another ansible-core sees the same there."""
    packages = [path for path in sorted((root / UTILITIES).iterdir()) if (path / "__init__.py").is_file()]
    plain = [path.name for path in packages if not any(map(_imports_ansible, path.rglob("*.py")))]
    return [*BESIDE_ANSIBLE, *(f"tests/unit/{UTILITIES}/{name}" for name in plain)]


def _imports_ansible(source: Path) -> bool:
    return bool(IMPORTS_ANSIBLE.search(source.read_text(encoding="utf-8")))


def integration(setting: Setting) -> Iterator[Outcome]:
    """Run Ansible on files, and what talks to an API server; on each ansible-core what depends on it."""
    link_checkout(setting.root)
    failed = _built(setting, "API server", "tests.api")
    if failed:
        yield failed
        return
    pairs = {"MKE4K_CAPI_PAIRS": "all"} if setting.every else {}
    real = _built(setting, "Cluster API", "tests.capi", **pairs)
    if real:
        # What does not need them is run all the same.
        yield real
    for number, core in enumerate(setting.cores):
        left_out, why = [] if setting.every else list(THOROUGH), "that take minutes"
        if number:
            left_out, why = list(WITHOUT_ANSIBLE), "of plain Python, which the first had"
        elif real:
            left_out, why = ["tests/integration/capi"], "that need the Cluster API"
        part = f"without {len(left_out)} files and folders {why}" if left_out else ""
        name, venv = f"integration on ansible-core {core}", f"core-{core}"
        ignored = (f"--ignore={path}" for path in left_out)
        # They wait for servers about half of their time. Those that take longest come first in their order.
        arguments = ("-n", "3", "--no-loadscope-reorder", "tests/integration", *ignored)
        yield _pytest(setting, name, venv, *arguments, part=part, **pairs)


def _built(setting: Setting, what: str, module: str, **environment: str) -> Optional[Outcome]:
    """Build what tests run, once: none has to wait for it, and no two do it at the same time. None is success."""
    command = setting.command(what, setting.cores[0], "python", "-m", module, cwd=setting.root, **environment)
    result = command.run()
    if not result.code:
        return None
    return unable(f"{what} of the tests could not be built (log: {command.log}):\n{result.tail()}", result.seconds)


def api_in_words(setting: Setting) -> str:
    """Say on which API server, and which Cluster API, the integration tests ran."""
    said = [_said(setting, what) for what in ("API server", "Cluster API")]
    return "; ".join(filter(None, said)) or "none ran"


def _said(setting: Setting, what: str) -> str:
    log = setting.command(what, setting.cores[0], "python", cwd=setting.root).log
    lines = log.read_text(errors="replace").splitlines() if log.is_file() else []
    return lines[-1] if len(lines) > 1 else ""


def real_k0s() -> List[str]:
    """Return the k0s binaries that are at hand: they judge the configurations that are rendered."""
    given = os.environ.get("MKE4K_LAB_K0S", "")
    cached = sorted(str(path) for path in cache_root().glob("k0s*/v*/k0s"))
    return [given] if Path(given).is_file() else cached


def _pytest(setting: Setting, name: str, venv: str, *arguments: str, part: str = "", **environment: str) -> Outcome:
    junit = setting.results / (re.sub(r"[^a-z0-9.]+", "-", name.lower()) + ".xml")
    junit.unlink(missing_ok=True)
    argv = ("pytest", "-q", "-n", "2", "--dist", "loadfile", f"--junit-xml={junit}", *arguments)
    command = setting.command_in(name, venv, *argv, cwd=setting.root, **environment)
    result = command.run()
    passed, failed, notes = _counts(junit, command, result.output)
    outcome = Outcome(name, passed, failed or int(result.code != 0), result.seconds, tuple(notes), part)
    show(outcome, result, command.log)
    return outcome


def _counts(junit: Path, command: Command, output: str) -> Tuple[int, int, List[str]]:
    passed, failed, notes = junit_counts([junit] if junit.is_file() else [])
    if not junit.is_file():
        notes.append(f"pytest wrote no report (log: {command.log})")
    notes += re.findall(r"^(?:FAIL )?Required test coverage.*", output, re.MULTILINE)
    return passed, failed, notes

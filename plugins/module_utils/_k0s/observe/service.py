# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service of k0s as systemd or OpenRC has it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.environment import parse_openrc
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import ServiceState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.unit import Unit, environment_of, openrc_arguments

SERVICES = ("k0scontroller", "k0sworker")
SYSTEMD, OPENRC = "systemd", "openrc"
TIMEOUT = 10.0
_PROPERTIES = "Id,LoadState,ActiveState,UnitFileState,FragmentPath,DropInPaths,MainPID"


@dataclass(frozen=True)
class Found:
    """The service, the files that define it, and its main process (0 where none is known)."""

    state: ServiceState
    files: Sequence[str] = ()
    pid: int = 0


def manager_of(root: Root = HOST) -> str:
    """`systemd`, `openrc`, or the name of the first process where it is neither."""
    if root.exists("/run/systemd/system"):
        return SYSTEMD
    if root.exists("/run/openrc") or root.exists("/sbin/openrc-run"):
        return OPENRC
    return root.text("/proc/1/comm").strip() or "unknown"


def ask_systemd(units: Sequence[str], timeout: float = TIMEOUT) -> Dict[str, Dict[str, str]]:
    """The properties of many units with one call, by unit name without `.service`; only units that exist."""
    program = shutil.which("systemctl")
    if program is None:
        return {}
    argv = [program, "show", f"--property={_PROPERTIES}", "--no-pager", *(f"{name}.service" for name in units)]
    try:
        # AnsibleModule.run_command knows no time limit.
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False,
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise K0sError(
            f"`systemctl show` did not answer within {timeout:g} s, so the state of k0s' service is unknown. "
            "Look at systemd on this host, or boot it"
        ) from error
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0 and not text.strip():
        complaint = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
        raise K0sError(f"`systemctl show` failed, so the state of k0s' service is unknown: {complaint}")
    return parse_show(text)


def parse_show(text: str) -> Dict[str, Dict[str, str]]:
    """Reads `systemctl show`: one block of lines a unit, with an empty line between."""
    found: Dict[str, Dict[str, str]] = {}
    for block in text.split("\n\n"):
        values = dict(line.partition("=")[::2] for line in block.splitlines())
        if values.get("Id") and values.get("LoadState") != "not-found":
            found[_short(values["Id"])] = values
    return found


def _short(unit: str) -> str:
    return unit[: -len(".service")] if unit.endswith(".service") else unit


def systemd_service(units: Mapping[str, Mapping[str, str]], root: Root = HOST) -> Optional[Found]:
    """k0s' service among the units that systemd told of; None where k0s is not installed."""
    for name in SERVICES:
        shown = units.get(name)
        if shown is None:
            continue
        files = [path for path in [shown.get("FragmentPath", ""), *shown.get("DropInPaths", "").split()] if path]
        unit = Unit()
        for path in files:
            unit.read((root.data(path) or b"").decode("utf-8", "replace"))
        variables = [(root.data(path) or b"").decode("utf-8", "replace") for path in unit.environment_files]
        state = ServiceState(
            name=name,
            manager=SYSTEMD,
            enabled=shown.get("UnitFileState") in ("enabled", "enabled-runtime"),
            active=shown.get("ActiveState") in ("active", "activating", "reloading"),
            failed=shown.get("ActiveState") == "failed",
            arguments=unit.arguments,
            environment=environment_of(unit, variables),
        )
        pid = shown.get("MainPID", "0")
        return Found(state, (*files, *unit.environment_files), int(pid) if pid.isdigit() else 0)
    return None


def openrc_service(root: Root = HOST) -> Optional[Found]:
    """k0s' service as OpenRC's own files tell of it."""
    for name in SERVICES:
        script, settings = f"/etc/init.d/{name}", f"/etc/conf.d/{name}"
        text = root.data(script)
        if text is None:
            continue
        state = ServiceState(
            name=name,
            manager=OPENRC,
            enabled=any(root.exists(f"/etc/runlevels/{level}/{name}") for level in root.names("/etc/runlevels")),
            active=root.exists(f"/run/openrc/started/{name}") or root.exists(f"/run/openrc/starting/{name}"),
            failed=root.exists(f"/run/openrc/failed/{name}"),
            arguments=openrc_arguments(text.decode("utf-8", "replace")),
            environment=parse_openrc((root.data(settings) or b"").decode("utf-8", "replace")),
        )
        files: List[str] = [path for path in (script, settings) if root.exists(path)]
        return Found(state, files)
    return None


def read_service(root: Root = HOST) -> Optional[Found]:
    """k0s' service on this host, with a question to systemd of its own."""
    if manager_of(root) == SYSTEMD:
        return systemd_service(ask_systemd(SERVICES), root)
    return openrc_service(root)

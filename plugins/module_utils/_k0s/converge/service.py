# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts, stops and asks the service manager about k0s' service.

`k0s start` and `k0s stop` fail when there is nothing to do and refuse a failed unit, so they are not used.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Dict, List, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._k0s import environment
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command, files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.paths import Paths
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError

# A controller that lost its quorum takes half a minute to stop, and a start may wait for that.
CHANGE_TIMEOUT = 180.0
ASK_TIMEOUT = 15.0
LOG_LINES = 1000


@dataclass(frozen=True)
class Health:
    """What the service manager says. `exits` counts how often k0s ended by itself since its unit was started."""

    state: str = "unknown"
    failed: bool = False
    restarting: bool = False
    exits: int = 0
    last_run_seconds: float = 0.0


class Service(ABC):
    """One service of k0s under a service manager."""

    manager = ""

    def __init__(self, name: str, paths: Paths) -> None:
        self.name = name
        self.paths = paths

    @property
    @abstractmethod
    def unit_path(self) -> str:
        """The file of the unit."""

    @abstractmethod
    def _argv(self, verb: str) -> List[str]:
        """The command that does `verb`."""

    def _change(self, verb: str) -> None:
        result = command.run(self._argv(verb), CHANGE_TIMEOUT)
        if result.rc != 0:
            raise K0sError(f"`{result.line}` failed with {result.rc}: {result.complaint.rstrip('.')}{self._hint()}")

    def _hint(self) -> str:
        """What the service said last, else what the service manager, which names its unit, said of it."""
        lines = self.log()
        said = [line for line in lines if f"{self.name}.service" not in line] or lines
        return f". Last line of its log: {said[-1]}" if said else ""

    def start(self) -> None:
        self._change("start")

    def restart(self) -> None:
        self._change("restart")

    def stop(self) -> None:
        self._change("stop")

    def enable(self) -> None:
        """Has the service start with the host."""
        self._change("enable")

    def disable(self) -> None:
        self._change("disable")

    @abstractmethod
    def reload(self) -> None:
        """Makes the service manager read changed units."""

    @abstractmethod
    def forget_failure(self) -> None:
        """Clears a failed state and its restart counter."""

    @abstractmethod
    def health(self) -> Health:
        """How the service is."""

    @abstractmethod
    def log(self) -> List[str]:
        """The newest lines of k0s' own log."""

    def log_of_this_start(self) -> List[str]:
        """Those of the process that runs now; nothing where that cannot be told."""
        return []

    @abstractmethod
    def write_environment(self, values: Mapping[str, str]) -> bool:
        """Returns whether that changed anything."""

    @abstractmethod
    def remove_extras(self) -> List[str]:
        """Removes the files that were added to the unit and returns their paths."""


class Systemd(Service):
    manager = "systemd"

    @property
    def unit_path(self) -> str:
        return os.path.join(self.paths.systemd_units, f"{self.name}.service")

    @property
    def drop_in(self) -> str:
        return os.path.join(f"{self.unit_path}.d", environment.DROP_IN_NAME)

    def _argv(self, verb: str) -> List[str]:
        return ["systemctl", verb, f"{self.name}.service"]

    def reload(self) -> None:
        # Its NeedDaemonReload does not see a new folder of drop-ins.
        command.check(["systemctl", "daemon-reload"], CHANGE_TIMEOUT)

    def enable(self) -> None:
        if command.run(self._argv("is-enabled"), ASK_TIMEOUT).out.strip() != "enabled":
            super().enable()

    def _shown(self, names: str) -> Dict[str, str]:
        result = command.run([*self._argv("show"), f"--property={names}"], ASK_TIMEOUT)
        return dict(line.partition("=")[::2] for line in result.out.splitlines())

    def forget_failure(self) -> None:
        command.run(self._argv("reset-failed"), ASK_TIMEOUT)

    def health(self) -> Health:
        names = "ActiveState,SubState,NRestarts,ExecMainStartTimestampMonotonic,ExecMainExitTimestampMonotonic"
        shown = self._shown(names)
        restarting = shown.get("SubState", "") == "auto-restart"
        started, ended = (
            int(shown.get(f"ExecMain{what}TimestampMonotonic", "0") or 0) / 1e6 for what in ("Start", "Exit")
        )
        return Health(
            state=f"{shown.get('ActiveState', 'unknown')} ({shown.get('SubState', '')})",
            failed=shown.get("ActiveState") == "failed",
            restarting=restarting,
            exits=int(shown.get("NRestarts", "0") or 0) + int(restarting),
            last_run_seconds=max(ended - started, 0.0) if restarting else 0.0,
        )

    def log(self) -> List[str]:
        return self._journal(f"--unit={self.name}.service")

    def log_of_this_start(self) -> List[str]:
        start = self._shown("InvocationID").get("InvocationID", "")
        return self._journal(f"_SYSTEMD_INVOCATION_ID={start}") if start else []

    def _journal(self, wanted: str) -> List[str]:
        if command.find("journalctl") is None:
            return []
        argv = ["journalctl", wanted, f"--lines={LOG_LINES}", "--output=cat", "--no-pager"]
        return [line for line in command.run(argv, ASK_TIMEOUT).out.splitlines() if line.strip()]

    def write_environment(self, values: Mapping[str, str]) -> bool:
        if not values:
            return bool(self.remove_extras())
        written = files.write(self.paths.environment, environment.render_systemd(values))
        return files.write(self.drop_in, environment.render_drop_in(), mode="0644") or written

    def remove_extras(self) -> List[str]:
        gone = [path for path in (self.drop_in, self.paths.environment) if files.remove(path)]
        folder = os.path.dirname(self.drop_in)
        if os.path.isdir(folder) and not os.listdir(folder):
            files.remove(folder)
        return gone


class Openrc(Service):
    manager = "openrc"

    @property
    def unit_path(self) -> str:
        return os.path.join(self.paths.openrc_scripts, self.name)

    @property
    def settings(self) -> str:
        return os.path.join(self.paths.openrc_settings, self.name)

    def reload(self) -> None:
        """OpenRC reads a script each time it runs it."""

    def _argv(self, verb: str) -> List[str]:
        if verb == "enable":
            return ["rc-update", "add", self.name, "default"]
        if verb == "disable":
            return ["rc-update", "delete", "--all", self.name]
        return ["rc-service", self.name, verb]

    def forget_failure(self) -> None:
        if self.health().failed:
            command.run(["rc-service", self.name, "zap"], ASK_TIMEOUT)

    def health(self) -> Health:
        words = command.run(["rc-service", self.name, "status"], ASK_TIMEOUT).out.split()
        state = words[-1] if words else "unknown"
        return Health(state=state, failed=state == "crashed")

    def log(self) -> List[str]:
        lines: List[str] = []
        for suffix in (".log", ".err"):
            text = files.read(os.path.join(self.paths.logs, self.name + suffix)) or ""
            lines += [line for line in text.splitlines()[-LOG_LINES:] if line.strip()]
        return lines

    def write_environment(self, values: Mapping[str, str]) -> bool:
        present = files.read(self.settings) or ""
        text = environment.render_openrc(values, present)
        return files.write(self.settings, text) if text else files.remove(self.settings)

    def remove_extras(self) -> List[str]:
        if files.read(self.settings) is None:
            return []
        self.write_environment({})
        return [self.settings]


def service_for(name: str, paths: Paths) -> Service:
    """The service under the host's own service manager."""
    if os.path.isdir(paths.systemd_running):
        return Systemd(name, paths)
    if command.find("rc-service"):
        return Openrc(name, paths)
    raise K0sError(
        f"the service {name} cannot be managed: neither systemd (no {paths.systemd_running}) nor OpenRC "
        "(no rc-service) runs on this host. k0s hosts need one of them"
    )

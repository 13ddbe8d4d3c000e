# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools that are compared: how each upgrades a cluster, takes a controller out of it and takes it away."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.bench.installers import CONTROLLERS, Collection, Installer, K0sctl
from tests.scenarios.lab import K0s

# The controller that is taken out: the last of them.
REMOVED = CONTROLLERS - 1
NAME = "mke"


class Day2(Installer):
    """An installer that also knows what comes after the installation, each as one command of a user."""

    @abstractmethod
    def upgraded(self, newer: K0s) -> Day2:
        """The same tool with another k0s."""

    @abstractmethod
    def upgrade(self) -> list[str]: ...

    @abstractmethod
    def remove(self) -> list[str]: ...

    @abstractmethod
    def reset(self) -> list[str]: ...


@dataclass(frozen=True)
class OwnDay2(Collection, Day2):
    def upgraded(self, newer: K0s) -> Day2:
        return replace(self, k0s=newer)

    def upgrade(self) -> list[str]:
        return self._playbook("upgrade")

    def remove(self) -> list[str]:
        address = self.lab.hosts[REMOVED]["address"]
        return self._playbook("remove_nodes", mke4k_nodes=[address])

    def reset(self) -> list[str]:
        config: dict[str, Any] = self.mke_config("root")
        del config["spec"]["hosts"][REMOVED]
        return [*self._playbook("reset", mke4k_confirm=NAME), "-e", f"@{self.file('mke4-reset.yaml', config)}"]

    def _playbook(self, verb: str, **variables: Any) -> list[str]:
        install = self.command("root")
        more = {"mke4k_backup_dest": str(self.lab.work / "backups"), **variables}
        return [install[0], f"mke4k.core.{verb}", *install[2:], "-e", json.dumps(more)]


@dataclass(frozen=True)
class K0sctlDay2(K0sctl, Day2):
    def upgraded(self, newer: K0s) -> Day2:
        return replace(self, k0s=newer)

    def upgrade(self) -> list[str]:
        return self.command("root")

    def remove(self) -> list[str]:
        config: Mapping[str, Any] = self.k0sctl_config("root")
        config["spec"]["hosts"][REMOVED]["reset"] = True
        return [self.binary, "apply", "--config", self.file("k0sctl-remove.yaml", config)]

    def reset(self) -> list[str]:
        config: Mapping[str, Any] = self.k0sctl_config("root")
        del config["spec"]["hosts"][REMOVED]
        return [self.binary, "reset", "--force", "--config", self.file("k0sctl-reset.yaml", config)]

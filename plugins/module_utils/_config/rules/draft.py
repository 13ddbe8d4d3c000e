# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What rules look at: a spec whose single values are right, or left out where they were not.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, FrozenSet, Iterator, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.flags import Flag, split_flags
from ansible_collections.mke4k.core.plugins.module_utils._config.model import SINGLE, WORKER
from ansible_collections.mke4k.core.plugins.module_utils._config.paths import Path, lookup, path_text
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import Release


@dataclass(frozen=True)
class HostDraft:
    """One host. `path` is where it stands; fields that were wrong are missing."""

    path: str
    name: str
    values: Mapping[str, Any]

    @property
    def role(self) -> str:
        return str(self.values.get("role", ""))

    @property
    def is_controller(self) -> bool:
        return self.role not in ("", WORKER)

    @property
    def address(self) -> str:
        return str(lookup(self.values, "ssh.address") or "")

    @property
    def flags(self) -> Tuple[Flag, ...]:
        return tuple(split_flags(self.values.get("installFlags") or ()))

    def where(self, name: str) -> str:
        return f"{self.path}.{name}"


@dataclass(frozen=True)
class Draft:
    """A whole spec. `root` leads to it in the document."""

    release: Release
    spec: Mapping[str, Any]
    root: Path
    hosts: Tuple[HostDraft, ...] = ()
    broken: FrozenSet[str] = frozenset()

    def value(self, path: str) -> Optional[Any]:
        """The value at a path below spec; None where it is not set or was wrong."""
        return lookup(self.spec, path)

    def unset(self, path: str) -> bool:
        """Whether the file says nothing there; a wrong value is something."""
        return self.value(path) in (None, "", [], {}) and not self.is_broken(path)

    def is_broken(self, path: str) -> bool:
        """Whether a value there, or within, was wrong."""
        place = self.where(path)
        return any(text == place or text.startswith((f"{place}.", f"{place}[")) for text in self.broken)

    def where(self, path: str) -> str:
        """The path as messages write it."""
        text = path_text(self.root)
        return f"{text}.{path}" if text else path

    @property
    def controllers(self) -> Tuple[HostDraft, ...]:
        return tuple(host for host in self.hosts if host.is_controller)

    @property
    def is_single(self) -> bool:
        return any(host.role == SINGLE for host in self.hosts)


Rule = Callable[[Draft], Iterator[Finding]]


def error(name: str, path: str, message: str, remedy: str, allowed: str = "") -> Finding:
    return Finding(ERROR, name, path, message, remedy, allowed)


def warning(name: str, path: str, message: str, remedy: str, allowed: str = "") -> Finding:
    return Finding(WARNING, name, path, message, remedy, allowed)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of a reset, and what comes of it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.host_options import HOST_OPTIONS
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BINARY_PATH, DATA_DIR, PlainData

SERVICES = ("k0scontroller", "k0sworker")
# Releases of k0s keep the kubelet's files below their own folder or where every other kubelet has them.
KUBELET_FOLDER = "/var/lib/kubelet"
GRACE = 5

OPTIONS: Dict[str, Any] = {
    **HOST_OPTIONS,
    "kubelet_root_dir": {"type": "path"},
    "grace": {"type": "int", "default": GRACE},
}


@dataclass(frozen=True)
class Target:
    """The k0s that is taken away. `kubelet_dirs` are those that its kubelet may have used."""

    data_dir: str = DATA_DIR
    binary: str = BINARY_PATH
    kubelet_dirs: Tuple[str, ...] = (f"{DATA_DIR}/kubelet", KUBELET_FOLDER)
    grace: float = GRACE

    @classmethod
    def of(cls, params: Mapping[str, Any], flags: Mapping[str, str]) -> Target:
        """From the module's options; what they leave open, the flags of the unit tell."""
        data_dir = (params.get("data_dir") or flags.get("--data-dir") or DATA_DIR).rstrip("/")
        own = params.get("kubelet_root_dir") or flags.get("--kubelet-root-dir") or ""
        return cls(
            data_dir=data_dir,
            binary=params.get("binary_path") or BINARY_PATH,
            kubelet_dirs=(own.rstrip("/"),) if own else (f"{data_dir}/kubelet", KUBELET_FOLDER),
            grace=float(params.get("grace", GRACE)),
        )


@dataclass(frozen=True)
class Remain(PlainData):
    """Something that is still there. `reboot` says that it goes when the host boots again."""

    kind: str
    target: str
    detail: str
    reboot: bool = False


@dataclass(frozen=True)
class Outcome:
    """`version`, `role` and `running` tell what k0s was before."""

    changes: Tuple[Change, ...] = ()
    remains: Tuple[Remain, ...] = ()
    version: str = ""
    role: str = ""
    running: bool = False

    def result(self) -> Dict[str, Any]:
        return {
            "changed": bool(self.changes),
            "changes": [change.to_dict() for change in self.changes],
            "remains": [item.to_dict() for item in self.remains],
            "needs_reboot": any(item.reboot for item in self.remains),
            "node": {
                "running": self.running,
                "version": self.version,
                "role": self.role,
            },
        }

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of the probes on one host.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.host_options import DATA_DIR_OPTION
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import DATA_DIR, PlainData

CONTAINERD_FOLDER = "/etc/k0s/containerd.d"
_ROLES = ["controller", "worker", "controller+worker", "single"]

PREFLIGHT: Dict[str, Any] = {
    "host": {"type": "str"},
    "role": {"type": "str", "choices": _ROLES, "required": True},
    "staged": {"type": "path"},
    "version": {"type": "str"},
    "written": {"type": "list", "elements": "path", "default": []},
    **DATA_DIR_OPTION,
    "config": {"type": "str", "no_log": True},
    "peers": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "required": True},
            "why": {"type": "str", "default": ""},
        },
    },
    "names": {"type": "list", "elements": "str", "default": []},
    "registries": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "host": {"type": "str", "required": True},
            "ca": {"type": "str"},
            "username": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "images": {"type": "list", "elements": "str", "default": []},
            "charts": {"type": "list", "elements": "str", "default": []},
            "k0s_images": {"type": "dict", "default": {}},
        },
    },
    "timeout": {"type": "float", "default": 3.0},
}


@dataclass(frozen=True)
class Peer:
    host: str
    port: int
    why: str = ""


@dataclass(frozen=True)
class RegistryProbe(PlainData):
    """A registry and what it must have: `images` and `charts` as repository:tag, k0s' own by their short names."""

    host: str
    ca: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    images: Tuple[str, ...] = ()
    charts: Tuple[str, ...] = ()
    k0s_images: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """`staged` is the path of a k0s binary that was checked already, `version` the k0s that the host is to get,
    `written` the files that come with it, and `timeout` is for each connection, in seconds.
    """

    host: str
    role: str
    staged: str = ""
    version: str = ""
    written: Tuple[str, ...] = ()
    containerd_folder: str = CONTAINERD_FOLDER
    data_dir: str = DATA_DIR
    config: str = field(default="", repr=False)
    peers: Tuple[Peer, ...] = ()
    names: Tuple[str, ...] = ()
    registries: Tuple[RegistryProbe, ...] = ()
    timeout: float = 3.0

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Request:
        """From the module's options."""
        return cls(
            host=params.get("host") or socket.gethostname(),
            role=params["role"],
            staged=params.get("staged") or "",
            version=params.get("version") or "",
            written=tuple(params.get("written") or ()),
            data_dir=params["data_dir"],
            config=params.get("config") or "",
            peers=tuple(Peer(item["host"], item["port"], item["why"]) for item in params["peers"]),
            names=tuple(params["names"]),
            registries=tuple(RegistryProbe.from_dict(item) for item in params.get("registries") or ()),
            timeout=params["timeout"],
        )

    @property
    def place(self) -> str:
        return f"host {self.host}"

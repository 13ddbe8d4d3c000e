# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a k0s host should be (`NodeSpec`) and what it is (`NodeState`), as plain data.

Both cross the wire as JSON: the plan on the control node and the converging module on the host build them from
dictionaries and decide with the same function (`changes.changes_for`).

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Dict, Mapping, Optional, Tuple, Type, TypeVar

CONFIG_PATH = "/etc/k0s/k0s.yaml"
TOKEN_PATH = "/etc/k0s/k0stoken"
BINARY_PATH = "/usr/local/bin/k0s"
RECEIPT_PATH = "/etc/k0s/mke4k.json"
STATUS_SOCKET = "/run/k0s/status.sock"
DATA_DIR = "/var/lib/k0s"

Plain = TypeVar("Plain", bound="PlainData")


class PlainData:
    """Conversion between a frozen dataclass and the JSON that crosses between control node and host."""

    @classmethod
    def from_dict(cls: Type[Plain], data: Mapping[str, Any]) -> Plain:
        names = {item.name for item in fields(cls)}  # type: ignore[arg-type]
        return cls(**{name: value for name, value in data.items() if name in names and value is not None})

    def to_dict(self) -> Dict[str, Any]:
        return asdict(self)  # type: ignore[call-overload,no-any-return]


@dataclass(frozen=True)
class FileSpec(PlainData):
    """A file the host should have. `restart` says that a running k0s only sees a change after a restart."""

    path: str
    content: str = field(repr=False)
    mode: str = "0600"
    owner: str = "root"
    group: str = "root"
    restart: bool = True
    secret: bool = False


@dataclass(frozen=True)
class SharedFileSpec(PlainData):
    """A file that must be the same on all controllers: made once on the leader, copied to those that join."""

    path: str
    generate: str
    mode: str = "0600"
    owner: str = "root"
    group: str = "root"


@dataclass(frozen=True)
class DirectorySpec(PlainData):
    """A folder that k0s' components write into, so that it has to be there and theirs before they start."""

    path: str
    mode: str = "0700"
    owner: str = "root"
    group: str = "root"


@dataclass(frozen=True)
class BinarySpec(PlainData):
    """Where the k0s binary comes from. Exactly one of `src`, `url` and `staged` leads to a change of the host.

    `sha256` may be empty only when `checksum_url` (the release's own checksum file) is given.
    """

    path: str = BINARY_PATH
    src: str = ""
    staged: str = ""
    url: str = ""
    checksum_url: str = ""
    sha256: str = ""
    public_key: str = ""
    signature_url: str = ""


@dataclass(frozen=True)
class ImagesSpec(PlainData):
    """An archive of images that k0s imports from its folder, and where it comes from.

    Without `sha256` it is held against `checksum_url`, and told from another one by `origin`, the name of its source.
    """

    path: str
    sha256: str = ""
    origin: str = ""
    src: str = ""
    staged: str = ""
    url: str = ""
    checksum_url: str = ""


@dataclass(frozen=True)
class NodeSpec(PlainData):
    """What one host should be."""

    role: str
    version: str
    config: str = field(default="", repr=False)
    arguments: Tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Tuple[FileSpec, ...] = ()
    shared_files: Tuple[SharedFileSpec, ...] = ()
    directories: Tuple[DirectorySpec, ...] = ()
    images: Tuple[ImagesSpec, ...] = ()
    binary: BinarySpec = field(default_factory=BinarySpec)
    data_dir: str = DATA_DIR

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> NodeSpec:
        values = {item.name: data[item.name] for item in fields(cls) if data.get(item.name) is not None}
        values["arguments"] = tuple(values.get("arguments", ()))
        values["environment"] = dict(values.get("environment", {}))
        values["files"] = tuple(FileSpec.from_dict(item) for item in values.get("files", ()))
        values["shared_files"] = tuple(SharedFileSpec.from_dict(item) for item in values.get("shared_files", ()))
        values["directories"] = tuple(DirectorySpec.from_dict(item) for item in values.get("directories", ()))
        values["images"] = tuple(ImagesSpec.from_dict(item) for item in values.get("images", ()))
        values["binary"] = BinarySpec.from_dict(values.get("binary", {}))
        return cls(**values)

    @property
    def is_controller(self) -> bool:
        return self.role != "worker"

    @property
    def runs_workloads(self) -> bool:
        return self.role != "controller"

    @property
    def service(self) -> str:
        return "k0scontroller" if self.is_controller else "k0sworker"

    @property
    def all_arguments(self) -> Tuple[str, ...]:
        """Every argument of `k0s install`, but the token file, which only a joining host has."""
        own = [f"--data-dir={self.data_dir}"]
        if self.is_controller:
            own.append(f"--config={CONFIG_PATH}")
        return tuple(sorted(own + list(self.arguments)))


@dataclass(frozen=True)
class BinaryState(PlainData):
    """The installed binary. `sha256` and `version` are empty where nothing trustworthy is recorded about it."""

    path: str
    sha256: str = ""
    version: str = ""


@dataclass(frozen=True)
class ServiceState(PlainData):
    """The unit of k0s. `arguments` are those of its command line after `controller` or `worker`."""

    name: str
    manager: str = "systemd"
    enabled: bool = False
    active: bool = False
    failed: bool = False
    arguments: Tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RunningState(PlainData):
    """The running k0s as its status socket tells it. `started_at` is in seconds since the epoch."""

    version: str
    role: str
    pid: int
    started_at: float = 0.0
    workloads: bool = False
    single_node: bool = False
    arguments: Tuple[str, ...] = ()
    data_dir: str = DATA_DIR
    cluster_config: Mapping[str, Any] = field(default_factory=dict)
    connected: bool = False
    connection_message: str = ""


@dataclass(frozen=True)
class FileState(PlainData):
    """A file, or a folder, whose `sha256` is empty."""

    path: str
    sha256: str
    mode: str
    owner: str
    group: str


@dataclass(frozen=True)
class ImagesState(PlainData):
    """An archive of images that this collection brought. `imported` says that containerd has what is in it."""

    path: str
    sha256: str = ""
    origin: str = ""
    imported: bool = False


@dataclass(frozen=True)
class ConfigState(PlainData):
    """k0s.yaml. `text` has its secret values masked; `sha256` is that of the true text."""

    path: str
    sha256: str
    text: str = ""
    mode: str = "0600"


@dataclass(frozen=True)
class NodeState(PlainData):
    """What one host is. A missing part is None.

    `restart_pending`: k0s runs on an older binary, config, unit or file than those on disk.
    `ready`: for a controller its /readyz, for a host with workloads the Node's Ready; None where it cannot be told.
    `api_server`: where its kubelet reaches the API, empty before it has joined.
    """

    hostname: str = ""
    binary: Optional[BinaryState] = None
    service: Optional[ServiceState] = None
    running: Optional[RunningState] = None
    config: Optional[ConfigState] = None
    files: Mapping[str, FileState] = field(default_factory=dict)
    images: Mapping[str, ImagesState] = field(default_factory=dict)
    joined: bool = False
    restart_pending: bool = False
    ready: Optional[bool] = None
    ready_message: str = ""
    api_server: str = ""
    etcd: Optional[Mapping[str, Any]] = None
    node: Optional[Mapping[str, Any]] = None
    certificates: Tuple[Mapping[str, Any], ...] = ()
    ca_sha256: str = ""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> NodeState:
        values = {item.name: data[item.name] for item in fields(cls) if data.get(item.name) is not None}
        parts: Dict[str, Type[PlainData]] = {
            "binary": BinaryState,
            "service": ServiceState,
            "running": RunningState,
            "config": ConfigState,
        }
        for name, part in parts.items():
            if name in values:
                values[name] = part.from_dict(values[name])
        values["files"] = {path: FileState.from_dict(item) for path, item in values.get("files", {}).items()}
        values["images"] = {path: ImagesState.from_dict(item) for path, item in values.get("images", {}).items()}
        values["certificates"] = tuple(values.get("certificates", ()))
        return cls(**values)

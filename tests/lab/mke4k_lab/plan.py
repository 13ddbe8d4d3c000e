# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a lab: which hosts, with which addresses and users, and what stands beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping, Optional, Set, Tuple

import yaml

from .errors import LabError

NETWORK = "10.77.0"
GATEWAY = f"{NETWORK}.1"
REGISTRY_PORT = 5000
# The stand-in operators have an address apart from the control side, as what runs in the cluster has.
OPERATORS_ADDRESS = f"{NETWORK}.2"
FIRST_ADDRESS = 11
MOST_HOSTS = 40
USERS = ("root", "ops", "opspw")
HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
TOP_FIELDS = ("hosts", "registry", "operators", "firewall")
FIELDS = ("name", "user", "disk", "cni", "behind")
REGISTRY_FIELDS = ("anonymous",)
REGISTRY_ONLY = "registry-only"
FIREWALLS = ("", REGISTRY_ONLY)
SIZE = re.compile(r"[1-9][0-9]*[MG]")


@dataclass(frozen=True)
class HostPlan:
    """One host.

    `disk` limits the space under /var/lib (`300M`), empty means no limit; `cni` = with a CNI config; `behind` names the
    host through which alone the control side gets to it.
    """

    name: str
    index: int
    user: str = "root"
    disk: str = ""
    cni: bool = True
    behind: str = ""

    @property
    def address(self) -> str:
        return f"{NETWORK}.{FIRST_ADDRESS - 1 + self.index}"

    @property
    def pod_range(self) -> str:
        return f"10.244.{self.index}.0/24"


@dataclass(frozen=True)
class RegistryPlan:
    """The lab's registry: everybody may pull from it, or only who has the password."""

    anonymous: bool = False


@dataclass(frozen=True)
class Plan:
    """The hosts; whether there is a registry and the stand-in operators, and what the hosts' firewalls let through."""

    hosts: Tuple[HostPlan, ...]
    registry: Optional[RegistryPlan] = None
    operators: bool = False
    firewall: str = ""


def numbered(count: int) -> Tuple[HostPlan, ...]:
    """n1, n2, … with the user root."""
    if not 1 <= count <= MOST_HOSTS:
        raise LabError(f"A lab of {count} hosts is not possible: 1 to {MOST_HOSTS} are.")
    return tuple(HostPlan(name=f"n{index}", index=index) for index in range(1, count + 1))


def read_plan(text: str) -> Plan:
    """The plan meant by a number of hosts or by the path of a YAML file (`hosts: [{name: n1, user: ops}]`)."""
    if text.isdecimal():
        return Plan(numbered(int(text)))
    path = Path(text)
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LabError(f"The plan {text!r} is neither a number of hosts nor a readable file: {error}") from error
    except yaml.YAMLError as error:
        raise LabError(f"The plan {path} is not YAML: {error}") from error
    return parse_plan(document, str(path))


def parse_plan(document: object, origin: str) -> Plan:
    """The plan that was read; every mistake names its place."""
    fields: Mapping[str, Any] = document if isinstance(document, dict) else {}
    _refuse_unknown(fields, TOP_FIELDS, f"The plan {origin}")
    firewall = str(fields.get("firewall") or "")
    if firewall not in FIREWALLS:
        raise LabError(f"The plan {origin}: there is no firewall {firewall!r}; there is {REGISTRY_ONLY}.")
    return Plan(
        hosts=_hosts(fields.get("hosts"), origin),
        registry=_registry(fields.get("registry"), origin),
        operators=bool(fields.get("operators", False)),
        firewall=firewall,
    )


def _registry(entry: object, origin: str) -> Optional[RegistryPlan]:
    if entry is None or entry is False:
        return None
    if entry is True:
        return RegistryPlan()
    if not isinstance(entry, Mapping):
        raise LabError(f"The plan {origin}, registry: {entry!r} is neither true nor a mapping such as anonymous: true.")
    _refuse_unknown(entry, REGISTRY_FIELDS, f"The plan {origin}, registry")
    return RegistryPlan(anonymous=bool(entry.get("anonymous", False)))


def _hosts(entries: object, origin: str) -> Tuple[HostPlan, ...]:
    if isinstance(entries, int):
        return numbered(entries)
    if not isinstance(entries, list) or not entries:
        raise LabError(f"The plan {origin} has no hosts: it needs `hosts: 3` or `hosts: [{{name: n1}}, …]`.")
    if len(entries) > MOST_HOSTS:
        raise LabError(f"The plan {origin} has {len(entries)} hosts, at most {MOST_HOSTS} are possible.")
    hosts = tuple(_host(entry, index, origin) for index, entry in enumerate(entries, start=1))
    seen: Set[str] = set()
    for host in hosts:
        if host.name in seen:
            raise LabError(f"The plan {origin} has two hosts of the name {host.name}.")
        seen.add(host.name)
    for host in hosts:
        if host.behind and host.behind not in [other.name for other in hosts if not other.behind]:
            raise LabError(f"The plan {origin}: {host.name} is behind {host.behind}, which is no host in reach itself.")
    return hosts


def _refuse_unknown(entry: Mapping[str, Any], known: Tuple[str, ...], where: str) -> None:
    unknown = sorted(str(key) for key in entry if key not in known)
    if unknown:
        raise LabError(f"{where}: unknown {', '.join(unknown)}; known are {', '.join(known)}.")


def _host(entry: object, index: int, origin: str) -> HostPlan:
    where = f"The plan {origin}, hosts[{index - 1}]"
    if not isinstance(entry, Mapping):
        raise LabError(f"{where}: {entry!r} is not a mapping such as {{name: n{index}, user: root}}.")
    _refuse_unknown(entry, FIELDS, where)
    fields: Mapping[str, Any] = entry
    name, user = str(fields.get("name", f"n{index}")), str(fields.get("user", "root"))
    disk = str(fields.get("disk", ""))
    if not HOST_NAME.fullmatch(name):
        raise LabError(f"{where}: {name!r} is not a host name (a-z, 0-9 and -, at most 32 characters).")
    if user not in USERS:
        raise LabError(f"{where}: there is no user {user!r}; there are {', '.join(USERS)}.")
    if disk and not SIZE.fullmatch(disk):
        raise LabError(f"{where}: disk {disk!r} is not a size such as 500M or 2G.")
    behind = str(fields.get("behind") or "")
    return HostPlan(name=name, index=index, user=user, disk=disk, cni=bool(fields.get("cni", True)), behind=behind)

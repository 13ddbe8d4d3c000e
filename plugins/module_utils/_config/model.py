# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The model: an mke4.yaml that was checked, with its release's defaults filled in.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import (
    ConfigError,
    Finding,
    errors_of,
    warnings_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import Release

CONTROLLER = "controller"
WORKER = "worker"
CONTROLLER_WORKER = "controller+worker"
SINGLE = "single"
ROLES = (CONTROLLER_WORKER, WORKER, CONTROLLER, SINGLE)

API_PORT = 6443


@dataclass(frozen=True)
class Host:
    """One entry of `spec.hosts`. `name` is its name in the inventory, `address` where SSH reaches it.

    `connection` holds the `ansible_*` variables that its `ssh` section gives.
    """

    name: str
    address: str
    role: str
    install_flags: Tuple[str, ...] = ()
    hostname: str = ""
    private_address: str = ""
    private_interface: str = ""
    no_taints: bool = False
    data_dir: str = "/var/lib/k0s"
    connection: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: Tuple[str, ...] = ()
    annotations: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_controller(self) -> bool:
        return self.role != WORKER

    @property
    def runs_workloads(self) -> bool:
        return self.role != CONTROLLER


@dataclass(frozen=True)
class Registry:
    """What an OCI registry wants of those who pull from it.

    `host` has the port where there is one. `ca` is PEM text, empty where every system trusts the certificate.
    """

    host: str
    ca: str = ""
    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Cluster:
    """What the file asks for, with every default of the release filled in.

    `settings` has the fields that the release knows, each of the kind that the schema says; everything here is made of
    them. `spec` has the others too, as they were given. Neither is to be changed. `registries` are those that variables
    tell of; `registries.registries_of` has those of the file too.
    """

    name: str
    namespace: str
    release: Release
    spec: Mapping[str, Any] = field(repr=False)
    settings: Mapping[str, Any] = field(repr=False)
    hosts: Tuple[Host, ...]
    pod_cidr: str
    service_cidr: str
    node_port_range: str
    data_dir: str
    kubelet_root_dir: str
    external_address: str = ""
    sans: Tuple[str, ...] = ()
    api_port: int = API_PORT
    registries: Tuple[Registry, ...] = ()

    @property
    def k0s_version(self) -> str:
        return self.release.k0s

    @property
    def controllers(self) -> Tuple[Host, ...]:
        return tuple(host for host in self.hosts if host.is_controller)

    @property
    def workers(self) -> Tuple[Host, ...]:
        return tuple(host for host in self.hosts if not host.is_controller)

    @property
    def external_host(self) -> str:
        """`externalAddress` without its port, which is that of the load balancer's HTTPS and not of the API."""
        return split_host_port(self.external_address)[0]

    def host(self, name: str) -> Host:
        for host in self.hosts:
            if host.name == name:
                return host
        raise KeyError(name)

    def value(self, path: str, default: Any = None) -> Any:
        """The setting at a dotted path, `default` where there is none."""
        found: Any = self.settings
        for key in path.split("."):
            if not isinstance(found, Mapping) or key not in found:
                return default
            found = found[key]
        return default if found is None else found


@dataclass(frozen=True)
class Loaded:
    """What came of reading an mke4.yaml. `cluster` is None where there are errors.

    `form` is `flat` or `envelope`; `described` says in words what the document was taken for.
    """

    cluster: Optional[Cluster]
    findings: Tuple[Finding, ...] = ()
    release: Optional[Release] = None
    form: str = ""
    described: str = ""

    @property
    def errors(self) -> Tuple[Finding, ...]:
        return errors_of(self.findings)

    @property
    def warnings(self) -> Tuple[Finding, ...]:
        return warnings_of(self.findings)

    def require(self) -> Cluster:
        """The cluster, or a ConfigError that lists everything that is wrong."""
        if self.cluster is None:
            raise ConfigError(self.findings)
        return self.cluster


def split_host_port(text: str) -> Tuple[str, str]:
    """`host:port` in its two parts; the port is empty where there is none. IPv6 needs brackets for a port."""
    if text.startswith("["):
        host, _bracket, rest = text[1:].partition("]")
        return host, rest[1:] if rest.startswith(":") else ""
    if text.count(":") == 1:
        host, _colon, port = text.partition(":")
        return host, port
    return text, ""

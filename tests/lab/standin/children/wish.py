# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a child is to be, read out of the object that stands for it. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any, Mapping, Optional, Tuple

_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
# The release whose documentation first shows the address in the status.
ADDRESS_SINCE = (4, 1, 3)
K0S_VERSION = "v1.32.6+k0s.0"
STOCK_TEMPLATE = "aws-standalone-cp-1-0-12"


@dataclass(frozen=True)
class Wish:
    """What the child is to be. `config` is what its ClusterDeployment passes to the template."""

    name: str
    namespace: str
    template: str
    credential: str
    version: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    services: Tuple[str, ...] = ()

    @property
    def region(self) -> str:
        return str(self.config.get("region") or "us-west-2")

    @property
    def controllers(self) -> int:
        return _count(self.config.get("controlPlaneNumber"), 3)

    @property
    def workers(self) -> int:
        return _count(self.config.get("workersNumber"), 2)

    @property
    def has_address(self) -> bool:
        """Whether this release of MKE tells the child's address in its status."""
        found = _VERSION.match(self.version)
        return found is not None and tuple(int(part) for part in found.groups()) >= ADDRESS_SINCE

    @property
    def k0s_version(self) -> str:
        return str((self.config.get("k0s") or {}).get("version") or K0S_VERSION)

    @property
    def zones(self) -> Tuple[str, ...]:
        vpc = (self.config.get("network") or {}).get("vpc") or {}
        return tuple(f"{self.region}{letter}" for letter in "abc"[: _count(vpc.get("availabilityZoneUsageLimit"), 3)])

    def machine(self, role: str) -> Mapping[str, Any]:
        """What is said of the machines: `controlPlane` or `worker`."""
        found = self.config.get(role)
        return found if isinstance(found, Mapping) else {}

    def machines_hash(self) -> str:
        """Changes when workers have to be made anew."""
        said = f"{self.version}{self.k0s_version}{sorted(self.machine('worker').items(), key=str)}"
        return digest(said, 5)


def of_child(root: Mapping[str, Any]) -> Wish:
    """The wish of an MkeChildConfig: counts stand in two places, depending on the release."""
    metadata, spec = root["metadata"], root["spec"]
    infrastructure = spec.get("infrastructure") or {}
    outside = {key: value for key, value in infrastructure.items() if key not in ("provider", "credential")}
    config = {**(outside.pop("configuration", None) or {}), **outside}
    version = str(spec.get("version") or "")
    return Wish(
        name=metadata["name"],
        namespace=metadata["namespace"],
        template=mke_template(version),
        credential=str(infrastructure.get("credential") or ""),
        version=version,
        config={key: value for key, value in config.items() if value is not None},
        services=MKE_SERVICES,
    )


def of_deployment(deployment: Mapping[str, Any], extra: Tuple[str, ...] = ()) -> Wish:
    """The wish of a ClusterDeployment that somebody made by hand. `extra`: services of MultiClusterServices."""
    metadata, spec = deployment["metadata"], deployment["spec"]
    own = ((spec.get("serviceSpec") or {}).get("services")) or ()
    return Wish(
        name=metadata["name"],
        namespace=metadata["namespace"],
        template=str(spec.get("template") or ""),
        credential=str(spec.get("credential") or ""),
        config=spec.get("config") or {},
        services=(*(str(item.get("name") or item.get("template")) for item in own), *extra),
    )


def mke_template(version: str) -> str:
    """The ClusterTemplate of a release of MKE."""
    return f"mke4k-aws-{version.lstrip('v').replace('.', '-').replace('+', '-')}"


def digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:length]


MKE_SERVICES = (
    "cert-manager",
    "mke-certificates",
    "ingress-nginx",
    "dex-web-static",
    "authentication",
    "dex-http-server",
    "monitoring",
    "prometheus-service-monitors",
    "node-feature-discovery",
    "ui",
)


def _count(value: Optional[Any], default: int) -> int:
    return default if value is None else int(value)

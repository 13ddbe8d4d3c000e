# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What children need, what a region has, and what is found.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError
from ansible_collections.mke4k.core.plugins.module_utils._aws.regions import Answer

ERROR, WARNING, UNCHECKED, OK = "error", "warning", "unchecked", "ok"
SEVERITIES = (ERROR, WARNING, UNCHECKED, OK)
# The key pair that Cluster API asks for where nobody names one.
DEFAULT_KEY = "default"
DEFAULT_ZONES = 3
AMAZON = "137112412989"


@dataclass(frozen=True)
class Finding:
    severity: str
    check: str
    message: str
    remedy: str = ""
    region: str = ""
    child: str = ""

    def to_dict(self) -> Dict[str, str]:
        return {
            "severity": self.severity,
            "check": self.check,
            "region": self.region,
            "child": self.child,
            "message": self.message,
            "remedy": self.remedy,
        }


@dataclass(frozen=True)
class ImageWish:
    """An image by its id, or the newest one of a name."""

    ami: str = ""
    format: str = ""
    owner: str = ""
    base_os: str = ""

    @property
    def pattern(self) -> str:
        """The name that Cluster API looks for; empty where it depends on what only the controllers know."""
        name = self.format.replace("{{.BaseOS}}", self.base_os)
        return "" if "{{" in name else name

    def __str__(self) -> str:
        return self.ami or f"{self.format} of {self.owner}"


@dataclass(frozen=True)
class Machines:
    """`root_volume` in GiB."""

    role: str
    count: int
    instance_type: str
    image: ImageWish
    profile: str
    root_volume: int


@dataclass(frozen=True)
class Need:
    """What one child asks for. `key`: empty means none."""

    name: str
    region: str
    zones: int
    groups: Tuple[Machines, ...]
    key: str = ""
    bastion: str = ""
    exists: bool = False

    @property
    def instance_types(self) -> FrozenSet[str]:
        found = {group.instance_type for group in self.groups}
        return frozenset(found | ({self.bastion} if self.bastion else set()))


@dataclass(frozen=True)
class InstanceType:
    vcpus: int
    architectures: Tuple[str, ...] = ("x86_64",)


@dataclass(frozen=True)
class Image:
    """`disk`: GiB of the snapshot of its root volume."""

    id: str
    name: str
    architecture: str
    state: str = "available"
    created: str = ""
    disk: int = 0
    disk_type: str = ""


@dataclass(frozen=True)
class Usage:
    """What is used of the quotas already. NAT gateways by zone, vCPUs and disks by the code of their quota."""

    addresses: Answer[int] = field(default_factory=lambda: Answer(0))
    vpcs: Answer[int] = field(default_factory=lambda: Answer(0))
    gateways: Answer[int] = field(default_factory=lambda: Answer(0))
    nats: Answer[Mapping[str, int]] = field(default_factory=lambda: Answer({}))
    vcpus: Answer[Mapping[str, int]] = field(default_factory=lambda: Answer({}))
    disks: Answer[Mapping[str, float]] = field(default_factory=lambda: Answer({}))
    balancers: Answer[Sequence[str]] = field(default_factory=lambda: Answer([]))


@dataclass(frozen=True)
class Facts:
    """Of one region. A type that AWS does not know is in `types` with None, an image likewise."""

    region: str
    zones: Answer[Sequence[str]]
    types: Answer[Mapping[str, Optional[InstanceType]]]
    offers: Answer[Mapping[str, FrozenSet[str]]]
    limits: Mapping[str, Answer[float]] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)
    images: Mapping[Tuple[ImageWish, str], Answer[Optional[Image]]] = field(default_factory=dict)
    keys: Answer[FrozenSet[str]] = field(default_factory=lambda: Answer(frozenset()))

    def zones_of(self, need: Need) -> List[str]:
        """Those that Cluster API takes: the first ones by name."""
        return sorted(self.zones.value or ())[: need.zones]

    def zone_count(self, need: Need) -> int:
        return len(self.zones_of(need)) if self.zones.known else need.zones

    def type_of(self, name: str) -> Optional[InstanceType]:
        return (self.types.value or {}).get(name)

    def image_of(self, group: Machines) -> Answer[Optional[Image]]:
        machine = self.type_of(group.instance_type)
        architecture = machine.architectures[0] if machine and not group.image.ami else ""
        return self.images.get((group.image, architecture)) or Answer(None, "it was not asked for")


def unknown(check: str, answer: Answer[Any], what: str, region: str = "", child: str = "") -> Finding:
    """What could not be checked, and what would have to be allowed for it."""
    remedy = (
        f"Allow {answer.action} to these keys (mke4k.core.aws_iam with checks: true has it)." if answer.action else ""
    )
    message = f"{what}: not checked, {answer.action} is not allowed." if answer.action else f"{what}: {answer.problem}"
    return Finding(UNCHECKED, check, message, remedy, region, child)


def milder(finding: Finding) -> Finding:
    """For a child that is there already: what it lacks only hinders new machines."""
    return replace(finding, severity=WARNING) if finding.severity == ERROR else finding


def needs_of(given: Sequence[Any]) -> List[Need]:
    """From the options. Raises AwsError for what cannot be a child."""
    return [_need(number, item) for number, item in enumerate(given)]


def _need(number: int, item: Any) -> Need:
    place = f"children[{number}]"
    if not isinstance(item, Mapping) or not item.get("name") or not item.get("region"):
        raise AwsError(f"{place} needs name and region, as child_cluster with mode: plan returns them in needs.")
    name = str(item["name"])
    bastion: Mapping[str, Any] = item.get("bastion") or {}
    key = item.get("ssh_key_name", "")
    return Need(
        name,
        str(item["region"]),
        _number(item, "availability_zones", DEFAULT_ZONES, name),
        (
            _machines(item, "control_plane", _number(item, "control_plane_number", 3, name), "m5.xlarge"),
            _machines(item, "worker", _number(item, "workers_number", 2, name), "m5.large"),
        ),
        DEFAULT_KEY if key is None else str(key),
        str(bastion.get("instance_type") or "t2.micro") if bastion.get("enabled") else "",
        bool(item.get("exists")),
    )


def _machines(item: Mapping[str, Any], role: str, count: int, instance_type: str) -> Machines:
    given: Mapping[str, Any] = item.get(role) or {}
    lookup: Mapping[str, Any] = given.get("image_lookup") or {}
    image = ImageWish(ami=str(given.get("ami_id") or ""))
    if not image.ami:
        image = ImageWish(
            "",
            str(lookup.get("format") or "al2023-ami-2023.*"),
            str(lookup.get("org") or AMAZON),
            str(lookup.get("base_os") or ""),
        )
    return Machines(
        role.replace("_", " "),
        count,
        str(given.get("instance_type") or instance_type),
        image,
        str(given.get("iam_instance_profile") or "control-plane.cluster-api-provider-aws.sigs.k8s.io"),
        _number(given, "root_volume_size", 32, str(item["name"])),
    )


def _number(item: Mapping[str, Any], key: str, default: int, name: str) -> int:
    value = item.get(key)
    if value in (None, ""):
        return default
    try:
        return int(str(value))
    except ValueError:
        raise AwsError(f"{key} of {name} is {value!r}, which is no whole number.") from None

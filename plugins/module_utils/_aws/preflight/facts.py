# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a region, once for all its children.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Callable, Dict, FrozenSet, Iterable, List, Mapping, Optional, Sequence, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, Missing
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.model import (
    Facts,
    Image,
    ImageWish,
    InstanceType,
    Need,
    Usage,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.usage import running_types, usage_of
from ansible_collections.mke4k.core.plugins.module_utils._aws.quotas import (
    ADDRESSES,
    BALANCERS,
    GATEWAYS,
    GP2,
    GP3,
    NATS,
    VPCS,
    limits_of,
    vcpu_quota,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.regions import Answer, ask, in_parallel
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess

QUOTAS, TYPES, IMAGES, KEYS = "quotas", "instance_types", "images", "key_pairs"
# The most that DescribeInstanceTypes takes.
TYPES_AT_ONCE = 100
Types = Dict[str, Optional[InstanceType]]


def facts_of(access: AwsAccess, region: str, needs: Sequence[Need], checks: Sequence[str]) -> Facts:
    ec2 = access.client("ec2", region)
    new = [need for need in needs if not need.exists]
    wanted: Set[str] = {name for need in needs for name in need.instance_types}
    weighs = QUOTAS in checks and bool(new)
    nothing: Answer[Any] = Answer({})
    running: Answer[Mapping[str, int]] = ask(lambda: running_types(ec2)) if weighs else nothing
    about_types = weighs or TYPES in checks or IMAGES in checks
    questions: Dict[str, Callable[[], Any]] = {
        "zones": lambda: ask(lambda: _zones(ec2)),
        "types": lambda: ask(lambda: _types(ec2, sorted(wanted | set(running.value or {})))),
    }
    if TYPES in checks:
        questions["offers"] = lambda: ask(lambda: _offers(ec2, sorted(wanted)))
    if weighs:
        questions["limits"] = lambda: limits_of(access, region, _codes(new))
    if KEYS in checks:
        questions["keys"] = lambda: ask(lambda: frozenset(_key_names(ec2)))
    answers = in_parallel(questions if about_types else [name for name in questions if name == "keys"],
                          lambda name: questions[name]())  # fmt: skip
    types: Answer[Mapping[str, Optional[InstanceType]]] = answers.get("types", nothing)
    asks_images = IMAGES in checks or weighs
    return Facts(
        region,
        answers.get("zones", Answer(())),
        types,
        answers.get("offers", nothing),
        answers.get("limits", {}),
        usage_of(access, region, running, types) if weighs else Usage(),
        _images(ec2, needs, types) if asks_images else {},
        answers.get("keys", Answer(frozenset())),
    )


def _codes(needs: Iterable[Need]) -> List[str]:
    vcpus = {vcpu_quota(name) for need in needs for name in need.instance_types} - {""}
    return [each.code for each in (ADDRESSES, VPCS, GATEWAYS, NATS, BALANCERS, GP2, GP3)] + sorted(vcpus)


def _zones(ec2: Any) -> List[str]:
    filters = [
        {"Name": "state", "Values": ["available"]},
        {"Name": "zone-type", "Values": ["availability-zone"]},
    ]
    return [str(each["ZoneName"]) for each in ec2.describe_availability_zones(Filters=filters)["AvailabilityZones"]]


def _types(ec2: Any, names: Sequence[str]) -> Types:
    """By a filter: a name that AWS does not know would make it refuse all others too."""
    found: Types = dict.fromkeys(names)
    for start in range(0, len(names), TYPES_AT_ONCE):
        filters = [{"Name": "instance-type", "Values": list(names[start : start + TYPES_AT_ONCE])}]
        for each in ec2.pages("describe_instance_types", "InstanceTypes", Filters=filters):
            architectures = tuple(
                str(name) for name in each["ProcessorInfo"]["SupportedArchitectures"] if name != "i386"
            )
            found[str(each["InstanceType"])] = InstanceType(int(each["VCpuInfo"]["DefaultVCpus"]), architectures)
    return found


def _offers(ec2: Any, names: Sequence[str]) -> Dict[str, FrozenSet[str]]:
    filters = [{"Name": "instance-type", "Values": list(names)}]
    found: Dict[str, Set[str]] = {}
    for each in ec2.pages(
        "describe_instance_type_offerings",
        "InstanceTypeOfferings",
        LocationType="availability-zone",
        Filters=filters,
    ):
        found.setdefault(str(each["InstanceType"]), set()).add(str(each["Location"]))
    return {name: frozenset(zones) for name, zones in found.items()}


def _key_names(ec2: Any) -> List[str]:
    return [str(each["KeyName"]) for each in ec2.describe_key_pairs()["KeyPairs"]]


def _images(
    ec2: Any, needs: Sequence[Need], types: Answer[Mapping[str, Optional[InstanceType]]]
) -> Dict[Tuple[ImageWish, str], Answer[Optional[Image]]]:
    wishes: Dict[Tuple[ImageWish, str], None] = {}
    for need in needs:
        for group in need.groups:
            machine = (types.value or {}).get(group.instance_type)
            if group.image.ami:
                wishes[group.image, ""] = None
            elif machine and group.image.pattern:
                wishes[group.image, machine.architectures[0]] = None
    return in_parallel(wishes, lambda wish: ask(partial(_image, ec2, *wish)), threads=4)


def _image(ec2: Any, wish: ImageWish, architecture: str) -> Optional[Image]:
    if wish.ami:
        try:
            found = ec2.describe_images(ImageIds=[wish.ami])["Images"]
        except Missing:
            return None
        except AwsError as error:
            if error.code.startswith("InvalidAMIID"):
                return None
            raise
    else:
        wanted = {
            "name": wish.pattern,
            "architecture": architecture,
            "state": "available",
            "virtualization-type": "hvm",
        }
        filters = [{"Name": name, "Values": [value]} for name, value in wanted.items()]
        found = ec2.pages("describe_images", "Images", Owners=[wish.owner], Filters=filters)
    images = sorted((_read(each) for each in found), key=lambda image: image.created)
    return images[-1] if images else None


def _read(raw: Mapping[str, Any]) -> Image:
    root = raw.get("RootDeviceName")
    disks = [each.get("Ebs") or {} for each in raw.get("BlockDeviceMappings") or () if each.get("DeviceName") == root]
    disk: Mapping[str, Any] = disks[0] if disks else {}
    return Image(
        str(raw["ImageId"]),
        str(raw.get("Name") or ""),
        str(raw.get("Architecture") or ""),
        str(raw.get("State") or ""),
        str(raw.get("CreationDate") or ""),
        int(disk.get("VolumeSize") or 0),
        str(disk.get("VolumeType") or ""),
    )

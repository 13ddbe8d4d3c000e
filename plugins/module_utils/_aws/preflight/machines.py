# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the machines of a child can be had: type, image, root volume, key pair. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import List, Optional

from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.model import (
    ERROR,
    OK,
    UNCHECKED,
    Facts,
    Finding,
    Image,
    InstanceType,
    Machines,
    Need,
    milder,
    unknown,
)

TYPES, IMAGES, KEYS = "instance_types", "images", "key_pairs"


def type_findings(need: Need, facts: Facts) -> List[Finding]:
    found = [_type_finding(need, facts, name) for name in sorted(need.instance_types)]
    zones = facts.zones
    if zones.known and len(zones.given) < need.zones:
        message = f"{facts.region} has {len(zones.given)} availability zones for this account, not {need.zones}."
        found.append(Finding(OK, TYPES, f"{message} Fewer are used.", region=facts.region, child=need.name))
    return _for(need, found)


def _type_finding(need: Need, facts: Facts, name: str) -> Finding:
    place = {"region": facts.region, "child": need.name}
    for answer in (facts.types, facts.offers, facts.zones):
        if not answer.known:
            return unknown(TYPES, answer, f"Instance type {name}", **place)
    if facts.type_of(name) is None:
        remedy = "Set instance_type to one that AWS has there (aws ec2 describe-instance-types)."
        return Finding(ERROR, TYPES, f"There is no instance type {name} in {facts.region}.", remedy, **place)
    offered, zones = facts.offers.given.get(name, frozenset()), facts.zones_of(need)
    lacking = [zone for zone in zones if zone not in offered]
    if not lacking:
        return Finding(OK, TYPES, f"{name} is offered in {', '.join(zones)}.", **place)
    leading = next((count for count, zone in enumerate(zones) if zone in lacking), 0)
    remedy = f"Set instance_type to one that {', '.join(zones)} offer"
    if leading:
        remedy += f", or availability_zones: {leading}"
    message = f"{name} is not offered in {', '.join(lacking)}, of the zones the child uses ({', '.join(zones)})."
    return Finding(ERROR, TYPES, message, f"{remedy}.", **place)


def image_findings(need: Need, facts: Facts) -> List[Finding]:
    found = [_image_finding(need, facts, group) for group in need.groups if group.count]
    return _for(need, list(dict.fromkeys(found)))


def _image_finding(need: Need, facts: Facts, group: Machines) -> Finding:
    place = {"region": facts.region, "child": need.name}
    answer = facts.image_of(group)
    if not group.image.ami and not group.image.pattern:
        message = f"The image {group.image.format} depends on versions that only the controllers know."
        return Finding(UNCHECKED, IMAGES, message, "Set ami_id to be sure.", **place)
    if not facts.types.known:
        return unknown(IMAGES, facts.types, f"Image of the {group.role}", **place)
    machine = facts.type_of(group.instance_type)
    if machine is None:
        message = f"The image of the {group.role} depends on the architecture of its instance type, which is not there."
        return Finding(UNCHECKED, IMAGES, message, **place)
    if not answer.known:
        return unknown(IMAGES, answer, f"Image of the {group.role} ({group.image})", **place)
    return _judged(need, facts, group, machine, answer.value)


def _judged(need: Need, facts: Facts, group: Machines, machine: InstanceType, image: Optional[Image]) -> Finding:
    place = {"region": facts.region, "child": need.name}
    if image is None:
        if group.image.ami:
            message = f"There is no image {group.image.ami} in {facts.region}, or it is not shared with this account."
            return Finding(ERROR, IMAGES, message, "Set ami_id to one of this region.", **place)
        message = f"No image {group.image} with architecture {machine.architectures[0]} is in {facts.region}."
        return Finding(ERROR, IMAGES, message, "Set image_lookup to names that are there, or ami_id.", **place)
    shown = f"{image.id} ({image.name})"
    if image.state != "available":
        return Finding(ERROR, IMAGES, f"The image {shown} is {image.state}.", "Set another ami_id.", **place)
    if image.architecture not in machine.architectures:
        message = (
            f"The image {shown} is for {image.architecture}, but {group.instance_type} of the {group.role} is"
            f" {' or '.join(machine.architectures)}."
        )
        return Finding(ERROR, IMAGES, message, "Set an ami_id or an instance_type that fits the other.", **place)
    if image.disk > group.root_volume:
        message = (
            f"The image {shown} needs a root volume of {image.disk} GiB, the {group.role} has {group.root_volume}."
        )
        return Finding(ERROR, IMAGES, message, f"Set root_volume_size to {image.disk} or more.", **place)
    return Finding(OK, IMAGES, f"{group.role}: {shown}, {image.architecture}.", **place)


def key_findings(need: Need, facts: Facts) -> List[Finding]:
    place = {"region": facts.region, "child": need.name}
    if not need.key:
        return []
    if not facts.keys.known:
        return [unknown(KEYS, facts.keys, f"Key pair {need.key}", **place)]
    if need.key in facts.keys.given:
        return [Finding(OK, KEYS, f"The key pair {need.key} is there.", **place)]
    remedy = (
        f'Import it (aws ec2 import-key-pair --region {facts.region}), name another, or set ssh_key_name: "" for none.'
    )
    return _for(need, [Finding(ERROR, KEYS, f"There is no key pair {need.key} in {facts.region}.", remedy, **place)])


def _for(need: Need, found: List[Finding]) -> List[Finding]:
    return [milder(finding) for finding in found] if need.exists else found

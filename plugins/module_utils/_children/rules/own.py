# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is right or wrong about a child by itself. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Callable, Iterator, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.placement import (
    CONFIGURATION,
    COUNTS,
    INFRASTRUCTURE,
    is_at_least,
    place_of_counts,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import (
    CONTROL_PLANES,
    WORKERS,
    at,
    configured,
    counted,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding

# Machines are called <name>-md-<hash>-<hash>; what comes after the name takes 20 characters of the 63 of a label.
LONGEST_NAME = 43
SMALLEST_ROOT_VOLUME = 8
FIRST_WITH_VSPHERE = (4, 2, 0)
# Nobody says where this release has the counts.
UNDOCUMENTED = "v4.1.2"
_NAME = re.compile(r"^[a-z]([-a-z0-9]*[a-z0-9])?$")
_VERSION = re.compile(r"^v\d+\.\d+\.\d+([-+.][0-9A-Za-z.+-]+)?$")
_REGION = re.compile(r"^[a-z]{2,}(-[a-z]+)+-\d+$")
ROLES: Tuple[Tuple[str, str], ...] = (("controlPlane", "control_plane"), ("worker", "worker"))


def check(child: Child, engine_name: str) -> Iterator[Finding]:
    for rule in (*_RULES, *(() if engine_name == "k0rdent" else _RULES_OF_MKE)):
        yield from rule(child)


def _services(child: Child) -> Iterator[Finding]:
    if child.services or child.template:
        option = "services" if child.services else "template"
        yield _error(
            child, "only-for-k0rdent", option, "is only for the engine k0rdent",
            "leave it out: mke-operator has its own template, and runs MKE's services",
        )  # fmt: skip


def _name(child: Child) -> Iterator[Finding]:
    if not _NAME.match(child.name) or len(child.name) > LONGEST_NAME:
        yield _error(
            child, "child-name", "name", f"'{child.name}' cannot be the name of a cluster and of machines in AWS",
            allowed=f"at most {LONGEST_NAME} lower-case letters, digits and '-', with a letter first",
        )  # fmt: skip


def _version(child: Child) -> Iterator[Finding]:
    if not _VERSION.match(child.version):
        yield _error(
            child, "child-version", "version", f"is '{child.version}'", "give the release of the mothership",
            allowed="vX.Y.Z, such as v4.1.2",
        )  # fmt: skip


def _places(child: Child) -> Iterator[Finding]:
    """A count in the place of another release would be ignored without a word. For v4.1.2 both places may be right."""
    if not _VERSION.match(child.version) or child.version == UNDOCUMENTED:
        return
    right = place_of_counts(child.version)
    wrong = CONFIGURATION if right == INFRASTRUCTURE else INFRASTRUCTURE
    for name in COUNTS:
        if at(child.spec, (*wrong, name)) is not None:
            yield _error(
                child, "child-count-misplaced", f"spec.{'.'.join(wrong)}.{name}",
                f"is not where MKE {child.version} looks for it, and would be ignored",
                f"move it to spec.{'.'.join(right)}.{name}, or use the option, which is placed by release",
            )  # fmt: skip


def _not_yet(child: Child) -> Iterator[Finding]:
    for option, path in (("registries", ("registries",)), ("license_secret", ("license", "secretRef"))):
        if at(child.spec, path) is not None and not is_at_least(child.version, (4, 2, 0)):
            yield _warning(
                child, "child-option-too-new", option,
                f"is documented since v4.2.0 only, and MKE {child.version} may ignore it", "leave it out",
            )  # fmt: skip


def _provider(child: Child) -> Iterator[Finding]:
    provider = str(child.infrastructure.get("provider") or "")
    if provider == "vsphere" and is_at_least(child.version, FIRST_WITH_VSPHERE):
        yield _warning(
            child, "child-vsphere", "provider", "is passed on as it is: only AWS is checked by this collection"
        )
    elif provider != "aws":
        yield _error(
            child, "child-provider", "provider", f"is '{provider}'",
            allowed="aws, and vsphere from v4.2.0 on",
        )  # fmt: skip


def _region(child: Child) -> Iterator[Finding]:
    if child.infrastructure.get("provider") == "aws" and not _REGION.match(child.region):
        yield _error(
            child, "child-region", "region", f"is '{child.region}'" if child.region else "is missing",
            allowed="a region of AWS, such as eu-west-3",
        )  # fmt: skip


def _control_planes(child: Child) -> Iterator[Finding]:
    count = counted(child.spec, "controlPlaneNumber", CONTROL_PLANES)
    if not isinstance(count, int) or count < 1 or count % 2 == 0:
        yield _error(
            child, "child-control-planes", "control_plane_number", f"is {count}",
            "take one less or one more: etcd gains nothing by an even number", allowed="1, 3, 5, …",
        )  # fmt: skip


def _workers(child: Child) -> Iterator[Finding]:
    count = counted(child.spec, "workersNumber", WORKERS)
    if not isinstance(count, int) or count < 1:
        yield _error(child, "child-workers", "workers_number", f"is {count}", allowed="1 or more")


def _root_volumes(child: Child) -> Iterator[Finding]:
    for role, option in ROLES:
        size = configured(child.spec, role, "rootVolumeSize", default=SMALLEST_ROOT_VOLUME)
        if not isinstance(size, int) or size < SMALLEST_ROOT_VOLUME:
            yield _error(
                child, "child-root-volume", f"{option}.root_volume_size", f"is {size} GiB",
                allowed=f"{SMALLEST_ROOT_VOLUME} GiB or more, and not less than the image's own",
            )  # fmt: skip


def _zones(child: Child) -> Iterator[Finding]:
    zones = configured(child.spec, "network", "vpc", "availabilityZoneUsageLimit")
    if zones is not None and (not isinstance(zones, int) or zones < 1):
        yield _error(child, "child-zones", "availability_zones", f"is {zones}", allowed="1 or more")


def _error(child: Child, name: str, option: str, message: str, remedy: str = "", allowed: str = "") -> Finding:
    return Finding(ERROR, name, f"child {child.name}: {option}", message, remedy, allowed)


def _warning(child: Child, name: str, option: str, message: str, remedy: str = "") -> Finding:
    return Finding(WARNING, name, f"child {child.name}: {option}", message, remedy)


Rule = Callable[[Child], Iterator[Finding]]
_RULES: Tuple[Rule, ...] = (_name, _provider, _region, _control_planes, _workers, _root_volumes, _zones)
_RULES_OF_MKE: Tuple[Rule, ...] = (_version, _places, _not_yet, _services)

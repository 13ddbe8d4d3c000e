# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the objects of a child say that is not good. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.reading import is_leaving, mapping
from ansible_collections.mke4k.core.plugins.module_utils._children.conditions import (
    ERROR,
    INFO,
    WANTED_FALSE,
    WARNING,
    conditions_of,
    generation_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Family
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

# Sums of what other conditions say in more detail.
_SUMS = frozenset(("Ready", "Available"))
# Their conditions have no severity. Those of Cluster API without one say on every way up that a probe has failed.
_PLAIN = frozenset(("MkeChildConfig", "ClusterDeployment", "HelmRelease"))
# The last word of a condition whose resource is gone.
_DONE = "Deleted"


@dataclass(frozen=True)
class Statement:
    """`topic`: the condition's type, or the event's reason. `severity` is empty where the controller tells none."""

    ref: Ref
    topic: str
    reason: str
    text: str
    severity: str = ""
    status: str = "False"
    generation: int = 0
    is_event: bool = False
    # Whether the object is being deleted.
    is_leaving: bool = False

    @property
    def where(self) -> str:
        return f"{self.ref}, {'event ' if self.is_event else ''}{self.topic}"

    @property
    def is_failure(self) -> bool:
        """Whether it says that something went wrong, and not only that something is not there yet."""
        if self.severity:
            return self.severity in (ERROR, WARNING)
        return self.ref.kind in _PLAIN and self.status == "False" and self.reason.endswith(("Failed", "Error"))

    @property
    def is_idle(self) -> bool:
        """Whether it only says that its turn has not come, or that it is at it."""
        return not self.text and self.severity in ("", INFO)


def conditions(family: Family) -> Iterator[Statement]:
    """Every condition that is not good, the most detailed objects first. Texts may be empty."""
    for manifest in objects(family):
        yield from _of(manifest)


def objects(family: Family) -> List[Mapping[str, Any]]:
    """From where AWS is called up to what stands for the child."""
    single: List[Optional[Mapping[str, Any]]] = [
        family.aws_cluster,
        *family.aws_machines.values(),
        *family.machines.values(),
        family.control_plane,
        *family.machine_deployments.values(),
        family.cluster,
        family.helm_release,
        family.deployment,
        family.root,
    ]
    return [item for item in single if item is not None]


def _of(manifest: Mapping[str, Any]) -> List[Statement]:
    if not _may_be_bad(manifest):
        return []
    bad = [one for one in conditions_of(manifest) if not one.is_good and one.reason != _DONE]
    if not bad:
        return []
    ref, generation, leaving = Ref.of(manifest), generation_of(manifest), is_leaving(manifest)
    bad.sort(key=lambda one: one.type in _SUMS)
    return [
        Statement(ref, one.type, one.reason, one.message, one.severity, one.status, generation, is_leaving=leaving)
        for one in bad
    ]


def _may_be_bad(manifest: Mapping[str, Any]) -> bool:
    """Whether it is worth a closer look: of hundreds of conditions of many children, nearly all are good."""
    status = mapping(manifest, "status")
    places = (status, mapping(status, "v1beta2"), mapping(status, "deprecated", "v1beta1"))
    return any(
        isinstance(item, dict) and (item.get("status") != "True" or item.get("type") in WANTED_FALSE)
        for place in places
        for item in _sequence(place.get("conditions"))
    )


def _sequence(value: Any) -> List[Any]:
    return value if isinstance(value, list) else []

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is different about causes while a child is being deleted. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.reading import is_leaving, mapping
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table import BY_NAME
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Diagnosis, Family
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

# Keys that do not work, and a chain to them that is broken.
_NO_KEYS = frozenset(
    (
        "credentials-invalid",
        "credentials-expired",
        "clock-skew",
        "identity-missing",
        "identity-not-allowed",
        "identity-secret-missing",
        "identity-secret-incomplete",
        "credential-missing",
    )
)
# What nobody waits for any more.
_COMING_UP = frozenset(
    (
        "services-not-ready",
        "cluster-late",
        "dns-wait",
        "bootstrap-data-missing",
        "dry-run",
        "instance-gone",
        "credential-not-ready",
        "template-not-ready",
    )
)


def reworded(found: List[Diagnosis]) -> List[Diagnosis]:
    """The same in the light of a deletion."""
    return [_reworded(item) for item in found if item.cause.name not in _COMING_UP]


def left_behind(family: Family) -> Optional[Diagnosis]:
    """The one object that is left with a finalizer, while all that it waits for is gone."""
    last = _last(family)
    if last is None:
        return None
    finalizers = mapping(last, "metadata").get("finalizers")
    if not isinstance(finalizers, list) or not finalizers:
        return None
    told = ", ".join(str(item) for item in finalizers)
    return Diagnosis(BY_NAME["deletion-cleanup"], str(Ref.of(last)), f"is left with the finalizer {told}")


def _reworded(item: Diagnosis) -> Diagnosis:
    if item.cause.name not in _NO_KEYS:
        return item
    return replace(item, cause=BY_NAME["deletion-without-credentials"])


def _last(family: Family) -> Optional[Mapping[str, Any]]:
    """An object that is being deleted, and beneath which there is nothing."""
    if family.machines or family.aws_machines or family.machine_deployments or family.control_plane:
        return None
    order = (family.aws_cluster, family.cluster, family.helm_release, family.deployment, family.root)
    deepest = next((item for item in order if item is not None), None)
    return deepest if is_leaving(deepest) else None

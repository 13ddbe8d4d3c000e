# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a child is not further: from the words of its objects to causes with remedies, the most telling first.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Dict, Iterable, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.causes import codes, kubernetes
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.identity import IdentityCheck
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.memory import Memory
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.statements import (
    Statement,
    conditions,
    events,
    is_quiet,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table import BY_NAME, CAUSES
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Diagnosis, Family, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api

UNKNOWN = "unknown"
# What a deletion waits for says more than that it waits, and what AWS says more than what Helm makes of it.
_RANK = {cause.name: place for place, cause in enumerate(CAUSES)}


class Diagnoser:
    """Keeps what children said. With an `api` it also looks at what Cluster API never speaks of: the identity."""

    def __init__(self, facts: Optional[Mothership] = None, api: Optional[Api] = None) -> None:
        self._memories: Dict[str, Memory] = {}
        self._identities = IdentityCheck(api, facts) if api is not None and facts is not None else None

    def diagnose(self, family: Family, now: float) -> List[Diagnosis]:
        memory = self._memories.setdefault(family.name, Memory())
        said = [one for one in memory.with_texts(conditions(family)) if not is_quiet(one)]
        heard = memory.fresh(events(family), now)
        found = [*_named([*said, *heard]), *_dry_run(family)]
        if self._identities is not None and not found:
            found += self._identities.look(family, now)
        return _ranked(found) or _unknown(said)


def _named(statements: Iterable[Statement]) -> List[Diagnosis]:
    found: List[Diagnosis] = []
    for one in statements:
        name = codes.cause_in(one.text) or kubernetes.cause_of(one)
        if name:
            found.append(_diagnosis(name, one))
    return found


def _diagnosis(name: str, one: Statement) -> Diagnosis:
    return Diagnosis(BY_NAME[name], one.where, codes.cleaned(one.text) or one.reason)


def _dry_run(family: Family) -> List[Diagnosis]:
    spec: Mapping[str, object] = (family.deployment or {}).get("spec") or {}
    if not spec.get("dryRun"):
        return []
    return [Diagnosis(BY_NAME["dry-run"], f"ClusterDeployment {family.name}, spec.dryRun", "is true")]


def _ranked(found: List[Diagnosis]) -> List[Diagnosis]:
    """One of each cause; those that need a person first, then in the order of the table."""
    first: Dict[str, Diagnosis] = {}
    for item in found:
        first.setdefault(item.cause.name, item)
    return sorted(first.values(), key=lambda item: (not item.cause.needs_person, _RANK[item.cause.name]))


def _unknown(said: List[Statement]) -> List[Diagnosis]:
    """Something failed in words that are not in the table: they are told as they are, and waited for."""
    failed = next((one for one in said if kubernetes.is_failure(one)), None)
    return [_diagnosis(UNKNOWN, failed)] if failed is not None else []

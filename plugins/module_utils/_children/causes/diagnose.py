# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a child is not further: from the words of its objects to causes with remedies, the most telling first.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Iterable, List, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.causes import heard
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.detail import specific
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.evidence import cleaned
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.identity import IdentityCheck, is_silent
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.kubernetes import cause_of
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.leaving import left_behind, reworded
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.memory import Memory
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.reading import is_going, is_leaving, mapping
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.statements import (
    Statement,
    conditions,
    objects,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table import BY_NAME, CAUSES
from ansible_collections.mke4k.core.plugins.module_utils._children.conditions import condition_of
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Diagnosis, Family, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

_RANK = {cause.name: place for place, cause in enumerate(CAUSES)}
_SERVICES, _LATE, _SKEW, _EXPIRED = "services-not-ready", "cluster-late", "clock-skew", "credentials-expired"
# That somebody is silent only counts once it has lasted: at first everybody is.
PATIENCE_SECONDS = 10.0
# Finalizers are taken away one by one, and mostly soon.
_CLEANUP_SECONDS = 60.0


class Diagnoser:
    """Keeps what children said. With an `api` it also looks at what Cluster API never speaks of: the identity.

    `patience`: for how many seconds a child may be silent before that is done.
    """

    def __init__(
        self, facts: Optional[Mothership] = None, api: Optional[Api] = None, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._memories: Dict[str, Memory] = {}
        self._identities = IdentityCheck(api, facts or Mothership()) if api is not None else None
        self._patience = patience

    def diagnose(self, family: Family, now: float) -> List[Diagnosis]:
        """Those that need a person first. `now` is in seconds of any clock that does not jump."""
        memory = self._memories.setdefault(family.name, Memory())
        said = memory.with_texts(conditions(family), now)
        found = [*_named(said, family), *_from_events(said, family), *_dry_run(family)]
        found = [self._skew_or_expiry(item, family, now) for item in found]
        going = is_going(family)
        if going:
            found = reworded(found)
        found += self._unsaid(family, memory, found, now)
        return _ranked(reworded(found) if going else found) or _unknown(said)

    def _unsaid(self, family: Family, memory: Memory, found: List[Diagnosis], now: float) -> List[Diagnosis]:
        """What shows only by nothing being said for a while."""
        silent = memory.lasting("silent", not found and is_silent(family), now)
        if self._identities is not None and silent >= self._patience:
            unsaid = self._identities.look(family, now)
            if unsaid:
                return unsaid
        left = left_behind(family) if not found and is_going(family) else None
        lasts = memory.lasting("left", left is not None, now)
        return [left] if left is not None and lasts >= _CLEANUP_SECONDS else []

    def _skew_or_expiry(self, item: Diagnosis, family: Family, now: float) -> Diagnosis:
        """EC2 says RequestExpired of a wrong clock, and of temporary keys that have expired."""
        if item.cause.name != _SKEW or "RequestExpired" not in item.evidence or self._identities is None:
            return item
        temporary = self._identities.has_temporary_keys(family, now)
        return replace(item, cause=BY_NAME[_EXPIRED]) if temporary else item


def _named(statements: Iterable[Statement], family: Family) -> List[Diagnosis]:
    found: List[Diagnosis] = []
    for one in statements:
        name, code = cause_of(one)
        if name and not (name == _SERVICES and _is_early(family)):
            cause = specific(BY_NAME[name], one.text, family)
            found.append(Diagnosis(cause, one.where, cleaned(one.text, code) or one.reason))
    return found


def _is_early(family: Family) -> bool:
    """Whether the cluster itself is not there yet, so that nothing can run in it."""
    summary = condition_of(family.deployment, "CAPIClusterSummary")
    return summary is not None and not summary.is_true


def _from_events(said: List[Statement], family: Family) -> List[Diagnosis]:
    """Of objects that fail or go and do not say why."""
    if not family.events:
        return []
    about: Dict[Ref, List[Statement]] = {}
    for one in said:
        about.setdefault(one.ref, []).append(one)
    found: List[Diagnosis] = []
    for manifest in objects(family):
        own = about.get(Ref.of(manifest), []) if about else []
        unexplained = [one for one in own if (one.is_failure or one.is_leaving) and not cause_of(one)[1]]
        if unexplained or (not own and is_leaving(manifest)):
            found += _named(heard.explaining(family, manifest, unexplained), family)
    return found


def _dry_run(family: Family) -> List[Diagnosis]:
    if not mapping(family.deployment, "spec").get("dryRun"):
        return []
    return [Diagnosis(BY_NAME["dry-run"], f"ClusterDeployment {family.name}, spec.dryRun", "is true")]


def _ranked(found: List[Diagnosis]) -> List[Diagnosis]:
    """One of each cause; those that need a person first, then in the order of the table."""
    first: Dict[str, Diagnosis] = {}
    for item in found:
        first.setdefault(item.cause.name, item)
    for sum_of_others in (_SERVICES, _LATE):
        if len(first) > 1:
            first.pop(sum_of_others, None)
    return sorted(first.values(), key=lambda item: (not item.cause.needs_person, _RANK[item.cause.name]))


def _unknown(said: List[Statement]) -> List[Diagnosis]:
    """Something failed in words that are not in the table: they are told as they are."""
    failed = next((one for one in said if one.is_failure and one.text and not cause_of(one)[0]), None)
    if failed is None:
        return []
    return [Diagnosis(BY_NAME["unknown"], failed.where, cleaned(f"{failed.reason}: {failed.text}"))]

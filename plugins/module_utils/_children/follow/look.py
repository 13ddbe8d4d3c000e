# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at children once, without waiting: one list for each kind.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.follow.deepest import deepest
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.ends import root_of
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.engine import Diagnose, Manner, nothing
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.families import EVENT, Families, name_of
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.streams import DEEP, stream_of
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.tracker import UNFINISHED
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    CLUSTER_DEPLOYMENT,
    GONE,
    READY,
    Family,
    Manifest,
    Outcome,
    Progress,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.phases import progress_of, verdict_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.follow import list_of

_AT_ONCE = 4
_FORBIDDEN = 403


def look(
    api: Api,
    namespace: str,
    names: Sequence[str] = (),
    diagnose: Diagnose = nothing,
    manner: Optional[Manner] = None,
) -> List[Outcome]:
    """How far the children are, all of the namespace where no names are given. A name that is not there is `gone`."""
    how = manner or Manner()
    roots = _listed(api, [how.root_kind], namespace, names)[how.root_kind]
    wanted = list(names) or sorted(name_of(item) for item in roots)
    if not wanted:
        return []
    families = Families(wanted)
    families.replace(how.root_kind, roots)
    kinds = [kind for kind in (CLUSTER_DEPLOYMENT, *DEEP) if kind != how.root_kind]
    for kind, items in _listed(api, kinds, namespace, wanted).items():
        families.replace(kind, items)
    return [_outcome(families.families[name], diagnose, how) for name in wanted]


def _listed(api: Api, kinds: Sequence[Kind], namespace: str, names: Sequence[str]) -> Dict[Kind, List[Manifest]]:
    def one(kind: Kind) -> List[Dict[str, Any]]:
        try:
            return list_of(api, stream_of(kind, namespace, names, kinds[0])).items
        except Refused as error:
            # Events explain, they decide nothing: who may not read them sees the rest.
            if kind != EVENT or error.status != _FORBIDDEN:
                raise
            return []

    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return dict(zip(kinds, pool.map(one, kinds)))


def _outcome(family: Family, diagnose: Diagnose, how: Manner) -> Outcome:
    root = root_of(family, how.root_kind)
    if root is None and family.deployment is None and family.cluster is None:
        return Outcome(family.name, GONE, Progress("Gone", reached=True), family=family)
    leaves = root is None or bool((root.get("metadata") or {}).get("deletionTimestamp"))
    goal = GONE if leaves else READY
    progress = progress_of(family, goal, how.root_kind)
    if progress.reached:
        return Outcome(family.name, goal, progress, family=family)
    diagnoses = tuple(diagnose(family, how.clock()))
    verdict = verdict_of(family, goal, how.root_kind)
    words = diagnoses[0].text() if diagnoses else "" if leaves else deepest(family)
    return Outcome(family.name, UNFINISHED, progress, diagnoses, family, message=words or verdict.message)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a child is ready, gone or paused, and what can't become so any more. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Iterable, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.conditions import (
    Condition,
    condition_of,
    generation_of,
    observed_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.follow import nodes
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    CLUSTER_DEPLOYMENT,
    MKE_CHILD_CONFIG,
    PAUSED_MARK,
    Family,
    Manifest,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import (
    FAILED,
    MET,
    NOT_THERE,
    PENDING,
    Verdict,
    absent,
)

_MET = Verdict(MET)


def ready(family: Family, since: int = 0, root_kind: Kind = MKE_CHILD_CONFIG) -> Verdict:
    """Whether it is what its spec says. `since`: the generation that was sent, or a later one, has to be the one."""
    root = root_of(family, root_kind)
    if root is None:
        return Verdict(PENDING, f"{root_kind.kind} {family.name}: {NOT_THERE}")
    asked = _metadata(root).get("deletionTimestamp")
    if asked:
        return Verdict(FAILED, f"{named(root)} is being deleted since {asked}; somebody else has asked for that")
    if root_kind == CLUSTER_DEPLOYMENT:
        return _pending_first(_deployment(family, since), _nodes(family, since))
    return _pending_first(_root(family, root, since), _nodes(family, since))


def gone(family: Family, unknown: Iterable[str] = ()) -> Verdict:
    """Whether nothing is left. Of the kinds in `unknown` nobody could tell yet: that counts as still there."""
    left = [item for item in (family.root, family.deployment, family.cluster) if item is not None]
    texts = [f"{named(item)}: {absent()(item).message}" for item in left]
    texts += [f"{kind} {family.name}: nobody could tell yet whether it is gone" for kind in unknown]
    return Verdict(PENDING, "; ".join(texts)) if texts else _MET


def paused(family: Family, root_kind: Kind = MKE_CHILD_CONFIG) -> Verdict:
    """Whether its controllers leave it alone: what Cluster API says of its Cluster, or its mark where there is none."""
    root = root_of(family, root_kind)
    if root is None:
        return Verdict(PENDING, f"{root_kind.kind} {family.name}: {NOT_THERE}")
    if family.cluster is None:
        marked = PAUSED_MARK in (_metadata(root).get("annotations") or {})
        return _MET if marked else Verdict(PENDING, f"{named(root)} has no mark {PAUSED_MARK}")
    told = condition_of(family.cluster, "Paused")
    # The annotation of that name would stop only the controller of the Cluster itself.
    if not (family.cluster.get("spec") or {}).get("paused"):
        return Verdict(PENDING, f"{named(family.cluster)} is not paused yet")
    if told is not None and not told.is_true:
        return Verdict(PENDING, f"{named(family.cluster)}: {told.words()}")
    return _MET


def root_of(family: Family, root_kind: Kind = MKE_CHILD_CONFIG) -> Optional[Manifest]:
    """The object that stands for the child, which depends on the engine."""
    return family.deployment if root_kind == CLUSTER_DEPLOYMENT else family.root


def named(manifest: Mapping[str, Any]) -> str:
    """`AWSCluster k0rdent/prod-eu`."""
    return str(Ref.of(manifest))


def _root(family: Family, root: Manifest, since: int) -> Verdict:
    """What the MkeChildConfig says; where it does not say what it is about, the ClusterDeployment decides."""
    found = condition_of(root, "Ready")
    observed = _observed(root, found)
    stale = _stale(root, observed, since)
    if stale:
        return Verdict(PENDING, stale)
    if found is not None:
        if not found.is_true:
            return Verdict(PENDING, f"{named(root)}: {found.words()}")
        return _MET if observed is not None else _passed_on(family, root)
    if not (root.get("status") or {}).get("kubeConfigSecret"):
        return Verdict(PENDING, f"{named(root)}: it names no kubeConfigSecret yet")
    return _passed_on(family, root)


def _passed_on(family: Family, root: Manifest) -> Verdict:
    verdict = _deployment(family, 0)
    if verdict.state != MET or family.deployment is None:
        return verdict
    asked, told = nodes.counts_of(root), nodes.counts_of(family.deployment)
    behind = [
        f"{key} is {told[key]} in {named(family.deployment)}, {count} in {named(root)}"
        for key, count in asked.items()
        if key in told and told[key] != count
    ]
    return Verdict(PENDING, "; ".join(behind)) if behind else _MET


def _deployment(family: Family, since: int) -> Verdict:
    deployment = family.deployment
    if deployment is None:
        return Verdict(PENDING, f"{CLUSTER_DEPLOYMENT.kind} {family.name}: {NOT_THERE}")
    if (deployment.get("spec") or {}).get("dryRun"):
        return Verdict(PENDING, f"{named(deployment)} has spec.dryRun set: nothing is made from it")
    found = condition_of(deployment, "Ready")
    stale = _stale(deployment, _observed(deployment, found), since)
    if stale:
        return Verdict(PENDING, stale)
    if found is None:
        return Verdict(PENDING, f"{named(deployment)}: it has no condition Ready yet")
    return _MET if found.is_true else Verdict(PENDING, f"{named(deployment)}: {found.words()}")


def _nodes(family: Family, since: int) -> Verdict:
    """After a change Helm and the machines have to follow: what decides may be about the time before for a moment."""
    if since <= 1:
        return _MET
    lacking = [*_release(family.helm_release), *nodes.lacking(family)]
    return Verdict(PENDING, "; ".join(lacking)) if lacking else _MET


def _release(release: Optional[Manifest]) -> List[str]:
    if release is None:
        return []
    found = condition_of(release, "Ready")
    stale = _stale(release, observed_of(release), 0)
    if stale:
        return [stale]
    return [f"{named(release)}: {found.words()}"] if found is not None and not found.is_true else []


def _pending_first(*verdicts: Verdict) -> Verdict:
    return next((verdict for verdict in verdicts if verdict.state != MET), _MET)


def _observed(manifest: Manifest, found: Optional[Condition]) -> Optional[int]:
    if found is not None and found.observed is not None:
        return found.observed
    return observed_of(manifest)


def _stale(manifest: Manifest, observed: Optional[int], since: int) -> str:
    generation = max(generation_of(manifest), since)
    if generation_of(manifest) < since:
        return f"{named(manifest)}: generation {since} of it, which was sent, has not come back yet"
    if observed is None or observed >= generation:
        return ""
    return f"{named(manifest)}: its controller has looked at generation {observed} of it, not yet at {generation}"


def _metadata(manifest: Manifest) -> Mapping[str, Any]:
    return manifest.get("metadata") or {}

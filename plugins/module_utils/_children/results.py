# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task says about children: plain data, the same keys for every child whatever became of it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.follow.nodes import all_nodes
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    READY,
    Child,
    Diagnosis,
    Family,
    Outcome,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import at

DASHBOARD_PORT = 30001


def told(outcome: Outcome, action: str) -> Dict[str, Any]:
    """One child. It holds no secret: the kubeconfig is named, not given."""
    status = _status(outcome.family)
    return {
        "name": outcome.name,
        "action": action,
        "state": outcome.state,
        "ready": outcome.state == READY,
        "phase": outcome.progress.phase,
        "message": outcome.message or outcome.progress.message,
        "causes": [cause(item) for item in outcome.diagnoses],
        "cluster_id": str(status.get("clusterID") or ""),
        "kubeconfig_secret": str(status.get("kubeConfigSecret") or f"{outcome.name}-kubeconfig"),
        "external_address": external_address(outcome.family),
        "nodes": _nodes(outcome.family),
        "seconds": round(outcome.seconds, 1),
    }


def placed(child: Child) -> Dict[str, str]:
    """Where a child is, and what it is asked to be."""
    return {"namespace": child.namespace, "region": child.region, "version": child.version}


def found(outcome: Outcome, namespace: str) -> Dict[str, str]:
    """The same of a child that nobody asked for, from its objects."""
    family = outcome.family
    root = (family.root or family.deployment) if family is not None else None
    spec: Mapping[str, Any] = (root or {}).get("spec") or {}
    region = at(spec, ("infrastructure", "region"), at(spec, ("config", "region"), ""))
    return {"namespace": namespace, "region": str(region), "version": str(spec.get("version") or "")}


def cause(diagnosis: Diagnosis) -> Dict[str, Any]:
    return {
        "name": diagnosis.cause.name,
        "title": diagnosis.cause.title,
        "where": diagnosis.where,
        "evidence": diagnosis.evidence,
        "remedy": diagnosis.cause.remedy,
        "heals": diagnosis.cause.heals,
        "needs_person": diagnosis.cause.needs_person,
    }


def external_address(family: Optional[Family]) -> str:
    """Where the dashboard is: MKE says so from v4.1.3 on, before that the load balancer of AWS has to be asked for."""
    told = str(_status(family).get("externalAddress") or "")
    if told or family is None or family.aws_cluster is None:
        return told
    network: Mapping[str, Any] = (family.aws_cluster.get("status") or {}).get("networkStatus") or {}
    name = str((network.get("apiServerElb") or {}).get("dnsName") or "")
    return f"https://{name}:{DASHBOARD_PORT}" if name else ""


def failure(outcomes: Sequence[Outcome]) -> str:
    """One sentence a child that failed, with what to do; empty where none did."""
    failed = [outcome for outcome in outcomes if outcome.failed]
    if not failed:
        return ""
    lines = [f"{len(failed)} of {len(outcomes)} children failed."]
    return "\n".join(lines + [f"{outcome.name}: {_words(outcome)}" for outcome in failed])


def _words(outcome: Outcome) -> str:
    told: List[str] = [item.text() for item in outcome.diagnoses]
    return " ".join(told) or outcome.message or outcome.progress.message


def _nodes(family: Optional[Family]) -> str:
    """`4/5`; empty as long as nobody looked at the machines."""
    return str(all_nodes(family)) if family is not None else ""


def _status(family: Optional[Family]) -> Mapping[str, Any]:
    root = family.root if family is not None else None
    found = (root or {}).get("status")
    return found if isinstance(found, Mapping) else {}

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services of MKE and their state, put together from what the cluster says of them. Pure.

No release says all of it in one place: the status of the MkeConfig (where it lists services), Helm's record of the
releases in the operator's namespace, the workloads of each release, and k0rdent's MultiClusterServices.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Collection, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.text_table import text_table
from ansible_collections.mke4k.core.plugins.module_utils._kube import helm

SYSTEM = "system"
USER = "user"
_RELEASE_NAME = "meta.helm.sh/release-name"


@dataclass(frozen=True)
class Service:
    """One service. `message` says why it is not ready, in the words of the cluster."""

    name: str
    kind: str
    version: str
    ready: bool
    message: str = ""

    def to_dict(self) -> Dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Seen:
    """What was read of the cluster; each part may be empty."""

    mke_config: Optional[Mapping[str, Any]] = None
    releases: Sequence[helm.Release] = ()
    workloads: Sequence[Mapping[str, Any]] = ()
    multi_cluster_services: Sequence[Mapping[str, Any]] = ()


def services(seen: Seen, user_services: Collection[str] = ()) -> List[Service]:
    """All services by name, those of MKE before those of the user."""
    reported = {str(item.get("name")): item for item in _listed(seen.mke_config) if item.get("name")}
    released = {name: item for (_namespace, name), item in helm.current(seen.releases).items()}
    messages = _messages_of_k0rdent(seen.multi_cluster_services)
    found = []
    for name in sorted({*reported, *released}):
        report, release = reported.get(name), released.get(name)
        problem = _problem(name, report, release, seen.workloads, messages)
        version = str((report or {}).get("version") or "") or (release.version if release else "")
        found.append(Service(name, USER if name in user_services else SYSTEM, version, not problem, problem))
    return sorted(found, key=lambda item: (item.kind != SYSTEM, item.name))


def service_table(rows: Iterable[Service]) -> List[str]:
    head: Tuple[str, ...] = ("SERVICE", "KIND", "VERSION", "READY", "MESSAGE")
    body = [(row.name, row.kind, row.version or "-", "yes" if row.ready else "no", row.message) for row in rows]
    return text_table([head, *body])


def unready(workload: Mapping[str, Any]) -> str:
    """What a Deployment, DaemonSet or StatefulSet lacks, in words; empty where it is as it should be."""
    metadata: Mapping[str, Any] = workload.get("metadata") or {}
    status: Mapping[str, Any] = workload.get("status") or {}
    name = f"{workload.get('kind', 'workload')} {metadata.get('name', '')}"
    if int(status.get("observedGeneration") or 0) < int(metadata.get("generation") or 0):
        return f"{name} was changed and not looked at yet"
    wanted, there, what = _replicas(workload, status)
    return f"{name}: {there} of {wanted} {what}" if there < wanted else ""


def _replicas(workload: Mapping[str, Any], status: Mapping[str, Any]) -> Tuple[int, int, str]:
    if workload.get("kind") == "DaemonSet":
        return int(status.get("desiredNumberScheduled") or 0), int(status.get("numberReady") or 0), "ready"
    replicas = (workload.get("spec") or {}).get("replicas")
    wanted = 1 if replicas is None else int(replicas)
    if workload.get("kind") == "Deployment":
        return wanted, int(status.get("availableReplicas") or 0), "available"
    return wanted, int(status.get("readyReplicas") or 0), "ready"


def _problem(
    name: str,
    report: Optional[Mapping[str, Any]],
    release: Optional[helm.Release],
    workloads: Sequence[Mapping[str, Any]],
    messages: Mapping[str, str],
) -> str:
    """Why a service is not ready: the operator's own words first, then what can be seen of it."""
    said = str((report or {}).get("message") or "")
    if report is not None and not report.get("ready"):
        return said or messages.get(name) or "the operator does not call it ready yet"
    if release is not None and release.status != helm.DEPLOYED:
        return messages.get(name) or f"Helm release {release.status}: {release.description}".rstrip(": ")
    lacking = [unready(item) for item in workloads if _release_of(item) == name]
    return next((text for text in lacking if text), "")


def _listed(mke_config: Optional[Mapping[str, Any]]) -> List[Mapping[str, Any]]:
    found = ((mke_config or {}).get("status") or {}).get("services")
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _release_of(workload: Mapping[str, Any]) -> str:
    metadata: Mapping[str, Any] = workload.get("metadata") or {}
    return str((metadata.get("annotations") or {}).get(_RELEASE_NAME, ""))


def _messages_of_k0rdent(objects: Iterable[Mapping[str, Any]]) -> Dict[str, str]:
    """What k0rdent says of services that fail. Its conditions are named `<namespace>.<service>/<what>`."""
    found: Dict[str, str] = {}
    for item in objects:
        for service in (item.get("status") or {}).get("services") or ():
            for condition in service.get("conditions") or ():
                name = str(condition.get("type", "")).partition("/")[0].rpartition(".")[2]
                if condition.get("status") != "True" and condition.get("message"):
                    found[name] = str(condition["message"])
    return found

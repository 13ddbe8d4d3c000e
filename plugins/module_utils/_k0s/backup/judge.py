# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a backup may be restored to these hosts. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.versions import same_version

# k0s leaves these behind when a controller is gone without having been asked to leave.
KEPT_OF_CONTROLLERS = (("etcd.k0sproject.io/v1beta1", "EtcdMember"), ("autopilot.k0sproject.io/v1beta2", "ControlNode"))


@dataclass(frozen=True)
class Target:
    """What mke4.yaml says, and the hosts as they were read: those on which k0s runs, and those that have its data.

    `restored`: the first controller has this very backup already, from an earlier run.
    """

    cluster: str
    release: str
    k0s_version: str
    network: Mapping[str, str]
    external_address: str = ""
    files: Tuple[str, ...] = ()
    running: Tuple[str, ...] = ()
    with_data: Tuple[str, ...] = ()
    restored: bool = False
    over_running: str = ""
    hosts: Tuple[str, ...] = field(default_factory=tuple)


def findings(manifest: Mapping[str, Any], target: Target) -> List[Finding]:
    return [item for check in CHECKS for item in check(manifest, target)]


def overwrites(target: Target) -> bool:
    """Whether hosts are to be reset first, as the user said by the name of the cluster."""
    return bool(target.running or target.with_data) and target.over_running == target.cluster


def same_cluster(manifest: Mapping[str, Any], target: Target) -> Iterator[Finding]:
    if manifest.get("cluster") != target.cluster:
        yield _error(
            "restore-other-cluster",
            "metadata.name",
            f"the backup is one of the cluster {manifest.get('cluster')}, and mke4.yaml describes {target.cluster}",
            "give the mke4.yaml of that cluster (there is a copy in the backup), or another backup",
        )


def same_versions(manifest: Mapping[str, Any], target: Target) -> Iterator[Finding]:
    if manifest.get("release") != target.release:
        yield _error(
            "restore-release",
            "spec.version",
            f"the backup is of {manifest.get('release')} and mke4.yaml says {target.release}",
            f"set spec.version to {manifest.get('release')}, restore, and upgrade afterwards",
        )
    version = str(manifest.get("k0s_version") or "")
    if not same_version(version, target.k0s_version):
        yield _error(
            "restore-k0s-version",
            "spec.version",
            f"the backup is of k0s {version} and k0s {target.k0s_version} would be installed",
            f"set mke4k_k0s_version to {version}, restore, and upgrade afterwards",
        )


def same_network(manifest: Mapping[str, Any], target: Target) -> Iterator[Finding]:
    network = manifest.get("network") or {}
    for name, value in sorted(target.network.items()):
        if network.get(name) and network[name] != value:
            yield _error(
                "restore-network",
                "spec.network",
                f"{name} is {value}, and the objects in the backup have addresses of {network[name]}",
                f"set it to {network[name]}",
            )
    told = str(manifest.get("external_address") or "")
    if told != target.external_address:
        before, after = (address or "that of a controller" for address in (told, target.external_address))
        yield Finding(
            severity=WARNING,
            name="restore-external-address",
            path="spec.apiServer.externalAddress",
            message=f"the address of the API was {before} and will be {after}: kubeconfigs point to the old one",
            remedy="keep the address, or hand out new kubeconfigs",
        )


def has_its_files(manifest: Mapping[str, Any], target: Target) -> Iterator[Finding]:
    there = {str(item.get("path")) for item in manifest.get("files") or ()}
    for path in target.files:
        if path not in there:
            yield _error(
                "restore-file-missing",
                "spec.apiServer.encryptionProvider",
                f"mke4.yaml asks for encrypted secrets, and the backup has no {path}: it was made without encryption",
                "turn it off in mke4.yaml, restore, and turn it on afterwards",
            )


def nothing_is_overwritten(_manifest: Mapping[str, Any], target: Target) -> Iterator[Finding]:
    if target.restored or overwrites(target):
        return
    told = f"use other hosts, or say mke4k_restore_over_running={target.cluster} to reset all hosts first"
    for name in target.running:
        yield _error("restore-over-running", f"host {name}", "runs k0s, whose cluster the restore would replace", told)
    for name in _without(target.with_data, target.running):
        yield _error("restore-over-data", f"host {name}", "has the data of a k0s that does not run", told)


def _without(names: Sequence[str], others: Sequence[str]) -> List[str]:
    return [name for name in names if name not in others]


def _error(name: str, path: str, message: str, remedy: str) -> Finding:
    return Finding(severity=ERROR, name=name, path=path, message=message, remedy=remedy)


CHECKS = (same_cluster, same_versions, same_network, has_its_files, nothing_is_overwritten)


def former_nodes(manifest: Mapping[str, Any], present: Sequence[str]) -> List[str]:
    """Nodes of the backup whose hosts are no part of the cluster any more."""
    before = [str(item.get("node") or item.get("name")) for item in manifest.get("hosts") or ()]
    return _without(before, present)


def former_objects(manifest: Mapping[str, Any], former: Sequence[str]) -> List[Dict[str, Any]]:
    """What k0s keeps of the controllers among the former nodes, as far as it names the objects."""
    controllers = [
        str(item.get("node") or item.get("name"))
        for item in manifest.get("hosts") or ()
        if item.get("role") != "worker"
    ]
    return [
        {"apiVersion": version, "kind": kind, "metadata": {"name": name}}
        for version, kind in KEPT_OF_CONTROLLERS
        for name in former
        if name in controllers
    ]


def plan_text(
    manifest: Mapping[str, Any], target: Target, archive: str, first: str, former: Sequence[str]
) -> List[str]:
    """What a restore would do, a line each."""
    census = manifest.get("census") or {}
    backup = f"{manifest.get('cluster')} {manifest.get('release')}, k0s {manifest.get('k0s_version')}"
    counted = f"{census.get('keys')} keys at revision {census.get('revision')}"
    lines = [f"{archive}: {backup}, of {manifest.get('created')}, {counted}"]
    if target.restored:
        return [*lines, f"{first} has this backup already; the run goes on from there"]
    if overwrites(target):
        lines.append(
            f"all hosts are reset, and what the cluster on {', '.join(target.running or target.with_data)} has"
            " gained since the backup is lost"
        )
    others = _without(target.hosts, (first,))
    lines.append(f"{first} becomes the first controller again; every key of the backup is looked for")
    lines += [f"then join: {', '.join(others)}"] if others else []
    return lines + ([f"no longer part of the cluster: {', '.join(former)}"] if former else [])

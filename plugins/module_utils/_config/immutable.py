# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be changed any more once the cluster exists, held against the live cluster before anything is touched.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import ipaddress
from typing import Any, Iterator, List, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._config.document import KIND
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, split_host_port
from ansible_collections.mke4k.core.plugins.module_utils._config.paths import lookup
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import (
    UnknownRelease,
    refused_upgrade,
    release,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.render.files import encryption_path
from ansible_collections.mke4k.core.plugins.module_utils._config.resolve import enabled_provider, k0s_provider
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.tables import FIELDS
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import shown

RESET = "keep the value of the cluster; another one needs a reset and a new installation"
_DOMAIN = "cluster.local"


def compare(
    cluster: Cluster, live: Mapping[str, Any], *, data_dir: str = "", kubelet_root_dir: str = ""
) -> List[Finding]:
    """What the file would change that cannot be changed.

    `live` is k0s' ClusterConfig, as its status socket gives it, or the MkeConfig in the cluster; what is missing in
    it is not compared. `data_dir` and `kubelet_root_dir` are those of the running k0s, where they are known.
    """
    if live.get("kind") == KIND:
        return list(_with_mke_config(cluster, live))
    findings = list(_with_cluster_config(cluster, live))
    for path, wanted, present in (
        ("k8sProviderSpecs.dataDir", cluster.data_dir, data_dir),
        ("kubelet.kubeletRootDir", cluster.kubelet_root_dir, kubelet_root_dir),
    ):
        if present and present.rstrip("/") != wanted:
            findings.append(_fixed(cluster, path, wanted, present))
    return findings


def _with_cluster_config(cluster: Cluster, live: Mapping[str, Any]) -> Iterator[Finding]:
    for path, live_path, wanted in (
        ("network.providers", "spec.network.podCIDR", cluster.pod_cidr),
        ("network.serviceCIDR", "spec.network.serviceCIDR", cluster.service_cidr),
        ("network.providers", "spec.network.provider", k0s_provider(cluster.settings, cluster.release)),
        ("", "spec.network.clusterDomain", _DOMAIN),
        ("", "spec.storage.type", "etcd"),
        (
            "apiServer.encryptionProvider",
            "spec.api.extraArgs.encryption-provider-config",
            encryption_path(cluster),
        ),
    ):
        present = lookup(live, live_path)
        if isinstance(present, str) and present and not _same(present, wanted):
            yield _fixed(cluster, path, wanted or "no value", present, live_path)
    yield from _external_address(cluster, lookup(live, "spec.api.externalAddress"))


def _with_mke_config(cluster: Cluster, live: Mapping[str, Any]) -> Iterator[Finding]:
    spec = lookup(live, "spec")
    if not isinstance(spec, Mapping):
        return
    wanted_provider, live_provider = (enabled_provider(item).get("provider") for item in (cluster.settings, spec))
    if lookup(spec, "network.providers") and wanted_provider != live_provider:
        yield _fixed(cluster, "network.providers", str(wanted_provider), str(live_provider))
    for path in _immutable_paths(cluster):
        wanted, present = cluster.value(path), lookup(spec, path)
        if isinstance(present, str) and present and not _same(present, str(wanted or "")):
            yield _fixed(cluster, path, str(wanted or "no value"), present)
    yield from _external_address(cluster, lookup(spec, "apiServer.externalAddress"))
    yield from _upgrade(cluster, lookup(spec, "version"))


def _upgrade(cluster: Cluster, present: Any) -> Iterator[Finding]:
    """A step to another release that upstream does not support."""
    try:
        current = release(present) if isinstance(present, str) else cluster.release
    except UnknownRelease:
        return
    reason = refused_upgrade(current, cluster.release)
    if reason is not None:
        yield Finding(
            ERROR,
            "upgrade-refused",
            _path(cluster, "version"),
            f"would take the cluster from {current.name} to {cluster.release.name}: {reason}",
            "choose a release to which upstream supports an upgrade",
            current.name,
        )


def _immutable_paths(cluster: Cluster) -> List[str]:
    """Fields outside of lists; lists and the external address are compared by themselves."""
    lines = [line for line in FIELDS if line.immutable and line.in_release(cluster.release)]
    return [line.path for line in lines if "[]" not in line.path and line.path != "apiServer.externalAddress"]


def _external_address(cluster: Cluster, present: Any) -> Iterator[Finding]:
    if not isinstance(present, str) or not present:
        return
    path = _path(cluster, "apiServer.externalAddress")
    if not cluster.external_address:
        yield Finding(
            ERROR,
            "immutable-field",
            path,
            f"is not set, and the cluster has {shown(present)}; MKE cannot clear it once it was applied",
            f"write externalAddress: {present}",
        )
    elif split_host_port(present)[0] != cluster.external_host:
        yield Finding(
            WARNING,
            "external-address-changed",
            path,
            f"changes from {shown(present)} to {shown(cluster.external_address)}: kubeconfigs, join tokens and logins"
            " that name the old one stop to work when it goes away",
            "keep the old name alive until all users have a new kubeconfig",
        )


def _fixed(cluster: Cluster, path: str, wanted: str, present: str, live_path: str = "") -> Finding:
    what = f" ({live_path} of k0s)" if live_path else ""
    return Finding(
        ERROR,
        "immutable-field",
        _path(cluster, path) if path else "the running cluster",
        f"would change{what} from {shown(present)} to {shown(wanted)}, which is fixed once the cluster exists",
        RESET,
        present,
    )


def _path(cluster: Cluster, path: str) -> str:
    return path if cluster.release.form == "flat" else f"spec.{path}"


def _same(left: str, right: str) -> bool:
    try:
        return ipaddress.ip_network(left, strict=False) == ipaddress.ip_network(right, strict=False)
    except ValueError:
        return left.rstrip("/") == right.rstrip("/")

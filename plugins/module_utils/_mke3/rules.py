# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Mirantis asks of an MKE 3 before it becomes an MKE 4k. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Iterator, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import release
from ansible_collections.mke4k.core.plugins.module_utils._mke3.facts import Mke3

CONFIG = "cluster_config"
PUT = "GET the file from /api/ucp/config-toml of MKE, change it, and PUT it there"
_BACK_UP = "make one (Admin Settings, Backup), or waive this finding if you keep one that MKE does not list"


def judge(mke: Mke3, target: str, now: datetime, backup_days: float, kubeconfs: List[str]) -> List[Finding]:
    """`kubeconfs`: files of earlier clusters on the machine from which the migration is to be run."""
    return [
        *_version(mke, target),
        *_network(mke),
        *_backup(mke, now, backup_days),
        *_cert_manager(mke),
        *_managers(mke, target),
        *_kubeconfs(kubeconfs),
        *_unread(mke),
    ]


def sources_of(target: str) -> Tuple[str, str]:
    """The releases of MKE 3 that may become this MKE 4k, for people, and what to do from others."""
    if release(target).between(since="v4.2.0"):
        return "3.9.x", "upgrade MKE 3 to 3.9 first"
    return "3.7.15 or later of 3.7, and 3.8.x", "upgrade MKE 3 to 3.8 first, or from 3.9 choose v4.2.0 or later"


def may_become(version: Tuple[int, ...], target: str) -> bool:
    if release(target).between(since="v4.2.0"):
        return version[:2] == (3, 9)
    return version[:2] == (3, 8) or (version[:2] == (3, 7) and version >= (3, 7, 15))


def _version(mke: Mke3, target: str) -> Iterator[Finding]:
    if mke.version and not may_become(mke.version, target):
        allowed, remedy = sources_of(target)
        yield Finding(ERROR, "mke3-version", "MKE 3", f"{mke.version_text} cannot become MKE {target}", remedy, allowed)


def _network(mke: Mke3) -> Iterator[Finding]:
    config = mke.cluster_config
    if not config:
        return
    if config.get("unmanaged_cni") is True:
        yield Finding(
            ERROR,
            "mke3-unmanaged-cni",
            f"{CONFIG}.unmanaged_cni",
            "the pods' network is not MKE's own; its migration is not supported in every release",
            "ask Mirantis for this release, then waive this finding",
        )
    elif config.get("calico_kdd") is not True:
        yield Finding(
            ERROR,
            "mke3-calico-etcd",
            f"{CONFIG}.calico_kdd",
            "Calico keeps its data in etcd, not in Kubernetes",
            f"set calico_kdd = true: {PUT}. It takes about 20 s for each node, during which no new pod gets a network;"
            " there is no way back",
            "true",
        )
    mode = str(config.get("kube_proxy_mode") or "iptables")
    if mode != "iptables":
        yield Finding(
            ERROR, "mke3-proxier", f"{CONFIG}.kube_proxy_mode", f"is {mode}", f"set it to iptables: {PUT}", "iptables"
        )
    for name in _ebpf(config):
        yield Finding(
            ERROR, "mke3-ebpf", f"{CONFIG}.{name}", "Calico's eBPF data plane is not supported", "turn it off", "false"
        )


def _ebpf(config: Any) -> Iterator[str]:
    return (str(name) for name, value in config.items() if "ebpf" in str(name) and value is True)


def _backup(mke: Mke3, now: datetime, days: float) -> Iterator[Finding]:
    if mke.backups is None:
        return
    done = [item.completed for item in mke.backups if item.state == "SUCCESS" and item.completed is not None]
    if not done:
        yield Finding(ERROR, "mke3-backup", "MKE 3", "lists no backup that came to its end", _BACK_UP)
    elif now - max(done) > timedelta(days=days):
        age = (now - max(done)).total_seconds() / 86400
        yield Finding(ERROR, "mke3-backup", "MKE 3", f"its last backup is {age:.0f} days old", _BACK_UP)


def _cert_manager(mke: Mke3) -> Iterator[Finding]:
    for name in mke.cert_managers or ():
        yield Finding(
            ERROR,
            "mke3-cert-manager",
            f"Deployment {name}",
            "this cert-manager and the one that MKE 4k brings would fight",
            "uninstall it, but keep its CustomResourceDefinitions and their objects; renew what ends soon before",
        )


def _managers(mke: Mke3, target: str) -> Iterator[Finding]:
    count = len(mke.managers)
    if count == 2 and not release(target).between(since="v4.1.2"):
        yield Finding(
            WARNING,
            "mke3-two-managers",
            f"managers {', '.join(mke.managers)}",
            "the migration of two managers may fail (known issue of v4.1.0 and v4.1.1)",
            "have one manager or three",
        )


def _kubeconfs(paths: List[str]) -> Iterator[Finding]:
    for path in paths:
        yield Finding(
            ERROR,
            "mke3-kubeconf",
            path,
            "there is a kubeconfig of an MKE 4k already, which makes the migration stop",
            "move it away on the machine from which the migration is run",
        )


def _unread(mke: Mke3) -> Iterator[Finding]:
    for what, why in mke.unread.items():
        yield Finding(
            WARNING, "mke3-not-checked", what, f"could not be read, so it was not checked: {why}", "check it by hand"
        )

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of `k0s install` for a host.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._config.flags import (
    argument_map,
    argument_text,
    flag_text,
    split_flags,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.model import CONTROLLER_WORKER, SINGLE, Cluster, Host
from ansible_collections.mke4k.core.plugins.module_utils._config.render.profiles import default_profile, has_profiles
from ansible_collections.mke4k.core.plugins.module_utils._config.versions import at_least

DISABLED_COMPONENTS = "konnectivity-server,endpoint-reconciler"
KUBELET_ARGUMENTS = "--kubelet-extra-args"
LABELS = "--labels"

# Flags that hold lists: given several times, their values add up.
_LISTS = (LABELS, "--taints", "--disable-components", "--feature-gates")

Flags = Dict[str, Optional[str]]


def install_arguments(cluster: Cluster, host: Host, node_address: str) -> List[str]:
    """The arguments, sorted by name. Those of `installFlags` win over the others, flag by flag.

    Kubelet's arguments and the labels of the node are merged one by one. `--debug`, which k0smotron's templates set,
    is left out: it makes k0s serve profiling data on port 6060 of every address.
    """
    flags = _role_flags(cluster, host)
    if host.runs_workloads:
        flags.update(_workload_flags(cluster, host, node_address))
    for name, value in _user_flags(host).items():
        if name == KUBELET_ARGUMENTS:
            merged = {**argument_map(flags.get(name) or ""), **argument_map(value or "")}
            flags[name] = argument_text(merged)
        elif name == LABELS and flags.get(name):
            flags[name] = _labels({**_label_map(flags[name]), **_label_map(value)})
        else:
            flags[name] = value
    return [flag_text((name, flags[name])) for name in sorted(flags)]


def _role_flags(cluster: Cluster, host: Host) -> Flags:
    flags: Flags = {}
    if not host.is_controller:
        return flags
    if host.role == SINGLE:
        flags["--single"] = None
    if host.role == CONTROLLER_WORKER:
        flags["--enable-worker"] = None
        if host.no_taints:
            flags["--no-taints"] = None
    if cluster.release.between(since="v4.1.0"):
        flags["--disable-components"] = DISABLED_COMPONENTS
        flags["--enable-metrics-scraper"] = None
    return flags


def _workload_flags(cluster: Cluster, host: Host, node_address: str) -> Flags:
    kubelet: Flags = {"--node-ip": node_address}
    if host.hostname:
        kubelet["--hostname-override"] = host.hostname
    for name, value in cluster.value("kubelet.extraArgs", {}).items():
        kubelet[f"--{name}"] = value
    flags: Flags = {KUBELET_ARGUMENTS: argument_text(kubelet)}
    if at_least(cluster.k0s_version, 1, 32, 1):
        flags["--kubelet-root-dir"] = cluster.kubelet_root_dir
    if has_profiles(cluster):
        flags["--profile"] = default_profile(host)
    labels = dict(host.labels)
    if host.is_controller and cluster.release.between(since="v4.1.0"):
        labels["mke/version"] = cluster.release.name
    if labels:
        flags[LABELS] = _labels(labels)
    if host.taints:
        flags["--taints"] = ",".join(host.taints)
    return flags


def _user_flags(host: Host) -> Flags:
    found: Flags = {}
    for name, value in split_flags(host.install_flags):
        if name in _LISTS and found.get(name) and value:
            found[name] = f"{found[name]},{value}"
        elif name == KUBELET_ARGUMENTS and found.get(name):
            found[name] = f"{found[name]} {value or ''}".strip()
        else:
            found[name] = value
    return found


def _label_map(text: Optional[str]) -> Dict[str, str]:
    pairs = (pair.partition("=") for pair in (text or "").split(",") if pair)
    return {name.strip(): value.strip() for name, _equals, value in pairs}


def _labels(labels: Mapping[str, str]) -> str:
    return ",".join(f"{name}={labels[name]}" for name in sorted(labels))

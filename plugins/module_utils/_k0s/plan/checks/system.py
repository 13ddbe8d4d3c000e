# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the operating system and the machine.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Dict, Iterator, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.binary import ARCHITECTURES
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.checks.subject import ClusterView, Subject, size
from ansible_collections.mke4k.core.plugins.module_utils._k0s.versions import K0sVersion

_UBUNTU_20, _UBUNTU_22, _UBUNTU_24 = ("ubuntu", "20.04"), ("ubuntu", "22.04"), ("ubuntu", "24.04")
_RHEL_8, _RHEL_9, _ROCKY_9 = ("rhel", "8.10"), ("rhel", "9.6"), ("rocky", "9.4")
_LATER = (_UBUNTU_22, _UBUNTU_24, _RHEL_8, _RHEL_9)
# What Mirantis names for each release.
SUPPORTED: Dict[str, Tuple[Tuple[str, str], ...]] = {
    "Alpha.1": (_UBUNTU_20,),
    "rc.1": (_UBUNTU_20, _UBUNTU_22),
    "v4.0.0": (_UBUNTU_20, _UBUNTU_22),
    "v4.1.0": (_UBUNTU_20, _UBUNTU_22, _RHEL_8, _ROCKY_9),
    "v4.1.1": (_UBUNTU_22, _RHEL_8, _ROCKY_9),
    "v4.1.2": (_UBUNTU_22, _RHEL_8, _ROCKY_9),
}
_CGROUP_2_SINCE = "v1.35.0+k0s.0"
# k0s documentation, "System requirements".
_LEAST_MEMORY = {"controller": 2**30, "worker": 2**29, "controller+worker": 2**30, "single": 2**30}
_LEAST_KERNEL = (4, 18)
_FIRMWARE_SHARE = 0.9


def system_is_supported(view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    supported = SUPPORTED.get(view.release, _LATER)
    for subject in subjects:
        system = subject.facts.get("os") or {}
        if subject.is_new and (system.get("id"), system.get("version_id")) not in supported:
            names = ", ".join(f"{name} {version}" for name, version in supported)
            yield subject.warning(
                "os-not-supported",
                f"runs {system.get('pretty_name') or system.get('id') or 'an unknown system'}, which Mirantis does not "
                f"name for MKE {view.release or 'this release'}; k0s itself runs on every current Linux",
                f"use one of {names} where support matters",
            )


def architecture_is_supported(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        machine = str(subject.facts.get("architecture") or "")
        if machine not in ARCHITECTURES:
            yield subject.error(
                "architecture-unknown",
                f"is a {machine or 'nameless'} machine, for which there is no k0s",
                f"use a host with one of {', '.join(sorted(set(ARCHITECTURES.values())))}",
            )
        elif ARCHITECTURES[machine] != "amd64" and subject.is_new:
            yield subject.warning(
                "architecture-not-supported",
                f"is a {machine} machine; MKE 4k's own images are for amd64 only",
                "use an amd64 host, unless nothing but k0s runs on this one",
            )


def service_manager_is_known(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        if subject.facts.get("init") not in ("systemd", "openrc"):
            yield subject.error(
                "service-manager-unknown",
                f"runs {subject.facts.get('init') or 'nothing known'} as its first process; k0s needs systemd or "
                "OpenRC to be a service",
                "use a host that boots with systemd or OpenRC",
            )


def cgroups_are_new_enough(view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    if not view.k0s_version or K0sVersion(view.k0s_version) < K0sVersion(_CGROUP_2_SINCE):
        return
    for subject in subjects:
        if subject.runs_workloads and subject.facts.get("cgroup") == 1:
            yield subject.error(
                "cgroup-too-old",
                f"has control groups version 1, with which the kubelet of {view.k0s_version} does not start",
                "boot with systemd.unified_cgroup_hierarchy=1, or use a system that has version 2",
            )


def kernel_is_new_enough(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        found = re.match(r"(\d+)\.(\d+)", str(subject.facts.get("kernel") or ""))
        if found and (int(found.group(1)), int(found.group(2))) < _LEAST_KERNEL:
            yield subject.warning(
                "kernel-old",
                f"has the kernel {subject.facts['kernel']}; current Kubernetes is tested with "
                f"{'.'.join(str(part) for part in _LEAST_KERNEL)} and later",
                "use a newer kernel or system",
            )


def memory_suffices(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        memory, least = int(subject.facts.get("memory_bytes") or 0), _LEAST_MEMORY.get(subject.role, 2**29)
        # The kernel does not count what firmware keeps for itself.
        if subject.is_new and 0 < memory < least * _FIRMWARE_SHARE:
            yield subject.warning(
                "memory-low",
                f"has {size(memory)} of memory; k0s asks for {size(least)} on a {subject.role}, before any workload",
                "give the host more memory",
            )


def swap_is_off(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        swap = int(subject.facts.get("swap_bytes") or 0)
        if subject.runs_workloads and subject.is_new and swap:
            yield subject.warning(
                "swap-on",
                f"has {size(swap)} of swap; pods that are swapped out are slow and memory limits do not hold",
                "switch it off with swapoff -a and take it out of /etc/fstab",
            )


def selinux_is_prepared(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        if subject.runs_workloads and subject.is_new and subject.facts.get("selinux") == "enforcing":
            yield subject.warning(
                "selinux-enforcing",
                "enforces SELinux; without its rules for containers pods do not start",
                "install the package container-selinux",
            )

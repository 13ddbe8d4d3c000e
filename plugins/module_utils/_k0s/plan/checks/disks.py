# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the file systems that k0s writes to.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.checks.subject import ClusterView, Subject, size

MEBIBYTE = 2**20
# k0s needs little room there.
_ONLY_TOLD = ("/tmp", "/var/log", "/var/lib/kubelet")  # noqa: S108
# The binary unpacks about as much as it is large; images of a worker come to that. The rest is k0s' own advice.
LEAST_DATA = 1024 * MEBIBYTE
ADVISED_DATA = 5 * 1024 * MEBIBYTE
LEAST_BINARY = 300 * MEBIBYTE
# The kubelet evicts pods when less of the file system is free.
EVICTION_SHARE = 0.15


def disks_are_usable(view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        for path, disk in (subject.facts.get("disks") or {}).items():
            if path in _ONLY_TOLD:
                continue
            if disk.get("read_only"):
                yield subject.error(
                    "file-system-read-only",
                    f"has {path} on a file system that is mounted read-only ({disk.get('mount')})",
                    f"mount {disk.get('mount')} so that it can be written",
                )
            if disk.get("noexec"):
                yield subject.error(
                    "file-system-noexec",
                    f"has {path} on a file system that runs no programs ({disk.get('mount')} is mounted noexec); "
                    f"k0s has its own there",
                    f"mount {disk.get('mount')} without noexec"
                    + (", or choose another k8sProviderSpecs.dataDir" if path == view.data_dir else ""),
                )


def disk_space_suffices(view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        for path, disk in (subject.facts.get("disks") or {}).items():
            if path == view.data_dir:
                yield from _data_space(subject, path, disk)
            elif path not in _ONLY_TOLD and _free(disk) < LEAST_BINARY:
                yield subject.error(
                    "disk-space",
                    f"has {size(_free(disk))} free in {path} ({disk.get('mount')}), and a new k0s binary is put there "
                    f"beside the old one, which takes {size(LEAST_BINARY)}",
                    f"free space on {disk.get('mount')}",
                )


def _data_space(subject: Subject, path: str, disk: Mapping[str, Any]) -> Iterator[Finding]:
    free, total = _free(disk), int(disk.get("size_bytes") or 0)
    where = f"in {path} ({disk.get('mount')})"
    remedy = f"free space on {disk.get('mount')}, or mount a larger disk at {path}"
    if free < LEAST_DATA:
        yield subject.error("disk-space", f"has {size(free)} free {where}; k0s needs {size(LEAST_DATA)}", remedy)
    elif subject.is_new and free < ADVISED_DATA:
        yield subject.warning(
            "disk-space-low", f"has {size(free)} free {where}; {size(ADVISED_DATA)} are advised", remedy
        )
    elif subject.runs_workloads and total and free < total * EVICTION_SHARE:
        yield subject.warning(
            "disk-space-low",
            f"has only {100 * free // total} % free {where}; below 15 % the kubelet evicts pods",
            remedy,
        )


def _free(disk: Mapping[str, Any]) -> int:
    return int(disk.get("free_bytes") or 0)

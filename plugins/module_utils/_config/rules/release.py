# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules on what a release and its k0s can do.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Iterator, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import release
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.draft import Draft, Rule, error, warning
from ansible_collections.mke4k.core.plugins.module_utils._config.versions import at_least, k0s_numbers

K0S_VARIABLE = "mke4k_k0s_version"


def k0s_fits_the_release(draft: Draft) -> Iterator[Finding]:
    wanted, own = draft.release.k0s, release(draft.release.name).k0s
    if k0s_numbers(wanted)[:2] != k0s_numbers(own)[:2]:
        yield warning(
            "k0s-version-other-minor",
            K0S_VARIABLE,
            f"is {wanted}, another minor release than the {own} that {draft.release.name} comes with",
            "use a version of the same minor release, unless you know that the release works with this one",
        )


def kubelet_root_dir_can_be_set(draft: Draft) -> Iterator[Finding]:
    wanted = draft.value("kubelet.kubeletRootDir")
    data = draft.value("k8sProviderSpecs.dataDir") or "/var/lib/k0s"
    if wanted and wanted != f"{data}/kubelet" and not at_least(draft.release.k0s, 1, 32, 1):
        yield error(
            "kubelet-root-dir-k0s",
            draft.where("kubelet.kubeletRootDir"),
            f"is {wanted}, but k0s {draft.release.k0s} keeps kubelet's data in {data}/kubelet",
            f"use k0s v1.32.1 or later ({K0S_VARIABLE}), or write kubeletRootDir: {data}/kubelet",
        )


def audit_log_can_be_written(draft: Draft) -> Iterator[Finding]:
    """kube-apiserver is not root: it makes and rotates its log in a directory of its own only."""
    log = draft.value("apiServer.audit.logPath")
    if not log or not draft.value("apiServer.audit.enabled"):
        return
    folder = log.rpartition("/")[0]
    if folder.count("/") < 2 or folder in _SHARED_FOLDERS or folder == draft.value("k8sProviderSpecs.dataDir"):
        yield error(
            "audit-log-directory",
            draft.where("apiServer.audit.logPath"),
            f"is {log}, and the user kube-apiserver may not write to {folder or '/'}, which others use too",
            "use a directory for this log alone, such as /var/log/k0s/audit/mke4_audit.log",
        )


_SHARED_FOLDERS = ("/var/lib/k0s", "/var/log/k0s", "/var/lib/k0s/pki", "/etc/k0s", "/etc/kubernetes", "/run/k0s")

RELEASE_RULES: Tuple[Rule, ...] = (k0s_fits_the_release, kubelet_root_dir_can_be_set, audit_log_can_be_written)

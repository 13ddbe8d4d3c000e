# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of what runs or lies on a host already: other Kubernetes distributions, and an earlier or half-gone k0s.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Dict, Iterator, List, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.checks.subject import ClusterView, Subject

NETWORK_PLUGIN = "a network plugin"
_RENEWAL = timedelta(days=30)
_DATA_DIR_FLAG = "--data-dir="


def no_other_kubernetes(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        if not subject.is_new:
            continue
        running: Dict[str, List[str]] = {}
        lying: Dict[str, List[str]] = {}
        for item in subject.facts.get("leftovers") or ():
            kinds = running if item["path"].endswith(".service") else lying
            kinds.setdefault(item["what"], []).append(item["path"])
        for what, paths in running.items():
            yield subject.error(
                "other-kubernetes-runs",
                f"runs {what} ({', '.join(paths)}), which fights k0s for ports, control groups and network rules",
                f"remove it, or use another host; at least: systemctl disable --now {' '.join(paths)}",
            )
        plugins = lying.pop(NETWORK_PLUGIN, [])
        if lying:
            names = "; ".join(f"{what}: {', '.join(paths)}" for what, paths in lying.items())
            yield subject.warning(
                "other-kubernetes-left",
                f"has files of another Kubernetes ({names}), whose containers and network rules may still be there",
                "clean the host with that distribution's own command (kubeadm reset, k3s-uninstall.sh, …) and reboot",
            )
        if plugins and subject.runs_workloads:
            yield subject.warning(
                "network-plugin-left",
                f"has a network plugin configured already ({', '.join(plugins)}); the first file by name is used",
                "remove it, unless it is meant for this cluster",
            )


def k0s_is_whole(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        state = subject.state
        strays = [item for item in subject.facts.get("k0s_processes") or () if not item.get("service")]
        if strays and state.running is None:
            pids = ", ".join(str(item["pid"]) for item in strays)
            yield subject.error(
                "k0s-without-service",
                f"has a k0s that no service started (process {pids}) and that does not answer",
                "end that process, then run again",
            )
        if state.service is not None and state.running is None and (state.joined or state.service.failed):
            told = "has failed" if state.service.failed else "does not serve"
            reason = f": {state.ready_message}" if state.ready_message else ""
            yield subject.warning(
                "k0s-not-running",
                f"has the service {state.service.name}, which {told}{reason}; it will be started",
                f"if that fails, look at its log: journalctl -u {state.service.name}",
            )
        if state.joined and state.service is None and state.running is None:
            yield subject.warning(
                "k0s-data-left",
                "has the data of a k0s whose service is gone; the host will come back as the node it was",
                "if it is to start anew, run k0s reset on it first",
            )


def data_dir_is_kept(view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        present = _data_dir(subject)
        if present and present != view.data_dir:
            yield subject.error(
                "data-dir-changed",
                f"has k0s' data in {present} and mke4.yaml says {view.data_dir}; k0s would start with nothing there",
                f"set k8sProviderSpecs.dataDir to {present}, or reset the host first",
            )


def _data_dir(subject: Subject) -> str:
    if subject.state.running is not None:
        return subject.state.running.data_dir
    arguments = subject.state.service.arguments if subject.state.service else ()
    return next((item[len(_DATA_DIR_FLAG) :] for item in arguments if item.startswith(_DATA_DIR_FLAG)), "")


def certificates_last(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        if subject.state.running is None or not subject.facts.get("time"):
            continue
        now = datetime.fromtimestamp(float(subject.facts["time"]), timezone.utc)
        soon = (now + _RENEWAL).strftime("%Y-%m-%dT%H:%M:%SZ")
        ending = [item for item in subject.state.certificates if str(item.get("not_after")) < soon]
        if ending:
            names = ", ".join(f"{item['path']} ({item['not_after']})" for item in ending[:3])
            more = f" and {len(ending) - 3} more" if len(ending) > 3 else ""
            yield subject.warning(
                "certificate-ends",
                f"has certificates that end within {_RENEWAL.days} days: {names}{more}",
                "renew them with mke4k.core.rotate_certificates; that of the authority lasts ten years and has to be "
                "replaced by hand",
            )

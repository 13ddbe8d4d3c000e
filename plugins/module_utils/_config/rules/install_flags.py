# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules on `installFlags`: a flag that k0s refuses keeps its unit from starting, long after the file was read.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Callable, Dict, Iterator, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.flags import FlagError, argument_map, last_value
from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import nearest
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.draft import (
    Draft,
    HostDraft,
    Rule,
    error,
    warning,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import shown

WORKER_FLAGS = (
    "--profile",
    "--labels",
    "--taints",
    "--kubelet-extra-args",
    "--kubelet-root-dir",
    "--cri-socket",
    "--cidr-range",
    "--enable-cloud-provider",
    "--ignore-pre-flight-checks",
    "--iptables-mode",
    "--logging",
    "--debug",
    "--debugListenOn",
    "--verbose",
)
CONTROLLER_FLAGS = (
    "--api-server-stop-timeout",
    "--disable-components",
    "--enable-k0s-cloud-provider",
    "--enable-metrics-scraper",
    "--feature-gates",
    "--k0s-cloud-provider-port",
    "--k0s-cloud-provider-update-frequency",
    "--kube-controller-manager-extra-args",
    "--no-taints",
)
RESERVED_FLAGS: Dict[str, str] = {
    "--config": "k0s.yaml is always at /etc/k0s/k0s.yaml",
    "--data-dir": "set spec.k8sProviderSpecs.dataDir",
    "--enable-dynamic-config": "with it k0s reads its settings only at the first start, so later changes would be lost",
    "--enable-worker": "choose the role controller+worker",
    "--env": "k0s' environment is not set by flags",
    "--force": "it is given where it is needed",
    "--init-only": "the role of the host decides",
    "--role": "choose the host's role",
    "--single": "choose the role single",
    "--start": "k0s is started when everything is in place",
    "--status-socket": "k0s is watched through /run/k0s/status.sock",
    "--token": "tokens are made for each run",
    "--token-file": "tokens are made for each run",
}
CLUSTER_WIDE_FLAGS = ("--disable-components", "--enable-metrics-scraper", "--feature-gates")
DEFAULT_PROFILES = ("default", "default-windows", "mke-default-manager", "mke-default-worker")


def flags_are_known(draft: Draft) -> Iterator[Finding]:
    for host in draft.hosts:
        for name, _value in host.flags:
            yield from _flag(host, name)


def _flag(host: HostDraft, name: str) -> Iterator[Finding]:
    path = host.where("installFlags")
    if name in RESERVED_FLAGS:
        yield error(
            "install-flag-reserved",
            path,
            f"has {name}, which is set for you",
            f"remove it; {RESERVED_FLAGS[name]}",
        )
    elif name in CONTROLLER_FLAGS and host.role == "worker":
        yield error(
            "install-flag-role",
            path,
            f"has {name}, with which k0s refuses to start on a worker",
            "remove it",
            "only on controllers",
        )
    elif name not in WORKER_FLAGS and name not in CONTROLLER_FLAGS:
        near = nearest(name, (*WORKER_FLAGS, *CONTROLLER_FLAGS))
        yield warning(
            "install-flag-unknown",
            path,
            f"has {shown(name)}, which is not known as a flag of k0s install; it is passed on",
            f"did you mean {near}?"
            if near
            else "check it with k0s install --help, a wrong flag keeps k0s from starting",
        )


def flag_values_are_sound(draft: Draft) -> Iterator[Finding]:
    for host in draft.hosts:
        for name, value in host.flags:
            problem = _VALUE_PROBLEMS[name](value or "") if name in _VALUE_PROBLEMS else ""
            if problem:
                yield error(
                    "install-flag-value",
                    host.where("installFlags"),
                    f"has {name}={shown(value or '')}, {problem}",
                    "correct or remove it",
                )


def _kubelet_problem(value: str) -> str:
    try:
        argument_map(value)
    except FlagError as problem:
        return f"in which {problem}"
    return ""


def _label_problem(value: str) -> str:
    wrong = [pair for pair in value.split(",") if not _LABEL.match(pair.strip())]
    return f"in which '{wrong[0]}' is no label such as zone=a" if wrong else ""


def _taint_problem(value: str) -> str:
    wrong = [taint for taint in value.split(",") if not _TAINT.match(taint.strip())]
    return f"in which '{wrong[0]}' is no taint such as dedicated=gpu:NoSchedule" if wrong else ""


_NAME = r"(?:[a-z0-9.-]{1,253}/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
_LABEL_VALUE = r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?"
_LABEL = re.compile(f"^{_NAME}={_LABEL_VALUE}$")
_TAINT = re.compile(f"^{_NAME}(?:={_LABEL_VALUE})?:(?:NoSchedule|PreferNoSchedule|NoExecute)$")
_VALUE_PROBLEMS: Dict[str, Callable[[str], str]] = {
    "--kubelet-extra-args": _kubelet_problem,
    "--labels": _label_problem,
    "--taints": _taint_problem,
}


def marks_are_sound(draft: Draft) -> Iterator[Finding]:
    """Labels and taints of a host, as those of flags; and annotations, whose values may be anything."""
    for host in draft.hosts:
        for name, texts, problem in _marks(host):
            for text in texts:
                wrong = problem(text)
                if wrong:
                    yield error("host-mark", host.where(name), f"has {shown(text)}, {wrong}", "correct or remove it")


def _marks(host: HostDraft) -> Iterator[Tuple[str, List[str], Callable[[str], str]]]:
    values = host.values
    yield "labels", [f"{name}={_plain(value)}" for name, value in (values.get("labels") or {}).items()], _label_problem
    yield "annotations", [f"{name}=" for name in values.get("annotations") or {}], _label_problem
    yield "taints", list(values.get("taints") or ()), _taint_problem


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str("" if value is None else value)


def profiles_exist(draft: Draft) -> Iterator[Finding]:
    """A node whose profile is missing looks healthy to systemd and to k0s, while its kubelet never starts."""
    known = _profiles(draft)
    for host in draft.hosts:
        wanted = last_value(host.flags, "--profile")
        if wanted is None or wanted in known:
            continue
        near = nearest(wanted, known)
        yield error(
            "profile-unknown",
            host.where("installFlags"),
            f"has --profile={wanted}, and there is no such profile",
            f"did you mean {near}?" if near else f"add it to {draft.where('kubelet.customProfiles')}",
            ", ".join(known),
        )


def _profiles(draft: Draft) -> List[str]:
    custom = draft.value("kubelet.customProfiles") or ()
    names = [str(item["name"]) for item in custom if isinstance(item, dict) and item.get("name")]
    return [*DEFAULT_PROFILES, *names] if draft.release.between(since="rc.1") else [*DEFAULT_PROFILES[:2], *names]


def kubelet_root_dir_is_supported(draft: Draft) -> Iterator[Finding]:
    for host in draft.hosts:
        given = last_value(host.flags, "--kubelet-root-dir")
        wanted = draft.value("kubelet.kubeletRootDir")
        if given and wanted and given.rstrip("/") != wanted:
            yield error(
                "kubelet-root-dir-conflict",
                host.where("installFlags"),
                f"has --kubelet-root-dir={given}, while {draft.where('kubelet.kubeletRootDir')} is {wanted}",
                "remove the flag; Calico and storage drivers are set up for the directory in kubelet.kubeletRootDir",
            )


def controllers_agree(draft: Draft) -> Iterator[Finding]:
    """Controllers apply the same manifests to one cluster: what one leaves out, another brings back."""
    for name in CLUSTER_WIDE_FLAGS:
        values = {last_value(host.flags, name) for host in draft.controllers}
        if len(values) > 1:
            given = [host for host in draft.controllers if last_value(host.flags, name) is not None]
            yield warning(
                "controllers-differ",
                given[0].where("installFlags"),
                f"has {name}={last_value(given[0].flags, name)}, which is not the same on every controller,"
                " so what runs in the cluster depends on which of them leads",
                "give all controllers the same value",
            )


FLAG_RULES: Tuple[Rule, ...] = (
    flags_are_known,
    flag_values_are_sound,
    marks_are_sound,
    controllers_agree,
    profiles_exist,
    kubelet_root_dir_is_supported,
)

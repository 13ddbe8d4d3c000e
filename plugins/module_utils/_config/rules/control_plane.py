# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules on the API server, etcd, kubelet and the directories of k0s.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.model import split_host_port
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.draft import Draft, Rule, error, warning
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.install_flags import DEFAULT_PROFILES
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.api_server import AUDIT_LOG, AUDIT_POLICY
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import shown
from ansible_collections.mke4k.core.plugins.module_utils._config.values.scalars import bytes_of, seconds_of

_GIB = 1024**3
_PROFILE_NAME = re.compile(r"^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$")
_LOCKED_KUBELET_FIELDS = ("clusterDNS", "clusterDomain", "apiVersion", "kind", "staticPodURL")

# Arguments that come from elsewhere in the file, by component.
_STRUCTURED: Mapping[str, Mapping[str, str]] = {
    "apiServer": {
        "audit-log-maxage": "apiServer.audit.maxAge",
        "audit-log-maxbackup": "apiServer.audit.maxBackup",
        "audit-log-maxsize": "apiServer.audit.maxSize",
        "audit-log-path": "apiServer.audit.logPath",
        "audit-policy-file": "apiServer.audit.customPolicyYaml",
        "encryption-provider-config": "apiServer.encryptionProvider",
        "request-timeout": "apiServer.requestTimeout",
        "service-cluster-ip-range": "network.serviceCIDR",
        "service-node-port-range": "network.nodePortRange",
    },
    "controllerManager": {
        "cluster-cidr": "network.providers",
        "service-cluster-ip-range": "network.serviceCIDR",
        "terminated-pod-gc-threshold": "controllerManager.terminatedPodGCThreshold",
    },
    "kubelet": {
        "max-pods": "kubelet.maxPods",
        "pod-max-pids": "kubelet.podPidsLimit",
        "pods-per-core": "kubelet.podsPerCore",
        "protect-kernel-defaults": "kubelet.protectKernelDefaults",
        "root-dir": "kubelet.kubeletRootDir",
        "seccomp-default": "kubelet.seccompDefault",
    },
}
# k0s cannot do without its own value of these.
_OWNED: Mapping[str, Tuple[str, ...]] = {
    "apiServer": (
        "advertise-address",
        "client-ca-file",
        "encryption-provider-config",
        "etcd-cafile",
        "etcd-certfile",
        "etcd-keyfile",
        "etcd-servers",
        "secure-port",
        "service-account-key-file",
        "service-account-signing-key-file",
        "service-cluster-ip-range",
        "tls-cert-file",
        "tls-private-key-file",
    ),
    "controllerManager": ("cluster-cidr", "kubeconfig", "service-cluster-ip-range", "root-ca-file"),
    "scheduler": ("kubeconfig",),
    "kubelet": ("config", "kubeconfig", "bootstrap-kubeconfig", "root-dir", "container-runtime-endpoint"),
}


def external_address_is_usable(draft: Draft) -> Iterator[Finding]:
    path = draft.where("apiServer.externalAddress")
    value = draft.value("apiServer.externalAddress")
    if value:
        host = split_host_port(str(value))[0]
        if host == "localhost" or host.startswith(("127.", "0.")):
            yield error(
                "external-address-unusable",
                path,
                f"is {shown(value)}, by which no other machine reaches the cluster",
                "set it to the name or address of the load balancer in front of the controllers",
            )
    elif (
        len(draft.controllers) > 1 and draft.release.between(since="rc.1") and draft.unset("apiServer.externalAddress")
    ):
        yield warning(
            "external-address-missing",
            path,
            f"is not set: with {len(draft.controllers)} controllers the first one is used, the cluster is out of reach"
            " when it is down, and MKE refuses logins through any other address",
            "set it to the name or address of the load balancer before the first install; it cannot be cleared later",
        )


def audit_is_where_mke_wants_it(draft: Draft) -> Iterator[Finding]:
    log = draft.value("apiServer.audit.logPath")
    if draft.release.between(since="v4.1.1") and log not in (None, AUDIT_LOG):
        yield error(
            "audit-log-path",
            draft.where("apiServer.audit.logPath"),
            f"is {shown(log)}, and {draft.release.name} accepts one path only",
            "remove it",
            AUDIT_LOG,
        )
    policy = draft.value("apiServer.audit.policyFile")
    if policy not in (None, AUDIT_POLICY):
        yield error(
            "audit-policy-file",
            draft.where("apiServer.audit.policyFile"),
            f"is {shown(policy)}, and {draft.release.name} accepts one path only",
            "remove it, and give a policy of your own as apiServer.audit.customPolicyYaml",
            AUDIT_POLICY,
        )


def audit_policy_is_one(draft: Draft) -> Iterator[Finding]:
    text = draft.value("apiServer.audit.customPolicyYaml")
    if not isinstance(text, str) or not text.strip():
        return
    missing = [word for word in ("audit.k8s.io/", "Policy", "rules") if word not in text]
    if missing:
        yield error(
            "audit-policy-content",
            draft.where("apiServer.audit.customPolicyYaml"),
            f"has no {missing[0]}, so kube-apiserver would not start",
            "give a whole document with apiVersion: audit.k8s.io/v1, kind: Policy and rules",
        )


def audit_webhook_is_present(draft: Draft) -> Iterator[Finding]:
    path = draft.value("apiServer.audit.webhookConfigPath")
    if path and draft.value("apiServer.audit.enabled"):
        yield warning(
            "audit-webhook-file",
            draft.where("apiServer.audit.webhookConfigPath"),
            f"is {shown(path)}, which must be on every controller before kube-apiserver starts",
            "put it there before the first run, readable for the user kube-apiserver",
        )


def event_limits_are_given(draft: Draft) -> Iterator[Finding]:
    if not draft.value("apiServer.eventRateLimit.enabled"):
        return
    path = draft.where("apiServer.eventRateLimit.limits")
    limits = draft.value("apiServer.eventRateLimit.limits") or ()
    if draft.unset("apiServer.eventRateLimit.limits"):
        yield error(
            "event-rate-limits-missing",
            path,
            "is not set, but eventRateLimit is enabled: kube-apiserver does not start without a limit",
            "add one, such as {limit: Server, limitQPS: 5000, limitBurst: 20000}",
        )
        return
    for place, item in enumerate(limits):
        qps, burst = item.get("limitQPS"), item.get("limitBurst")
        if isinstance(qps, int) and isinstance(burst, int) and burst < qps:
            yield error(
                "event-rate-limit-burst",
                f"{path}[{place}].limitBurst",
                f"is {burst}, less than the {qps} of limitQPS, which would then never be reached",
                "raise limitBurst to limitQPS at least",
            )


def request_timeout_is_sensible(draft: Draft) -> Iterator[Finding]:
    value = draft.value("apiServer.requestTimeout")
    if value and seconds_of(value) < 1:
        yield error(
            "request-timeout-short",
            draft.where("apiServer.requestTimeout"),
            f"is {shown(value)}, in which no request can be answered",
            "use 1m0s, or a second at least",
        )


def arguments_do_not_contradict(draft: Draft) -> Iterator[Finding]:
    """`extraArgs` win over the rest of the file, but not over what k0s needs."""
    for component in ("apiServer", "controllerManager", "scheduler", "kubelet"):
        given: Dict[str, Any] = draft.value(f"{component}.extraArgs") or {}
        for name, value in given.items():
            path = draft.where(f"{component}.extraArgs.{name}")
            structured = _STRUCTURED.get(component, {}).get(name)
            if name in _OWNED[component]:
                yield error(
                    "extra-argument-owned",
                    path,
                    "is set by k0s and the cluster does not work with another value",
                    f"remove it; use {draft.where(structured)}" if structured else "remove it",
                )
            elif structured and draft.value(structured) is not None:
                yield warning(
                    "extra-argument-overrides",
                    path,
                    f"is {shown(value)} and wins over {draft.where(structured)}",
                    f"set {draft.where(structured)} instead",
                )
            elif component == "kubelet" and any(sign.isspace() for sign in value):
                yield error(
                    "extra-argument-space",
                    path,
                    f"is {shown(value)}, which k0s would cut at its white space",
                    "use kubelet.customProfiles for such a setting",
                )


def quota_is_sensible(draft: Draft) -> Iterator[Finding]:
    size = draft.value("etcd.storageQuota")
    if not size:
        return
    path, amount = draft.where("etcd.storageQuota"), bytes_of(size)
    if amount < _GIB // 8:
        yield error("etcd-quota-small", path, f"is {shown(size)}, which a new cluster fills within hours", "use 2GB")
    elif amount > 8 * _GIB:
        yield warning(
            "etcd-quota-large",
            path,
            f"is {shown(size)}; etcd warns above 8GB, as a restart then takes minutes",
            "use at most 8GB, with that much free memory on every controller",
        )


def data_dir_ends_in_k0s(draft: Draft) -> Iterator[Finding]:
    path = draft.value("k8sProviderSpecs.dataDir")
    if path and not path.endswith("/k0s"):
        yield error(
            "data-dir-name",
            draft.where("k8sProviderSpecs.dataDir"),
            f"is {shown(path)}",
            f"write {path.rstrip('/')}/k0s",
            "an absolute path that ends in /k0s",
        )


def kubelet_dir_is_apart(draft: Draft) -> Iterator[Finding]:
    root, data = draft.value("kubelet.kubeletRootDir"), draft.value("k8sProviderSpecs.dataDir")
    if root and data and (root == data or data.startswith(f"{root}/")):
        yield error(
            "kubelet-root-dir-place",
            draft.where("kubelet.kubeletRootDir"),
            f"is {shown(root)}, which holds k8sProviderSpecs.dataDir {shown(data)}",
            "use /var/lib/kubelet, or another directory outside of it",
        )


def profiles_are_sound(draft: Draft) -> Iterator[Finding]:
    seen: Dict[str, int] = {}
    for place, item in enumerate(draft.value("kubelet.customProfiles") or ()):
        path = draft.where(f"kubelet.customProfiles[{place}]")
        name = item.get("name")
        if not name:
            continue
        if not _PROFILE_NAME.match(name):
            yield error("profile-name", f"{path}.name", f"is {shown(name)}", "", "letters, digits, '-', '_' and '.'")
        if name in DEFAULT_PROFILES:
            yield error(
                "profile-name", f"{path}.name", f"is {name}, which is a profile of k0s or MKE", "choose another"
            )
        if name in seen:
            yield error(
                "profile-duplicate", f"{path}.name", f"is {name}, as customProfiles[{seen[name]}] is", "rename it"
            )
        seen.setdefault(name, place)
        values = item.get("values")
        for locked in _LOCKED_KUBELET_FIELDS:
            if isinstance(values, dict) and locked in values:
                yield error(
                    "profile-locked-field",
                    f"{path}.values.{locked}",
                    "is a kubelet setting that k0s does not let a profile change",
                    "remove it",
                )


CONTROL_PLANE_RULES: Tuple[Rule, ...] = (
    external_address_is_usable,
    audit_is_where_mke_wants_it,
    audit_policy_is_one,
    audit_webhook_is_present,
    event_limits_are_given,
    request_timeout_is_sensible,
    arguments_do_not_contradict,
    quota_is_sensible,
    data_dir_ends_in_k0s,
    kubelet_dir_is_apart,
    profiles_are_sound,
)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Causes that Kubernetes itself tells: k0rdent, Helm and Cluster API, by the condition and its reason. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.codes import found_in
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.statements import Statement

# Kind, condition (with * its beginning), words that its reason or text must have (empty: any), cause. The first counts.
_RULES: Tuple[Tuple[str, str, str, str], ...] = (
    ("AWSCluster", "PrincipalUsageAllowed", "", "identity-not-allowed"),
    ("AWSCluster", "PrincipalCredentialRetrieved", "", "identity-secret-missing"),
    ("AWSCluster", "LoadBalancerReady", "WaitForDNSName", "dns-wait"),
    ("AWSCluster", "*", "DeletingFailed", "deletion-blocked"),
    ("AWSMachine", "InstanceReady", "InstanceTerminated", "instance-gone"),
    ("AWSMachine", "InstanceReady", "InstanceStopped", "instance-gone"),
    ("AWSMachine", "InstanceReady", "InstanceNotFound", "instance-gone"),
    ("ClusterDeployment", "CloudResourcesDeleted*", "Failed", "deletion-cleanup"),
    ("ClusterDeployment", "CredentialReady", "failed to get Credential", "credential-missing"),
    ("ClusterDeployment", "CredentialReady", "not found", "credential-missing"),
    ("ClusterDeployment", "CredentialReady", "", "credential-not-ready"),
    ("ClusterDeployment", "TemplateReady", "required providers", "providers-not-deployed"),
    ("ClusterDeployment", "TemplateReady", "", "template-not-ready"),
    ("ClusterDeployment", "HelmChartReady", "", "helm-release-failed"),
    ("ClusterDeployment", "HelmReleaseReady", "Failed", "helm-release-failed"),
    ("HelmRelease", "Ready", "Failed", "helm-release-failed"),
    ("HelmRelease", "Released", "Failed", "helm-release-failed"),
    ("ClusterDeployment", "Ready", "Check the provider logs", "cluster-late"),
    ("ClusterDeployment", "ServicesInReadyState", "", "services-not-ready"),
    ("MkeChildConfig", "*", "required k0rdent providers", "providers-not-deployed"),
)
# Where Helm stumbles over somebody who does not answer just now, it tries again.
_WEATHER = ("connection refused", "no endpoints available", "i/o timeout", "deadline exceeded", "TLS handshake timeout")


def cause_of(statement: Statement) -> Tuple[str, str]:
    """The name of the cause, and the code of AWS that told it; both may be empty."""
    name, code = found_in(statement.text)
    if name == "permission-denied" and statement.topic == "ELBAttached":
        name = "load-balancer-attach-denied"
    return name or _by_rule(statement), code


def _by_rule(statement: Statement) -> str:
    # Unknown is what nobody has looked at yet.
    if statement.is_event or statement.status != "False" or statement.reason == "Progressing":
        return ""
    said = f"{statement.reason} {statement.text}"
    for kind, topic, words, name in _RULES:
        if kind == statement.ref.kind and _is_about(topic, statement.topic) and words in said:
            return _softened(name, said)
    return ""


def _is_about(rule: str, topic: str) -> bool:
    return topic.startswith(rule[:-1]) if rule.endswith("*") else topic == rule


def _softened(name: str, said: str) -> str:
    is_weather = name == "helm-release-failed" and any(words in said for words in _WEATHER)
    return "helm-release-waits" if is_weather else name

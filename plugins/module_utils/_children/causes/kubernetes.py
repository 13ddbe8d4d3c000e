# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Causes that Kubernetes itself tells: k0rdent, Helm and Cluster API, by the condition and its reason. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.statements import Statement

# Kind, condition, words that its reason or text must have (empty: any), cause.
_RULES: Tuple[Tuple[str, str, str, str], ...] = (
    ("AWSMachine", "ELBAttached", "ELBAttachFailed", "load-balancer-attach-denied"),
    ("AWSCluster", "PrincipalUsageAllowed", "", "identity-not-allowed"),
    ("AWSCluster", "PrincipalCredentialRetrieved", "", "identity-secret-missing"),
    ("AWSCluster", "LoadBalancerReady", "WaitForDNSName", "dns-wait"),
    ("AWSCluster", "", "DeletingFailed", "deletion-blocked"),
    ("ClusterDeployment", "CredentialReady", "", "credential-not-ready"),
    ("ClusterDeployment", "TemplateReady", "", "template-not-ready"),
    ("ClusterDeployment", "HelmChartReady", "", "helm-release-failed"),
    ("ClusterDeployment", "HelmReleaseReady", "Failed", "helm-release-failed"),
    ("HelmRelease", "Ready", "Failed", "helm-release-failed"),
    ("HelmRelease", "Released", "Failed", "helm-release-failed"),
    ("ClusterDeployment", "Ready", "Check the provider logs", "cluster-late"),
    ("ClusterDeployment", "ServicesInReadyState", "", "services-not-ready"),
)


def cause_of(statement: Statement) -> str:
    """The name of the cause; empty where there is none."""
    if statement.is_event:
        return ""
    said = f"{statement.reason} {statement.text}"
    for kind, topic, words, name in _RULES:
        if kind == statement.ref.kind and topic in ("", statement.topic) and words in said:
            return name
    return ""


def is_failure(statement: Statement) -> bool:
    """Whether it says that something failed, and not only that something is not there yet."""
    return bool(statement.text) and (
        statement.severity == "Error" or (statement.severity == "Warning" and "Failed" in statement.reason)
    )

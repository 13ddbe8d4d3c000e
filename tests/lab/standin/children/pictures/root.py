# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The MkeChildConfig, as mke-operator has it. Its conditions are a plausible shape: nobody documents them. Pure."""

from __future__ import annotations

import uuid
from typing import Tuple

from tests.lab.standin.api import Object

from . import deployment, network
from .view import View, new_condition

FINALIZER = "mke.mirantis.com/finalizer"


def status(view: View, refusal: str = "") -> Object:
    """`refusal`: why its ClusterDeployment was not accepted."""
    ready = deployment.is_ready(view) and not refusal
    found: Object = {"observedGeneration": view.generation}
    if not view.command.silent_root:
        reason, words = _words(view, refusal)
        found["conditions"] = [new_condition("Ready", ready, reason, words, view.generation)]
    if ready or view.lived:
        found.update(_facts(view))
    return found


def going(view: View) -> Object:
    found: Object = {"observedGeneration": view.generation}
    if not view.command.silent_root:
        words = "waiting for the ClusterDeployment to be deleted"
        found["conditions"] = [new_condition("Ready", False, "Deleting", words, view.generation)]
    return found


def _facts(view: View) -> Object:
    name = view.wish.name
    found: Object = {
        "clusterID": f"kube-system:{uuid.uuid5(uuid.NAMESPACE_DNS, f'{view.wish.namespace}/{name}')}",
        "kubeConfigSecret": f"{name}-kubeconfig",
        "licenseStatus": {"licenseType": "unlicensed"},
    }
    if view.wish.has_address:
        found["externalAddress"] = f"https://{view.ids.get('dns') or network.dns_name(view)}:30001"
    return found


def _words(view: View, refusal: str) -> Tuple[str, str]:
    if refusal:
        return "ClusterDeploymentRefused", refusal
    if deployment.is_ready(view):
        return "Ready", "the child cluster is ready"
    if view.lived:
        reason = "Updating" if view.failure is None else "Degraded"
        return reason, f"waiting for ClusterDeployment {view.wish.namespace}/{view.wish.name}"
    return "Provisioning", f"waiting for ClusterDeployment {view.wish.namespace}/{view.wish.name}"

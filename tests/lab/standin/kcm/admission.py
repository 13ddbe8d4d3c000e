# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What kcm's admission webhooks refuse, as policies of the API server. They come when the component kcm is ready."""

from __future__ import annotations

from typing import Dict, List

from tests.lab.standin.api import Api, Object
from tests.lab.standin.kinds import BINDING, CLUSTER_DEPLOYMENT, MANAGEMENT, POLICY

DELETION = "standin-management-deletion"
PROVIDERS = "standin-management-providers"
MANAGER = "kcm"
# Which providers a ClusterDeployment needs shows in the name of its template.
_IN_USE = (
    "(params.spec.template.contains('aws') ? ['cluster-api-provider-aws', 'cluster-api-provider-k0sproject-k0smotron']"
    " : []) + (params.spec.template.contains('azure') ? ['cluster-api-provider-azure'] : [])"
    " + (params.spec.template.contains('vsphere') ? ['cluster-api-provider-vsphere'] : [])"
)
_REMOVED = (
    "(has(oldObject.spec.providers) ? oldObject.spec.providers.map(p, p.name) : []).filter(name,"
    " !(has(object.spec.providers) && object.spec.providers.exists(p, p.name == name)) && name in variables.in_use)"
)


def install(api: Api, namespace: str) -> None:
    for item in _policies():
        if api.get(POLICY, item["metadata"]["name"]) is None:
            api.apply(POLICY, item, MANAGER)
            api.apply(BINDING, _binding(item["metadata"]["name"], namespace), MANAGER)


def remove(api: Api) -> None:
    for name in (DELETION, PROVIDERS):
        api.delete(BINDING, name)
        api.delete(POLICY, name)


def _policies() -> List[Object]:
    deletion = [{"expression": "false", "message": "management deletion is forbidden"}]
    removal = [
        {
            "expression": "variables.removed.size() == 0",
            "messageExpression": "'the Management is invalid: provider ' + variables.removed[0] + ' is required by at"
            " least one ClusterDeployment (' + params.metadata.name + ') and cannot be removed from the Management'",
        }
    ]
    variables = [{"name": "in_use", "expression": _IN_USE}, {"name": "removed", "expression": _REMOVED}]
    return [
        _policy(DELETION, "DELETE", deletion, []),
        _policy(PROVIDERS, "UPDATE", removal, variables),
    ]


def _policy(name: str, operation: str, validations: List[Dict[str, str]], variables: List[Dict[str, str]]) -> Object:
    group, _slash, version = MANAGEMENT.api_version.partition("/")
    rule = {"apiGroups": [group], "apiVersions": [version], "operations": [operation], "resources": [MANAGEMENT.plural]}
    spec: Object = {
        "failurePolicy": "Fail",
        "paramKind": {"apiVersion": CLUSTER_DEPLOYMENT.api_version, "kind": CLUSTER_DEPLOYMENT.kind},
        "matchConstraints": {"resourceRules": [rule]},
        "validations": validations,
    }
    if variables:
        spec["variables"] = variables
    return POLICY.made(name, spec=spec)


def _binding(name: str, namespace: str) -> Object:
    """The policy is asked once for each ClusterDeployment of the system namespace, and not at all without one."""
    param = {"namespace": namespace, "selector": {}, "parameterNotFoundAction": "Allow"}
    return BINDING.made(name, spec={"policyName": name, "validationActions": ["Deny"], "paramRef": param})

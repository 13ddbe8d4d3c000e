# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the admission webhooks of MKE and of kcm refuse about children, as policies of the API server."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from tests.lab.standin.api import Api, Kind, Object
from tests.lab.standin.kinds import BINDING, CLUSTER_DEPLOYMENT, MANAGEMENT, POLICY

from .kinds import CHILD, CLUSTER_TEMPLATE, CREDENTIAL

MANAGER = "mke-operator"
NAMESPACE = "k0rdent"
CHILDREN = "standin-child"
PROVIDERS = "standin-child-providers"
TEMPLATES = "standin-clusterdeployment-templates"
CREDENTIALS = "standin-clusterdeployment-credentials"
_ALL = (CHILDREN, PROVIDERS, TEMPLATES, CREDENTIALS)
_NAME = '"The MkeChildConfig \\"" + object.metadata.name + "\\" is invalid: "'
_WANTED = "['cluster-api-provider-aws', 'cluster-api-provider-k0sproject-k0smotron']"
_MISSING = (
    f"{_WANTED}.filter(name, !(has(params.status) && has(params.status.components) && name in params.status.components"
    " && has(params.status.components[name].success) && params.status.components[name].success))"
)


def install(api: Api, version: str) -> None:
    """`version`: that of the mothership, which children have to have too."""
    for policy, binding in _policies(version):
        known = api.get(POLICY, policy["metadata"]["name"])
        if known is None or known["spec"]["validations"] != policy["spec"]["validations"]:
            api.apply(POLICY, policy, MANAGER)
            api.apply(BINDING, binding, MANAGER)


def remove(api: Api) -> None:
    for name in _ALL:
        api.delete(BINDING, name)
        api.delete(POLICY, name)


def _policies(version: str) -> List[tuple[Object, Object]]:
    providers = _refused(
        "variables.missing.size() == 0",
        f'{_NAME} + "spec.infrastructure.provider: Invalid value: \\"" + object.spec.infrastructure.provider + "\\":'
        ' one or more required k0rdent providers are not deployed yet: [" + variables.missing.join(" ") + "]"',
    )
    every_template = _refused(
        "params.metadata.name != object.spec.template || (has(params.status) && params.status.valid)",
        '"the ClusterDeployment is invalid: the template is not valid: " + (has(params.status) &&'
        ' has(params.status.validationError) ? params.status.validationError : "not validated yet")',
    )
    every_credential = _refused(
        "!has(object.spec.credential) || params.metadata.name != object.spec.credential || (has(params.status) &&"
        " params.status.ready)",
        '"the ClusterDeployment is invalid: credential is not Ready"',
    )
    live = "!has(object.metadata.deletionTimestamp)"
    return [
        (_policy(CHILDREN, CHILD, _own_rules(version), live), _binding(CHILDREN)),
        (
            _policy(PROVIDERS, CHILD, [providers], f"{live} && object.spec.infrastructure.provider == 'aws'",
                    params=MANAGEMENT, variables={"missing": _MISSING}),
            _binding(PROVIDERS, {"name": "kcm", "parameterNotFoundAction": "Deny"}),
        ),
        _for_each(TEMPLATES, [every_template], CLUSTER_TEMPLATE),
        _for_each(CREDENTIALS, [every_credential], CREDENTIAL),
    ]  # fmt: skip


def _own_rules(version: str) -> List[Dict[str, Any]]:
    names = "['aws', 'vsphere']" if _is_vsphere_known(version) else "['aws']"
    rules = [
        _refused(
            f"object.metadata.namespace == '{NAMESPACE}'",
            f'{_NAME} + "metadata.namespace: Invalid value: \\"" + object.metadata.namespace + "\\": MkeChildConfig'
            f' objects may only be created in the namespace {NAMESPACE}"',
        ),
        _refused(
            f"object.spec.infrastructure.provider in {names}",
            f'{_NAME} + "spec.infrastructure.provider: Unsupported value: \\"" + object.spec.infrastructure.provider +'
            ' "\\": supported values: ' + names.strip("[]").replace("'", '\\"') + '"',
        ),
    ]
    if version:
        rules.append(
            _refused(
                f"object.spec.version == '{version}' ||"
                " (oldObject != null && oldObject.spec.version == object.spec.version)",
                f'{_NAME} + "spec.version: Invalid value: \\"" + object.spec.version + "\\": must be the version of the'
                f' management cluster, {version}"',
            )
        )
    return rules


def _is_vsphere_known(version: str) -> bool:
    """From release 4.2 on."""
    return tuple(version.lstrip("v").split(".")[:2]) >= ("4", "2")


def _refused(expression: str, message: str) -> Dict[str, Any]:
    return {"expression": expression, "messageExpression": message, "reason": "Invalid"}


def _for_each(name: str, validations: List[Dict[str, Any]], params: Kind) -> tuple[Object, Object]:
    """Asked once for each object of `params`: a policy can't look one up by name."""
    policy = _policy(
        name, CLUSTER_DEPLOYMENT, validations, "!has(object.metadata.deletionTimestamp)", params, operations=["CREATE"]
    )
    return policy, _binding(name, {"namespace": NAMESPACE, "selector": {}, "parameterNotFoundAction": "Allow"})


def _policy(
    name: str,
    kind: Kind,
    validations: List[Dict[str, Any]],
    condition: str,
    params: Optional[Kind] = None,
    variables: Optional[Dict[str, str]] = None,
    operations: Optional[List[str]] = None,
) -> Object:
    group, _slash, version = kind.api_version.partition("/")
    rule = {
        "apiGroups": [group],
        "apiVersions": [version],
        "operations": operations or ["CREATE", "UPDATE"],
        "resources": [kind.plural],
    }
    spec: Object = {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": [rule]},
        "matchConditions": [{"name": "standin", "expression": condition}],
        "validations": validations,
    }
    if params is not None:
        spec["paramKind"] = {"apiVersion": params.api_version, "kind": params.kind}
    if variables:
        spec["variables"] = [{"name": name, "expression": text} for name, text in variables.items()]
    return POLICY.made(name, spec=spec)


def _binding(name: str, param: Optional[Object] = None) -> Object:
    spec: Object = {"policyName": name, "validationActions": ["Deny"]}
    if param is not None:
        spec["paramRef"] = param
    return BINDING.made(name, spec=spec)

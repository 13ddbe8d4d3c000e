# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SimulatePrincipalPolicy, which moto lacks: actions and resources of all attached policies; no conditions."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any, Dict, Iterator, List, Mapping

from moto.core.responses import ActionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.responses import IamResponse

ALLOWED, DENIED, NOT_ALLOWED = "allowed", "explicitDeny", "implicitDeny"


def add_simulation() -> None:
    responses: Any = IamResponse
    responses.simulate_principal_policy = _answer


def decision(documents: List[Mapping[str, Any]], action: str, resource: str) -> str:
    """What AWS decides on an action on a resource (`*` is a resource of that name, which only `*` matches)."""
    found = NOT_ALLOWED
    for document in documents:
        for statement in _list(document.get("Statement")):
            if _matches(statement, "Action", action.lower()) and _matches(statement, "Resource", resource):
                if statement["Effect"] == "Deny":
                    return DENIED
                if not statement.get("Condition"):
                    found = ALLOWED
    return found


def documents_of(backend: Any, arn: str) -> List[Mapping[str, Any]]:
    """The documents of all policies of a user or role."""
    kind, _slash, path = arn.split(":", 5)[5].partition("/")
    name = path.rsplit("/", 1)[-1]
    if kind == "user":
        owner = backend.get_user(name)
        inline = [owner.policies[each] for each in owner.policies]
    elif kind == "role":
        owner = backend.get_role(name)
        inline = list(owner.policies.values())
    else:
        raise NotFoundException(f"{arn} is neither a user nor a role")
    managed = [policy.default_version.document for policy in owner.managed_policies.values()]
    return [_document(each) for each in [*inline, *managed]]


def _answer(self: Any) -> ActionResult:
    documents = documents_of(self.backend, self._get_param("PolicySourceArn"))
    resources = self._get_param("ResourceArns", []) or ["*"]
    results = [
        {"EvalActionName": action, "EvalResourceName": resource, "EvalDecision": decision(documents, action, resource)}
        for action in self._get_param("ActionNames", [])
        for resource in resources
    ]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _document(text: Any) -> Dict[str, Any]:
    found = json.loads(text) if isinstance(text, str) else text
    return dict(found)


def _matches(statement: Mapping[str, Any], key: str, value: str) -> bool:
    patterns = [str(each) for each in _list(statement.get(key))]
    if key == "Action":
        patterns = [each.lower() for each in patterns]
    if f"Not{key}" in statement:
        return not any(fnmatchcase(value, each) for each in _texts(statement, f"Not{key}"))
    return any(fnmatchcase(value, each) for each in patterns)


def _texts(statement: Mapping[str, Any], key: str) -> Iterator[str]:
    for each in _list(statement.get(key)):
        yield str(each).lower() if key == "NotAction" else str(each)


def _list(value: Any) -> List[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]

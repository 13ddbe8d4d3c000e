# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policy documents: made of data, compared by what they mean, shown to people.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
from typing import Any, Dict, FrozenSet, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.policies import PASSED_ROLES, Statement

VERSION = "2012-10-17"
# AWS counts the characters of a managed policy without blanks.
LIMIT = 6144
Meaning = FrozenSet[Tuple[str, ...]]


def document(statements: Sequence[Statement], partition: str, passed_roles: Sequence[str]) -> Dict[str, Any]:
    return {"Version": VERSION, "Statement": [_statement(each, partition, passed_roles) for each in statements]}


def _statement(given: Statement, partition: str, passed_roles: Sequence[str]) -> Dict[str, Any]:
    resources: List[str] = []
    for resource in given.resources:
        resources += passed_roles if resource == PASSED_ROLES else [resource.replace("{partition}", partition)]
    found: Dict[str, Any] = {"Effect": "Allow", "Action": given.action_names(), "Resource": resources}
    if given.condition:
        found["Condition"] = dict(given.condition)
    return found


def trust(*services: str, tag_session: bool = False) -> Dict[str, Any]:
    """Which services of AWS may act as the role."""
    action = ["sts:AssumeRole", *(["sts:TagSession"] if tag_session else [])]
    return {
        "Version": VERSION,
        "Statement": [{"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": action}],
    }


def compact(given: Mapping[str, Any]) -> str:
    return json.dumps(given, separators=(",", ":"))


def check_size(name: str, given: Mapping[str, Any]) -> None:
    size = len(compact(given).replace(" ", ""))
    if size > LIMIT:
        raise AwsError(
            f"The policy {name} would have {size} characters, and AWS takes {LIMIT}. Name fewer roles in pass_roles."
        )


def pretty(given: Mapping[str, Any]) -> str:
    """For a diff: sorted, so that only what differs in meaning shows."""
    statements = sorted((_sorted(each) for each in _list(given.get("Statement"))), key=compact)
    return json.dumps({**given, "Statement": statements}, indent=2, sort_keys=True) + "\n"


def _sorted(statement: Mapping[str, Any]) -> Dict[str, Any]:
    return {
        key: sorted(map(str, _list(value))) if key in ("Action", "NotAction", "Resource", "NotResource") else value
        for key, value in sorted(statement.items())
        if key != "Sid"
    }


def meaning(given: Mapping[str, Any]) -> Meaning:
    """What a document says, one entry for each action, resource and principal; order and grouping do not count."""
    found = set()
    for statement in _list(given.get("Statement")):
        condition = compact(_plain(statement.get("Condition") or {}))
        for subject in _principals(statement):
            for action in _texts(statement, "Action"):
                for resource in _texts(statement, "Resource"):
                    found.add((str(statement.get("Effect")), subject, action.lower(), resource, condition))
    return frozenset(found)


def same(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    return meaning(left) == meaning(right)


def covers(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether the found one says all that is wanted, and perhaps more."""
    return meaning(wanted) <= meaning(found)


def lacking(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> List[str]:
    """The actions that are wanted and not found, sorted."""
    return sorted({entry[2] for entry in meaning(wanted) - meaning(found)})


def _texts(statement: Mapping[str, Any], key: str) -> List[str]:
    if f"Not{key}" in statement:
        return [f"!{each}" for each in _list(statement[f"Not{key}"])]
    return [str(each) for each in _list(statement.get(key))] or [""]


def _principals(statement: Mapping[str, Any]) -> List[str]:
    for key in ("Principal", "NotPrincipal"):
        if key in statement:
            given = statement[key]
            if not isinstance(given, Mapping):
                return [f"{key}:{given}"]
            return [f"{key}:{kind}:{each}" for kind, some in given.items() for each in _list(some)]
    return [""]


def _plain(value: Any) -> Any:
    """A condition with its single values as lists, sorted."""
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value)}
    return sorted(str(each) for each in _list(value))


def _list(value: Any) -> List[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]

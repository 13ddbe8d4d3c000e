# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a text tells besides its cause: which call was denied, what is in the way, which services are missing. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Dict, List, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.reading import listed, mapping, text_at
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Cause, Family

_ACTION = re.compile(r"not authorized to perform: ([\w-]+:\w+)")
_OPERATION = re.compile(r"operation error ([\w ]+): (\w+)")
_ROLE = re.compile(r"arn:[\w-]+:iam::\d*:role/[\w+=,.@/-]+")
_RESOURCE = re.compile(
    r"\b(?:subnet|sg|vpc|eni|igw|rtb|nat|eipalloc|vpce|i|vol|acl)-[0-9a-f]{8,17}\b|loadbalancer/[\w/-]+"
)
_SERVICES = {
    "EC2": "ec2",
    "Elastic Load Balancing": "elasticloadbalancing",
    "Elastic Load Balancing v2": "elasticloadbalancing",
}
_MOST_SERVICES = 5


def specific(cause: Cause, text: str, family: Family) -> Cause:
    """The same cause, with a title that says what this text says."""
    if cause.name == "permission-denied":
        return _titled(cause, "AWS does not permit a call", f"AWS does not permit {_action(text)}")
    if cause.name == "pass-role-denied":
        role = _ROLE.findall(text)
        return replace(cause, remedy=f"{cause.remedy} Here it is {role[-1]}.") if role else cause
    if cause.name == "deletion-blocked":
        found = list(dict.fromkeys(_RESOURCE.findall(text)))
        return _titled(cause, "a resource of the child", ", ".join(found)) if found else cause
    if cause.name == "services-not-ready":
        names = _services(family)
        return replace(cause, title=f"{cause.title}: {_few(names)}") if names else cause
    return cause


def _titled(cause: Cause, words: str, instead: str) -> Cause:
    return replace(cause, title=cause.title.replace(words, instead))


def _action(text: str) -> str:
    found = _ACTION.search(text)
    if found is not None:
        return found.group(1)
    operation = _OPERATION.search(text)
    if operation is None:
        return "a call"
    service = operation.group(1)
    return f"{_SERVICES.get(service, service.lower())}:{operation.group(2)}"


def _services(family: Family) -> List[str]:
    """kcm names each service in the type of its condition (namespace.name/SveltosHelmReleaseReady), later by itself."""
    found: Dict[str, None] = {}
    for item in listed(mapping(family.deployment, "status").get("services")):
        told = listed(item.get("conditions"))
        named = text_at(item, "name")
        if named:
            if text_at(item, "state") not in ("", "Deployed") or any(_is_bad(one) for one in told):
                found[named] = None
            continue
        for one in told:
            if _is_bad(one):
                found[text_at(one, "type").partition("/")[0].rpartition(".")[2]] = None
    return [name for name in found if name]


def _is_bad(condition: Mapping[str, Any]) -> bool:
    return text_at(condition, "status") != "True"


def _few(names: List[str]) -> str:
    more = len(names) - _MOST_SERVICES
    return ", ".join(names[:_MOST_SERVICES]) + (f" and {more} more" if more > 0 else "")

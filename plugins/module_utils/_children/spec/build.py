# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a user says about children to the specs of their MkeChildConfig objects. All mistakes at once.

Later wins: the `from_mke_config` of a child, the options (those of the child over the defaults), its raw `spec`.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.errors import BadChildren
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    PAUSED_MARK,
    PROTECTED_MARK,
    Child,
    Mothership,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.conversion import Converted, converted
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.fields import (
    CHILD,
    CONFIGURATION,
    COUNTS,
    FIELDS,
    INFRASTRUCTURE,
    Field,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.merge import merged, put
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.options import Reader
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.placement import place_of_counts
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, Finding, errors_of
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import shown

DEFAULT_CREDENTIAL = "aws-cluster-identity-cred"
DEFAULT_PROVIDER = "aws"


def build_children(given: Sequence[Any], defaults: Mapping[str, Any], facts: Mothership) -> List[Child]:
    """Raises BadChildren with every mistake of every child. Those of `defaults` are told once, not for each child."""
    findings: List[Finding] = []
    if not given:
        findings.append(Finding(ERROR, "no-children", "children", "is empty", "name at least one child"))
    below = dict(Reader("defaults", findings).read(defaults, FIELDS))
    children = [_child(item, below, facts, f"children[{place}]", findings) for place, item in enumerate(given)]
    if errors_of(findings):
        raise BadChildren(findings)
    return [child for child in children if child is not None]


def _child(
    given: Any, defaults: Mapping[Field, Any], facts: Mothership, path: str, findings: List[Finding]
) -> Optional[Child]:
    if not isinstance(given, Mapping):
        findings.append(
            Finding(ERROR, "child-not-a-mapping", path, f"is {shown(given)}", allowed="a mapping with at least a name")
        )
        return None
    values = _over(defaults, Reader(path, findings).read(given, FIELDS))
    own = {field.name: value for field, value in values if field.base == CHILD}
    if not own.get("name"):
        findings.append(Finding(ERROR, "child-without-name", f"{path}.name", "is missing", "give the child a name"))
        return None
    spec = _spec(values, facts, own.get("spec") or {})
    holder = path if given.get("from_mke_config") else "defaults"
    taken = _taken(own.get("from_mke_config"), spec["version"], f"{holder}.from_mke_config")
    findings += (error for error in errors_of(taken.findings) if error not in findings)
    return Child(
        name=own["name"],
        spec=merged(taken.spec, spec),
        namespace=own.get("namespace") or facts.namespace,
        labels=own.get("labels") or {},
        annotations={**(own.get("annotations") or {}), **_marks(own)},
        paused=bool(own.get("paused")),
        template=own.get("template") or "",
        services=own.get("services") or (),
        findings=taken.findings,
    )


def _over(below: Mapping[Field, Any], above: Sequence[Tuple[Field, Any]]) -> List[Tuple[Field, Any]]:
    """Options of a child over the defaults. What was left empty is not among them, so that the default holds."""
    result = dict(below)
    for field, value in above:
        both = isinstance(value, Mapping) and isinstance(result.get(field), Mapping)
        result[field] = merged(result[field], value) if both else value
    return list(result.items())


def _taken(document: Optional[Mapping[str, Any]], version: str, path: str) -> Converted:
    return converted(document, version, path) if document else Converted({})


def _marks(own: Mapping[str, Any]) -> Dict[str, str]:
    marks = {PAUSED_MARK: own.get("paused"), PROTECTED_MARK: own.get("protected")}
    return {name: "true" for name, value in marks.items() if value}


def _spec(values: Sequence[Tuple[Field, Any]], facts: Mothership, raw: Mapping[str, Any]) -> Dict[str, Any]:
    told = {field.name: value for field, value in values}
    version = str(raw.get("version") or told.get("version") or facts.version)
    bases = {
        INFRASTRUCTURE: ("infrastructure",),
        CONFIGURATION: ("infrastructure", CONFIGURATION),
        COUNTS: place_of_counts(version),
    }
    spec: Dict[str, Any] = {
        "version": version,
        "infrastructure": {"provider": DEFAULT_PROVIDER, "credential": DEFAULT_CREDENTIAL},
    }
    for field, value in values:
        if field.base != CHILD:
            put(spec, (*bases.get(field.base, ()), *field.path), value)
    return merged(spec, raw)

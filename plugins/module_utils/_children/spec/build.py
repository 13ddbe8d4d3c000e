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
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.fields import (
    CHILD,
    CONFIGURATION,
    COUNTS,
    FIELDS,
    INFRASTRUCTURE,
    Field,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.merge import merged, put
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.placement import place_of_counts
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import nearest
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import Invalid, shown

DEFAULT_CREDENTIAL = "aws-cluster-identity-cred"
DEFAULT_PROVIDER = "aws"


def build_children(given: Sequence[Any], defaults: Mapping[str, Any], facts: Mothership) -> List[Child]:
    """Raises BadChildren with every mistake of every child."""
    findings: List[Finding] = []
    if not given:
        findings.append(Finding(ERROR, "no-children", "children", "is empty", "name at least one child"))
    children = [_child(item, defaults, facts, f"children[{place}]", findings) for place, item in enumerate(given)]
    if findings:
        raise BadChildren(findings)
    return [child for child in children if child is not None]


def _child(
    given: Any, defaults: Mapping[str, Any], facts: Mothership, path: str, findings: List[Finding]
) -> Optional[Child]:
    if not isinstance(given, Mapping):
        findings.append(
            Finding(ERROR, "child-not-a-mapping", path, f"is {shown(given)}", allowed="a mapping with at least a name")
        )
        return None
    values = Reader(path, findings).read(merged(defaults, given), FIELDS)
    own = {field.name: value for field, value in values if field.base == CHILD}
    if not own.get("name"):
        findings.append(Finding(ERROR, "child-without-name", f"{path}.name", "is missing", "give the child a name"))
        return None
    spec = merged(own.get("from_mke_config") or {}, _spec(values, facts, own.get("spec") or {}))
    return Child(
        name=own["name"],
        spec=spec,
        namespace=own.get("namespace") or facts.namespace,
        labels=own.get("labels") or {},
        annotations={**(own.get("annotations") or {}), **_marks(own)},
        paused=bool(own.get("paused")),
        template=own.get("template") or "",
        services=own.get("services") or (),
    )


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


class Reader:
    """Reads options by their table; what is wrong goes into `findings` with its place."""

    def __init__(self, path: str, findings: List[Finding]) -> None:
        self._path = path
        self._findings = findings

    def read(self, given: Mapping[str, Any], fields: Sequence[Field], path: str = "") -> List[Tuple[Field, Any]]:
        place = path or self._path
        known = {field.name: field for field in fields}
        found: List[Tuple[Field, Any]] = []
        for name, value in given.items():
            field = known.get(name)
            if field is None:
                self._unknown(f"{place}.{name}", name, known)
            elif field.fields:
                found += self._group(field, value, f"{place}.{name}")
            else:
                found += self._value(field, value, f"{place}.{name}")
        return found

    def _group(self, field: Field, value: Any, path: str) -> List[Tuple[Field, Any]]:
        if _is_unset(field, value):
            return []
        if isinstance(value, Mapping):
            return self.read(value, field.fields, path)
        self._wrong(path, f"is {shown(value)}", "a mapping")
        return []

    def _value(self, field: Field, value: Any, path: str) -> List[Tuple[Field, Any]]:
        if _is_unset(field, value):
            return []
        try:
            return [(field, field.to(value))]
        except Invalid as error:
            self._wrong(path, error.reason, error.allowed, error.remedy)
            return []

    def _unknown(self, path: str, name: str, known: Mapping[str, Field]) -> None:
        near = nearest(name, known)
        remedy = f"did you mean {near}?" if near else "put what has no option into `spec`, it is passed through"
        self._findings.append(Finding(ERROR, "child-unknown-option", path, "is not known", remedy))

    def _wrong(self, path: str, message: str, allowed: str = "", remedy: str = "") -> None:
        self._findings.append(Finding(ERROR, "child-wrong-value", path, message, remedy, allowed))


def _is_unset(field: Field, value: Any) -> bool:
    """Null, and an empty answer of a survey where that does not mean something of its own, leave an option out."""
    return value is None or (value == "" and not field.may_be_empty)

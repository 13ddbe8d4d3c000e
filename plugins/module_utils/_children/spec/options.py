# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the options of a child by their table.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.spec.fields import Field
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import nearest
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import Invalid, shown


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
                self._unknown(f"{place}.{name}", str(name), known)
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

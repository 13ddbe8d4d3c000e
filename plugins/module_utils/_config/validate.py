# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds a plain spec against the schema of its release: types, ranges, choices, unknown and foreign fields, defaults.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import copy
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import nearest, nearest_path
from ansible_collections.mke4k.core.plugins.module_utils._config.paths import Path, matches, path_text
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import RELEASES, Release
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.field import Field
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.hosts import FOREIGN_HOST_FIELDS
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.tables import (
    Node,
    lines_at,
    paths_of,
    releases_with,
    tree_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import Invalid, shown
from ansible_collections.mke4k.core.plugins.module_utils._config.values.kinds import CONVERSIONS

_UNSET = (None, "")
_NOTHING = object()


class Validator:
    """Checks values and collects findings.

    Values that are wrong are left out of what it returns, and fields that the release does not know are in `foreign`:
    nothing that comes after it has to reckon with a value of another kind than the schema says.
    """

    def __init__(self, release: Release, root: Path) -> None:
        self.release = release
        self.root = root
        self.findings: List[Finding] = []
        self.foreign: List[Tuple[Path, Any]] = []

    def spec(self, value: Mapping[str, Any]) -> Dict[str, Any]:
        """The checked spec with its defaults."""
        return self._object(dict(value), tree_of(self.release), (), "")

    def host(self, value: Mapping[str, Any], place: str) -> Dict[str, Any]:
        """A host that does not come from `spec.hosts`; findings have `place` before the names of its fields."""
        node = tree_of(self.release).children["hosts"].item
        return self._object(dict(value), node, ("hosts", 0), place) if node else {}

    def _object(self, value: Dict[str, Any], node: Node, path: Path, label: str) -> Dict[str, Any]:
        found: Dict[str, Any] = {}
        for key, item in value.items():
            child = node.children.get(key)
            if child is None:
                self._foreign(key, item, node, path, label)
            elif item not in _UNSET or isinstance(item, bool):
                checked = self._value(item, child, (*path, key), label)
                if checked is not _NOTHING:
                    found[key] = checked
        self._complete(found, value, node, path, label)
        return found

    def _complete(self, found: Dict[str, Any], given: Mapping[str, Any], node: Node, path: Path, label: str) -> None:
        for key, child in node.children.items():
            if key in found or given.get(key) not in _UNSET:
                continue
            line = child.line
            if line is not None and line.required:
                self._report(ERROR, "field-missing", (*path, key), label, "is not set", _words(line), "set it")
            elif line is not None and line.default is not None:
                found[key] = copy.deepcopy(line.default)
            elif child.children and not (line and line.optional):
                inner = self._object({}, child, (*path, key), label)
                if inner:
                    found[key] = inner

    def _value(self, value: Any, node: Node, path: Path, label: str) -> Any:
        if node.item is not None:
            return self._objects(value, node.item, path, label)
        if node.children:
            if isinstance(value, dict):
                return self._object(value, node, path, label)
            return self._wrong(node, path, label, Invalid(f"is {shown(value)}", _fields(node)))
        line = node.line
        if line is None:
            return value
        if line.kind == "list":
            return self._list(value, line, path, label)
        return self._scalar(value, line, line.kind, path, label)

    def _objects(self, value: Any, node: Node, path: Path, label: str) -> Any:
        if not isinstance(value, list):
            return self._wrong(node, path, label, Invalid(f"is {shown(value)}", "a list"))
        found = []
        for place, item in enumerate(value):
            where = (*path, place)
            if isinstance(item, dict):
                found.append(self._object(item, node, where, label))
            else:
                self._wrong(node, where, label, Invalid(f"is {shown(item)}", _fields(node)))
        return found

    def _list(self, value: Any, line: Field, path: Path, label: str) -> Any:
        items = value.replace("\n", ",").split(",") if isinstance(value, str) else value
        if not isinstance(items, list):
            return self._wrong(Node(line), path, label, Invalid(f"is {shown(value)}", "a list"))
        found = []
        for place, item in enumerate(items):
            if item is None or (isinstance(item, str) and not item.strip()):
                continue
            checked = self._scalar(item, line, line.of, (*path, place), label)
            if checked is not _NOTHING:
                found.append(checked)
        return found

    def _scalar(self, value: Any, line: Field, kind: str, path: Path, label: str) -> Any:
        try:
            return _limited(CONVERSIONS[kind](value), line)
        except Invalid as error:
            return self._wrong(Node(line), path, label, error)

    def _wrong(self, node: Node, path: Path, label: str, error: Invalid) -> Any:
        reason = error.reason
        if node.line is not None and node.line.secret:
            reason = "has a value of the wrong kind (it is secret and not shown)"
        self._report(ERROR, "field-value", path, label, reason, error.allowed, error.remedy)
        return _NOTHING

    def _foreign(self, key: str, value: Any, node: Node, path: Path, label: str) -> None:
        """A field that this release does not have: one of another release, or a name that no release knows."""
        where = (*path, key)
        if not label:
            self.foreign.append((where, value))
        if matches(path) == ["hosts", "[]"] and key in FOREIGN_HOST_FIELDS:
            self._report(
                WARNING,
                "field-foreign",
                where,
                label,
                "is a field of k0sctl that MKE does not have; it has no effect",
                "",
                f"remove it; {FOREIGN_HOST_FIELDS[key]}",
            )
            return
        known = releases_with(tuple(matches(where)))
        if known and not (isinstance(value, (dict, list)) and not value):
            self._other_release(where, label, known)
        elif not known:
            self._unknown(key, node, where, label)

    def _other_release(self, where: Path, label: str, known: List[str]) -> None:
        lines = lines_at(tuple(matches(where)))
        binding = any(line.binding for line in lines)
        absent = next((line.absent for line in lines if line.absent), "")
        self._report(
            ERROR if binding else WARNING,
            "field-other-release",
            where,
            label,
            f"is not a field of {self.release.name}, but of {_span(known)}"
            + (f": {absent}" if absent else "" if binding else "; it has no effect"),
            "",
            "remove it, or choose one of those releases",
        )

    def _unknown(self, key: str, node: Node, where: Path, label: str) -> None:
        near = nearest(key, node.children)
        remedy = f"did you mean {near}?" if near else ""
        if not near:
            elsewhere = nearest_path(key, [steps for steps in paths_of(self.release) if "[]" not in steps])
            if elsewhere is not None:
                remedy = f"did you mean {path_text((*self.root, *elsewhere))}?"
        self._report(
            WARNING,
            "field-unknown",
            where,
            label,
            "is not a known field; nothing here acts on it, it is only passed on to MKE",
            "",
            remedy or "check its name",
        )

    def _report(
        self, severity: str, name: str, path: Path, label: str, message: str, allowed: str, remedy: str
    ) -> None:
        text = f"{label}.{path_text(path[2:])}" if label else path_text((*self.root, *path))
        self.findings.append(Finding(severity, name, text, message, remedy, allowed))


def with_foreign(spec: Mapping[str, Any], foreign: Sequence[Tuple[Path, Any]]) -> Dict[str, Any]:
    """A checked spec together with the fields that were passed over."""
    found = copy.deepcopy(dict(spec))
    for path, value in foreign:
        place: Any = found
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
    return found


def _limited(value: Any, line: Field) -> Any:
    if line.choices:
        return _choice(value, line.choices)
    if isinstance(value, int) and not isinstance(value, bool):
        too_small = line.least is not None and value < line.least
        if too_small or (line.most is not None and value > line.most):
            raise Invalid(f"is {shown(value)}", _range(line))
    return value


def _choice(value: Any, choices: Tuple[str, ...]) -> str:
    for choice in choices:
        if str(value).lower() == choice.lower():
            return choice
    near = nearest(str(value), choices)
    raise Invalid(f"is {shown(value)}", ", ".join(choices), f"did you mean {near}?" if near else "")


def _range(line: Field) -> str:
    if line.most is None:
        return f"{line.least} or more"
    return f"a whole number from {line.least if line.least is not None else 0} to {line.most}"


def _words(line: Field) -> str:
    return ", ".join(line.choices) if line.choices else ""


def _fields(node: Node) -> str:
    return f"a mapping with fields such as {', '.join(list(node.children)[:4])}"


def _span(known: List[str]) -> str:
    """Release names as runs: `Alpha.1 to v4.1.2 and v4.2.0`."""
    runs: List[List[str]] = []
    for release in RELEASES:
        if release.name not in known:
            runs.append([])
        elif runs and runs[-1]:
            runs[-1].append(release.name)
        else:
            runs.append([release.name])
    return " and ".join(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs if run)

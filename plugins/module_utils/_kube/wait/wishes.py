# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user writes in a task to be waited for, turned into checks. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Union

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Selection, Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import (
    Check,
    absent,
    all_of,
    condition,
    established_crd,
    exists,
    field,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.fields import BadPath
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.workloads import READINESS

ABSENT = "absent"
_APPS = ("Deployment", "DaemonSet", "StatefulSet", "ReplicaSet")
API_VERSIONS: Dict[str, str] = {
    **dict.fromkeys(_APPS, "apps/v1"),
    "Job": "batch/v1",
    "CustomResourceDefinition": "apiextensions.k8s.io/v1",
}


def wanted_of(entries: Iterable[Mapping[str, Any]]) -> List[Wanted]:
    """A wish for each entry; all mistakes are told at once."""
    tried = [_tried(number, entry) for number, entry in enumerate(entries, start=1)]
    mistakes = [each for each in tried if isinstance(each, str)]
    if mistakes:
        raise KubeError("; ".join(mistakes))
    return [each for each in tried if isinstance(each, Wanted)]


def _tried(number: int, entry: Mapping[str, Any]) -> Union[Wanted, str]:
    """The wish, or what is wrong with the entry."""
    try:
        return _wanted(entry)
    except ValueError as error:
        return f"objects entry {number} ({entry.get('kind')}): {error}"


def _wanted(entry: Mapping[str, Any]) -> Wanted:
    name, namespace, labels = (str(entry.get(key) or "") for key in ("name", "namespace", "labels"))
    kind = Kind(str(entry.get("api_version") or API_VERSIONS.get(str(entry["kind"]), "v1")), str(entry["kind"]))
    gone = entry.get("state") == ABSENT
    _refuse_contradictions(entry, name, labels, gone)
    if name:
        return Wanted(Ref(kind.api_version, kind.kind, name, namespace), _check(entry, kind, gone))
    at_least = 0 if gone else int(entry.get("at_least") or 0)
    return Wanted(Selection(kind, namespace, labels, at_least), _check(entry, kind, gone))


def _refuse_contradictions(entry: Mapping[str, Any], name: str, labels: str, gone: bool) -> None:
    if name and labels:
        raise ValueError("name and labels exclude each other: a name is one object, labels choose many")
    if gone and (entry.get("condition") or entry.get("field")):
        raise ValueError("an object that is to be absent has no condition and no field")
    if entry.get("fail_on") and not (entry.get("condition") or entry.get("field")):
        raise ValueError("fail_on lists reasons of condition or values of field: set one of the two")
    if entry.get("value") is not None and not entry.get("field"):
        raise ValueError("value is that of field: set that too")


def _check(entry: Mapping[str, Any], kind: Kind, gone: bool) -> Check:
    if gone:
        return absent()
    fails = list(entry.get("fail_on") or ())
    checks: List[Check] = []
    if entry.get("condition"):
        checks.append(condition(str(entry["condition"]), str(entry.get("status") or "True"), [str(f) for f in fails]))
    if entry.get("field"):
        checks.append(_field(str(entry["field"]), entry.get("value"), fails))
    return all_of(*checks) if checks else _readiness(kind)


def _field(path: str, value: Any, fails: List[Any]) -> Check:
    try:
        return field(path, value, fails, set_is_enough=value is None)
    except BadPath as error:
        raise ValueError(str(error)) from error


def _readiness(kind: Kind) -> Check:
    if kind.kind == "CustomResourceDefinition":
        return established_crd()
    known = API_VERSIONS.get(kind.kind, "v1") == kind.api_version
    return READINESS.get(kind.kind, exists()) if known else exists()

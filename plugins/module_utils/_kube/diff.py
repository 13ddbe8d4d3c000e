# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an apply would change of an object, seen from the fields that are ours. Pure, and without secrets.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import copy
import json
import re
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

HIDDEN = "(not shown)"
_SECRET_NAME = re.compile(
    r"(password|passwd|token|secret|private.?key|client.?key|credential|bindpw|^key$|^hash$|api.?key|authorization)",
    re.IGNORECASE,
)
# They name a Secret and hold none.
_REFERENCE = re.compile(r"(name|ref|refs|namespace|selector)$", re.IGNORECASE)
_QUANTITY = re.compile(r"^([0-9.]+)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$")


def is_current(live: Mapping[str, Any], desired: Mapping[str, Any], manager: str) -> bool:
    """Whether an apply would change nothing: all that is desired is there, and nothing else is ours."""
    return contains(live, _without_server_fields(desired)) and not abandoned(live, desired, manager)


def contains(live: Any, desired: Any) -> bool:
    """Whether `live` has all that `desired` says; it may have more fields, and items of lists may have more too."""
    if isinstance(desired, Mapping):
        if not isinstance(live, Mapping):
            return not desired and live is None
        return all(_has(live, key, value) for key, value in desired.items())
    if isinstance(desired, (list, tuple)):
        if not isinstance(live, (list, tuple)):
            return not desired and live is None
        return len(live) == len(desired) and all(contains(left, right) for left, right in zip(live, desired))
    return bool(live == desired) or _same_quantity(live, desired)


def _has(live: Mapping[str, Any], key: str, value: Any) -> bool:
    if value is None:
        return live.get(key) is None
    return contains(live.get(key), value)


def _same_quantity(live: Any, desired: Any) -> bool:
    """The server writes quantities its own way: 1000m becomes 1."""
    if isinstance(live, bool) or isinstance(desired, bool):
        return False
    left, right = _quantity(live), _quantity(desired)
    return left is not None and left == right and (isinstance(live, str) or isinstance(desired, str))


_UNITS = {"": 1.0, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
          "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "Pi": 2.0**50, "Ei": 2.0**60}  # fmt: skip


def _quantity(value: Any) -> Optional[float]:
    found = _QUANTITY.match(str(value))
    if not found or found.group(1).count(".") > 1 or found.group(1) == ".":
        return None
    return float(found.group(1)) * _UNITS[found.group(2) or ""]


def abandoned(live: Mapping[str, Any], desired: Mapping[str, Any], manager: str) -> List[str]:
    """Fields that this manager applied once and no longer wants, as dotted paths."""
    found: List[str] = []
    for entry in (live.get("metadata") or {}).get("managedFields") or ():
        if entry.get("manager") == manager and entry.get("operation") == "Apply" and not entry.get("subresource"):
            _collect(entry.get("fieldsV1") or {}, desired, "", found)
    return found


def _collect(owned: Mapping[str, Any], desired: Any, path: str, found: List[str]) -> None:
    for key, below in owned.items():
        kind, _colon, name = key.partition(":")
        if kind == "f":
            place = f"{path}.{name}" if path else name
            if not isinstance(desired, Mapping) or name not in desired or desired[name] is None:
                found.append(place)
            elif below:
                _collect(below, desired[name], place, found)
        elif kind in ("k", "v"):
            item = _item(desired, kind, name)
            if item is None:
                found.append(f"{path}[{name}]")
            elif below and kind == "k":
                _collect(below, item[0], f"{path}[{name}]", found)


def _item(desired: Any, kind: str, text: str) -> Optional[Tuple[Any]]:
    """The item of a list that the server names by its keys (k) or its value (v)."""
    wanted = json.loads(text)
    for item in desired if isinstance(desired, (list, tuple)) else ():
        if item == wanted or (kind == "k" and isinstance(item, Mapping) and _named_by(item, wanted)):
            return (item,)
    return None


def _named_by(item: Mapping[str, Any], keys: Mapping[str, Any]) -> bool:
    """Keys that the item leaves out have a default (`protocol: TCP`)."""
    return all(item.get(key, value) == value for key, value in keys.items())


def owned_diff(
    live: Optional[Mapping[str, Any]], after: Optional[Mapping[str, Any]], desired: Mapping[str, Any]
) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    """Before and after, both cut to the fields that are desired, without secrets."""
    ref = Ref.of(desired)
    before = redact(_cut(live, desired), ref) if live is not None else {}
    return before, redact(_cut(after, desired) if after is not None else dict(desired), ref)


def _cut(found: Any, desired: Any) -> Any:
    if isinstance(found, Mapping) and isinstance(desired, Mapping):
        return {key: _cut(found[key], desired[key]) for key in desired if key in found}
    return copy.deepcopy(found)


def redact(manifest: Any, ref: Ref) -> Any:
    """The object as it may be shown: no value of a Secret, nothing below a name that sounds like one."""
    if isinstance(manifest, Mapping) and ref.kind == "Secret":
        return {key: _blank(value) if key in ("data", "stringData") else value for key, value in manifest.items()}
    return _redacted(manifest)


def _redacted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: HIDDEN if isinstance(item, str) and item and is_secret_name(str(key)) else _redacted(item)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_redacted(item) for item in value]
    return value


def is_secret_name(name: str) -> bool:
    return bool(_SECRET_NAME.search(name)) and not _REFERENCE.search(name)


def _blank(value: Any) -> Any:
    return dict.fromkeys(value, HIDDEN) if isinstance(value, Mapping) else HIDDEN


def _without_server_fields(desired: Mapping[str, Any]) -> Dict[str, Any]:
    """`stringData` is write-only: what became of it is in `data`."""
    wanted = dict(desired)
    strings = wanted.pop("stringData", None)
    if strings:
        coded = {key: base64.b64encode(str(text).encode("utf-8")).decode("ascii") for key, text in strings.items()}
        wanted["data"] = {**(wanted.get("data") or {}), **coded}
    return wanted

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of an object may leave the cluster. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Collection, Dict, Iterator, List, Mapping, Set

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.redact import MASK
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.clean import clean_data, names_and_sizes

# Written by kubectl, with all that the rest of the object is cleaned of.
_ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration"
_OPEN_KEYS = frozenset(
    ("ca.crt", "tls.crt", "namespace", "type", "url", "host", "server", "name", "project", "username")
)
_HELM = "helm.sh/release"
# Shorter texts stand in innocent places as well.
_SHORTEST, _SHORTEST_LINE = 6, 16


def shaped(item: Mapping[str, Any], system_namespaces: Collection[str]) -> Dict[str, Any]:
    """The object without secrets, and without what only fills it.

    Of a Secret only names and sizes of its keys are told; of a ConfigMap and the variables of a container that belong
    to a user the same, as nobody knows what is in them.
    """
    found = dict(item)
    found["metadata"] = _metadata(item.get("metadata") or {})
    kind = found.get("kind")
    is_users = bool(found["metadata"].get("namespace")) and found["metadata"]["namespace"] not in system_namespaces
    if kind == "Secret" or (kind == "ConfigMap" and is_users):
        for part in ("data", "binaryData", "stringData"):
            if part in found:
                found[part] = names_and_sizes(found[part] or {})
        found["metadata"].pop("annotations", None)
        return found
    if kind == "ConfigMap" and found.get("binaryData"):
        found["binaryData"] = names_and_sizes(found["binaryData"])
    cleaned = clean_data(found)
    return dict(without_variables(cleaned) if is_users else cleaned)


def _metadata(metadata: Mapping[str, Any]) -> Dict[str, Any]:
    found = {name: value for name, value in metadata.items() if name != "managedFields"}
    annotations = {name: value for name, value in (found.get("annotations") or {}).items() if name != _ANNOTATION}
    if "annotations" in found:
        found["annotations"] = annotations
    return found


def without_variables(value: Any) -> Any:
    """The same with the value of every variable of every container masked."""
    if isinstance(value, list):
        return [without_variables(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {name: without_variables(item) for name, item in value.items()}
    if isinstance(found.get("env"), list):
        found["env"] = [
            {**item, "value": MASK} if isinstance(item, dict) and item.get("value") else item for item in found["env"]
        ]
    return found


def values_of(secret: Mapping[str, Any]) -> Iterator[str]:
    """The texts in a Secret, decoded, that may appear nowhere else. Helm's records are packed charts, not secrets."""
    if str(secret.get("type") or "").startswith(_HELM):
        return
    for name, value in (secret.get("data") or {}).items():
        text = _decoded(str(value or ""))
        if name not in _OPEN_KEYS and not text.startswith("-----BEGIN CERTIFICATE"):
            yield text


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""


def secret_texts(secrets: Collection[Mapping[str, Any]]) -> Set[str]:
    """The values of all Secrets, whole and, where they have several lines, line by line."""
    found: Set[str] = set()
    for secret in secrets:
        for text in values_of(secret):
            lines: List[str] = [line.strip() for line in text.splitlines()]
            found.add(text)
            found.update(line for line in lines if len(line) >= _SHORTEST_LINE and " " not in line)
    return {text for text in found if len(text) >= _SHORTEST}

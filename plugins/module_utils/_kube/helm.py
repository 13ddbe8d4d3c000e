# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helm's record of releases, as its Secrets keep it: `sh.helm.release.v1.<release>.v<revision>`.

Whoever installs a chart (k0s, Flux, Sveltos, a person) leaves the same record. Pure: the caller lists the Secrets.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import zlib
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Tuple

SECRET_TYPE = "helm.sh/release.v1"
# Helm sets these labels on its Secrets.
SELECTOR = "owner=helm"
DEPLOYED = "deployed"
FAILED = "failed"
# A release in one of these is being worked on, or was when its worker died.
PENDING = ("pending-install", "pending-upgrade", "pending-rollback", "uninstalling")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Release:
    """One revision of a release. `chart`, `version` and what follows are empty where the record cannot be read."""

    name: str
    namespace: str
    revision: int
    status: str
    secret: str
    chart: str = ""
    version: str = ""
    app_version: str = ""
    description: str = ""

    @property
    def is_locked(self) -> bool:
        """Helm refuses to work on it as long as this record is there."""
        return self.status in PENDING


def releases(secrets: Iterable[Mapping[str, Any]]) -> List[Release]:
    """All revisions that the Secrets hold, by namespace, name and revision."""
    found = [_release(secret) for secret in secrets if secret.get("type", SECRET_TYPE) == SECRET_TYPE]
    return sorted(found, key=lambda item: (item.namespace, item.name, item.revision))


def current(found: Iterable[Release]) -> Dict[Tuple[str, str], Release]:
    """The youngest revision of each release, by namespace and name."""
    youngest: Dict[Tuple[str, str], Release] = {}
    for item in found:
        known = youngest.get((item.namespace, item.name))
        if known is None or known.revision < item.revision:
            youngest[(item.namespace, item.name)] = item
    return youngest


def _release(secret: Mapping[str, Any]) -> Release:
    metadata: Mapping[str, Any] = secret.get("metadata") or {}
    labels: Mapping[str, Any] = metadata.get("labels") or {}
    record = _record((secret.get("data") or {}).get("release"))
    info: Mapping[str, Any] = record.get("info") or {}
    chart: Mapping[str, Any] = (record.get("chart") or {}).get("metadata") or {}
    return Release(
        name=str(labels.get("name") or record.get("name") or ""),
        namespace=str(metadata.get("namespace") or record.get("namespace") or ""),
        revision=_number(labels.get("version") or record.get("version")),
        status=str(labels.get("status") or info.get("status") or ""),
        secret=str(metadata.get("name") or ""),
        chart=str(chart.get("name") or ""),
        version=str(chart.get("version") or ""),
        app_version=str(chart.get("appVersion") or ""),
        description=str(info.get("description") or ""),
    )


def _record(data: Any) -> Dict[str, Any]:
    """Helm's JSON: compressed, in base64, and that again in the base64 of every Secret."""
    try:
        raw = base64.b64decode(base64.b64decode(str(data or ""), validate=True), validate=True)
        text = gzip.decompress(raw) if raw.startswith(_GZIP) else raw
        record = json.loads(text or b"{}")
    except (binascii.Error, OSError, EOFError, ValueError, zlib.error):
        return {}
    return record if isinstance(record, dict) else {}


def _number(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isdigit() else 0

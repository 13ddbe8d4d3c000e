# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Secret with the keys: made once, and replaced in one write. Pure but for that write.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import (
    ACCOUNT,
    PREVIOUS,
    REPLACED,
    SESSION_TOKEN,
    Keys,
    annotation_in,
    encoded,
    keys_in,
    previous_after,
    previous_in,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.names import LABELS
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import CREATED, UNCHANGED, UPDATED, Change
from ansible_collections.mke4k.core.plugins.module_utils._kube.diff import HIDDEN
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

NEW = "(not shown, new)"


@dataclass(frozen=True)
class SecretPlan:
    """What has to be written. `mark`: of keys that take the place of others, which CAPA may still have in
    memory."""

    ref: Ref
    live: Optional[Mapping[str, Any]]
    body: Dict[str, Any]
    mark: str = ""

    @property
    def action(self) -> str:
        if not self.body:
            return UNCHANGED
        return UPDATED if self.live is not None else CREATED

    def change(self) -> Change:
        """What is shown of it: which entries, and never their values."""
        return Change(self.ref, self.action, self._shown(self.live or {}, HIDDEN), self._shown(self.body, NEW))

    def _shown(self, manifest: Mapping[str, Any], word: str) -> Dict[str, Any]:
        data = manifest.get("data") or {}
        return {"data": {key: word for key, value in sorted(data.items()) if value is not None}} if data else {}

    def write(self, api: Api) -> None:
        """One write, so that nobody ever reads the id of one key with the secret of another."""
        if not self.body:
            return
        if self.live is None:
            ref = self.ref
            metadata = {"name": ref.name, "namespace": ref.namespace, **self.body["metadata"]}
            named = {"apiVersion": ref.api_version, "kind": ref.kind, "type": "Opaque", "metadata": metadata}
            api.create({**named, "data": self.body["data"]})
        else:
            api.patch(self.ref, self.body)


def plan(ref: Ref, live: Optional[Mapping[str, Any]], keys: Optional[Keys], account: str = "") -> SecretPlan:
    """`keys` None: those that are there stay. A merge patch, as an apply would leave a SessionToken of others."""
    if keys is None:
        return SecretPlan(ref, live, {})
    old = keys_in(live)
    if old == keys:
        return SecretPlan(ref, live, _mended(live, account))
    mark = keys.fingerprint if old is not None else ""
    annotations = {**({ACCOUNT: account} if account else {}), **({REPLACED: mark} if mark else {})}
    data: Dict[str, Any] = dict(keys.data())
    if live is not None:
        had = live.get("data") or {}
        if SESSION_TOKEN in had and SESSION_TOKEN not in data:
            data[SESSION_TOKEN] = None
        data.update(_previous(had, previous_after(live, keys)))
    body = {"metadata": {"labels": dict(LABELS), **({"annotations": annotations} if annotations else {})}, "data": data}
    return SecretPlan(ref, live, body, mark)


def forget(ref: Ref, live: Mapping[str, Any], key_id: str) -> SecretPlan:
    """One key of the earlier ones is no more."""
    left = [item for item in previous_in(live) if item != key_id]
    return SecretPlan(ref, live, {"data": _previous(live.get("data") or {}, left)})


def _previous(had: Mapping[str, Any], ids: List[str]) -> Dict[str, Any]:
    if ids:
        return {PREVIOUS: encoded(",".join(ids))}
    return {PREVIOUS: None} if PREVIOUS in had else {}


def _mended(live: Optional[Mapping[str, Any]], account: str) -> Dict[str, Any]:
    metadata = (live or {}).get("metadata") or {}
    found: Dict[str, Any] = {}
    if any((metadata.get("labels") or {}).get(key) != value for key, value in LABELS.items()):
        found["labels"] = dict(LABELS)
    if account and annotation_in(live, ACCOUNT) != account:
        found["annotations"] = {ACCOUNT: account}
    return {"metadata": found} if found else {}

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many objects made, changed or deleted in one call: in the order of their needs, side by side where they may be.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import FIELD_MANAGER, Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.diff import is_current, owned_diff, redact
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotServed, Refused, TimedOut
from ansible_collections.mke4k.core.plugins.module_utils._kube.order import deletion_waves, waves
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

CREATED, UPDATED, UNCHANGED, DELETED, ABSENT = "created", "updated", "unchanged", "deleted", "absent"
HTTP_NOT_FOUND = 404
AT_ONCE = 8
# A new definition is served within a second or two.
ESTABLISHED_SECONDS = 30.0


@dataclass(frozen=True)
class Change:
    """What became of one object. `before` and `after` may be shown: they hold no secret."""

    ref: Ref
    action: str
    before: Dict[str, Any] = field(default_factory=dict)
    after: Dict[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        return self.action in (CREATED, UPDATED, DELETED)

    def diff(self) -> Dict[str, Any]:
        return {
            "before_header": str(self.ref),
            "after_header": str(self.ref),
            "before": self.before,
            "after": self.after,
        }

    def to_dict(self) -> Dict[str, str]:
        ref = self.ref
        return {"apiVersion": ref.api_version, "kind": ref.kind, "name": ref.name, "namespace": ref.namespace,
                "action": self.action}  # fmt: skip


@dataclass(frozen=True)
class Applied:
    """`objects`: what is there now, by its name; in a dry run what would be."""

    changes: Tuple[Change, ...] = ()
    objects: Mapping[Ref, Dict[str, Any]] = field(default_factory=dict, repr=False)

    @property
    def changed(self) -> bool:
        return any(change.changed for change in self.changes)

    def diffs(self) -> List[Dict[str, Any]]:
        return [change.diff() for change in self.changes if change.changed]


def apply_all(
    api: Api,
    manifests: Sequence[Mapping[str, Any]],
    dry_run: bool = False,
    known: Optional[Mapping[Ref, Optional[Mapping[str, Any]]]] = None,
) -> Applied:
    """Server-side apply of all objects. One that is as it should be costs one request and no write, and not even that
    request where it is among the `known`, which the caller has just read (None: it is not there).
    """
    changes: List[Change] = []
    objects: Dict[Ref, Dict[str, Any]] = {}
    new_kinds: List[Mapping[str, Any]] = []
    missing: List[Ref] = []
    for wave in waves(manifests):
        for change, found in _side_by_side(api, wave, dry_run, [*missing, *_promised(new_kinds)], known or {}):
            changes.append(change)
            objects[change.ref] = found
            if change.action == CREATED and change.ref.kind == "Namespace":
                missing.append(change.ref)
        definitions = [item for item in wave if item.get("kind") == "CustomResourceDefinition"]
        new_kinds += definitions
        if definitions and not dry_run:
            _until_established(api, [Ref.of(item) for item in definitions])
    return Applied(tuple(changes), objects)


def apply_one(
    api: Api, manifest: Mapping[str, Any], live: Optional[Mapping[str, Any]], dry_run: bool = False
) -> Tuple[Change, Dict[str, Any]]:
    """The same for one object that the caller has just read (None: it is not there); what is there now with it."""
    return _apply(api, manifest, live, dry_run, ())


def delete_all(api: Api, refs: Sequence[Ref], dry_run: bool = False, wait_seconds: float = 0.0) -> Applied:
    """Deletes what is there; with `wait_seconds` until it is gone."""
    changes: List[Change] = []
    for wave in deletion_waves(refs):
        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            done = list(pool.map(lambda ref: _delete(api, ref, dry_run), wave))
        changes += done
        if wait_seconds and not dry_run:
            _until_gone(api, [change.ref for change in done if change.changed], wait_seconds)
    return Applied(tuple(changes))


def _side_by_side(
    api: Api,
    wave: Sequence[Mapping[str, Any]],
    dry_run: bool,
    promised: Sequence[Any],
    known: Mapping[Ref, Optional[Mapping[str, Any]]],
) -> List[Tuple[Change, Dict[str, Any]]]:
    def one(desired: Mapping[str, Any]) -> Tuple[Change, Dict[str, Any]]:
        ref = Ref.of(desired)
        return _apply(api, desired, known[ref] if ref in known else api.get(ref), dry_run, promised)

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return list(pool.map(one, wave))


def _apply(
    api: Api, desired: Mapping[str, Any], live: Optional[Mapping[str, Any]], dry_run: bool, promised: Sequence[Any]
) -> Tuple[Change, Dict[str, Any]]:
    ref = Ref.of(desired)
    if live is not None and is_current(live, desired, FIELD_MANAGER):
        return Change(ref, UNCHANGED), dict(live)
    action = CREATED if live is None else UPDATED
    if dry_run and _cannot_be_tried(ref, promised):
        return Change(ref, action, *owned_diff(live, None, desired)), dict(desired)
    try:
        after = api.apply(desired, dry_run=dry_run)
    except (NotServed, Refused) as error:
        if not dry_run or (isinstance(error, Refused) and error.status != HTTP_NOT_FOUND):
            raise
        # Its kind or its namespace comes with something that this run would install first.
        after = dict(desired)
    if live is not None and _unmoved(live, after):
        return Change(ref, UNCHANGED), after
    return Change(ref, action, *owned_diff(live, after, desired)), after


def _unmoved(live: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """The server found nothing to change, or only wrote down who owns what."""
    return _content(live) == _content(after)


def _content(item: Mapping[str, Any]) -> Dict[str, Any]:
    metadata = {
        key: value
        for key, value in (item.get("metadata") or {}).items()
        if key not in ("managedFields", "resourceVersion", "generation")
    }
    return {**item, "metadata": metadata}


def _promised(definitions: Sequence[Mapping[str, Any]]) -> List[Tuple[str, str]]:
    """Kinds that the definitions of this call bring, by group and kind."""
    specs = [item.get("spec") or {} for item in definitions]
    return [(str(spec.get("group", "")), str((spec.get("names") or {}).get("kind", ""))) for spec in specs]


def _cannot_be_tried(ref: Ref, promised: Sequence[Any]) -> bool:
    """In a dry run nothing was made before: neither the namespace nor the kind that this object needs."""
    namespace = Ref("v1", "Namespace", ref.namespace)
    return namespace in promised or (ref.of_kind.group, ref.kind) in promised


def _delete(api: Api, ref: Ref, dry_run: bool) -> Change:
    live = api.get(ref)
    if live is None:
        return Change(ref, ABSENT)
    uid = str((live.get("metadata") or {}).get("uid") or "")
    try:
        api.delete(ref, uid=uid, dry_run=dry_run)
    except Refused as error:
        if error.status != 409:
            raise
        # Another object of that name took its place in between; that one was not meant.
        return Change(ref, ABSENT)
    return Change(
        ref, DELETED, redact({key: live[key] for key in ("apiVersion", "kind", "spec") if key in live}, ref), {}
    )


def _until_established(api: Api, refs: Sequence[Ref]) -> None:
    _until(api, refs, _is_established, ESTABLISHED_SECONDS, "not served")


def _until_gone(api: Api, refs: Sequence[Ref], seconds: float) -> None:
    _until(api, refs, lambda found: found is None, seconds, "still there")


def _is_established(found: Optional[Mapping[str, Any]]) -> bool:
    conditions = ((found or {}).get("status") or {}).get("conditions") or ()
    return any(item.get("type") == "Established" and item.get("status") == "True" for item in conditions)


def _until(api: Api, refs: Sequence[Ref], done: Any, seconds: float, words: str) -> None:
    until = api.clock.now() + seconds
    left = list(refs)
    pause = 0.2
    while True:
        found = {ref: api.get(ref) for ref in left}
        left = [ref for ref in left if not done(found[ref])]
        if not left:
            return
        if api.clock.now() >= until:
            lacking = [f"{ref}{_held(found[ref])}" for ref in left]
            raise TimedOut(f"After {seconds:.0f} s {words}: {', '.join(lacking)}", lacking=lacking)
        api.clock.sleep(pause)
        pause = min(pause * 1.5, 2.0)


def _held(found: Optional[Mapping[str, Any]]) -> str:
    """Who keeps an object that is being deleted: its finalizers, whose owners have work to do or are gone."""
    metadata = (found or {}).get("metadata") or {}
    finalizers = ", ".join(metadata.get("finalizers") or ()) if metadata.get("deletionTimestamp") else ""
    return f" (waits for its finalizers: {finalizers})" if finalizers else ""

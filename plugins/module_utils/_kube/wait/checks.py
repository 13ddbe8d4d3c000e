# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an object has to look like, as functions from the object to a verdict. Pure.

A verdict's message is what is missing, in the object's own words, fit to stand behind its name.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Collection, Iterable, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.wait import fields

MET = "met"
PENDING = "pending"
FAILED = "failed"

Manifest = Mapping[str, Any]
NOT_THERE = "it does not exist"


@dataclass(frozen=True)
class Verdict:
    """What a check says of an object. `failed`: waiting any longer is of no use."""

    state: str
    message: str = ""


Check = Callable[[Optional[Manifest]], Verdict]

_FINE = Verdict(MET)


def condition(kind: str, status: str = "True", fails: Collection[str] = (), generation: bool = True) -> Check:
    """Its condition of that type has that status. A reason in `fails` ends the wait.

    With `generation` it must be about the object as it is now, where the object tells what it is about.
    """

    def check(manifest: Optional[Manifest]) -> Verdict:
        if manifest is None:
            return Verdict(PENDING, NOT_THERE)
        found = find_condition(manifest, kind)
        stale = _stale(manifest, found) if generation else ""
        if stale:
            return Verdict(PENDING, stale)
        if found is None:
            return Verdict(PENDING, f"it has no condition {kind} yet{_troubles(manifest)}")
        if str(found.get("status")) == status:
            return _FINE
        lasting = str(found.get("reason") or "") in fails
        return Verdict(FAILED if lasting else PENDING, in_words(found))

    return check


def fails_when(kind: str, status: str = "True", reasons: Collection[str] = ()) -> Check:
    """Met, unless its condition of that type has that status (and one of these reasons, if there are any)."""

    def check(manifest: Optional[Manifest]) -> Verdict:
        found = find_condition(manifest or {}, kind)
        if found is None or str(found.get("status")) != status or _stale(manifest or {}, found):
            return _FINE
        if reasons and str(found.get("reason") or "") not in reasons:
            return _FINE
        return Verdict(FAILED, in_words(found))

    return check


def field(path: str, equals: Any = None, fails: Collection[Any] = (), set_is_enough: bool = False) -> Check:
    """The field has that value (or any, with `set_is_enough`). A value in `fails` ends the wait."""
    steps = fields.parse_path(path)

    def check(manifest: Optional[Manifest]) -> Verdict:
        if manifest is None:
            return Verdict(PENDING, NOT_THERE)
        there, value = fields.find(manifest, steps)
        if there and (set_is_enough or fields.same(value, equals)):
            return _FINE
        if there and any(fields.same(value, bad) for bad in fails):
            return Verdict(FAILED, f"{path} is {fields.word(value)}")
        wanted = "" if set_is_enough else f", not {fields.word(equals)}"
        return Verdict(PENDING, f"{path} is {fields.word(value)}{wanted}" if there else f"{path} is not set yet")

    return check


def observed() -> Check:
    """Its controller has looked at it as it is now; an object that never tells is taken as it is."""

    def check(manifest: Optional[Manifest]) -> Verdict:
        if manifest is None:
            return Verdict(PENDING, NOT_THERE)
        stale = _stale(manifest, None)
        return Verdict(PENDING, stale) if stale else _FINE

    return check


def exists() -> Check:
    return lambda manifest: Verdict(PENDING, NOT_THERE) if manifest is None else _FINE


def absent() -> Check:
    """It is gone; while it is not, the message says who holds it."""

    def check(manifest: Optional[Manifest]) -> Verdict:
        if manifest is None:
            return _FINE
        metadata = _metadata(manifest)
        since = metadata.get("deletionTimestamp")
        if not since:
            return Verdict(PENDING, "it is still there, and nobody has asked to delete it")
        holders = ", ".join(metadata.get("finalizers") or ())
        held = f", held by the finalizers {holders}" if holders else ""
        return Verdict(PENDING, f"it is being deleted since {since}{held}{_troubles(manifest)}")

    return check


def established_crd() -> Check:
    """A CustomResourceDefinition whose objects can be made."""
    served = condition("Established", generation=False)
    return all_of(fails_when("NamesAccepted", "False"), served)


def all_of(*checks: Check) -> Check:
    """All of them are met. The first that has failed ends the wait."""

    def check(manifest: Optional[Manifest]) -> Verdict:
        verdicts = [each(manifest) for each in checks]
        failed = next((verdict for verdict in verdicts if verdict.state == FAILED), None)
        if failed is not None:
            return failed
        pending = _once(verdict.message for verdict in verdicts if verdict.state == PENDING)
        return Verdict(PENDING, "; ".join(pending)) if pending else _FINE

    return check


def in_turn(*checks: Check) -> Check:
    """The first check that is not met decides: what comes after it would only repeat that."""

    def check(manifest: Optional[Manifest]) -> Verdict:
        verdicts = (each(manifest) for each in checks)
        return next((verdict for verdict in verdicts if verdict.state != MET), _FINE)

    return check


def find_condition(manifest: Manifest, kind: str) -> Optional[Manifest]:
    return next((item for item in _conditions(manifest) if item.get("type") == kind), None)


def in_words(found: Manifest) -> str:
    """`Ready is False (Reason): message`."""
    text = f"{found.get('type')} is {found.get('status', 'Unknown')}"
    reason, message = str(found.get("reason") or ""), " ".join(str(found.get("message") or "").split())
    return text + (f" ({reason})" if reason else "") + (f": {message}" if message else "")


def _stale(manifest: Manifest, found: Optional[Manifest]) -> str:
    generation = int(_metadata(manifest).get("generation") or 0)
    # What a condition says of itself counts; a status without such a mark is about the whole object.
    told = (found or {}).get("observedGeneration")
    if told is None:
        told = (manifest.get("status") or {}).get("observedGeneration")
    if told is None or int(told) >= generation:
        return ""
    return f"its controller has looked at generation {int(told)} of it, not yet at {generation}"


def _troubles(manifest: Manifest) -> str:
    """What its other conditions complain about: often the reason why the one that counts is missing."""
    bad = [in_words(item) for item in _conditions(manifest) if item.get("status") == "False" and item.get("message")]
    return f" ({'; '.join(bad)})" if bad else ""


def _conditions(manifest: Manifest) -> List[Manifest]:
    found = (manifest.get("status") or {}).get("conditions")
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _metadata(manifest: Manifest) -> Manifest:
    return manifest.get("metadata") or {}


def _once(texts: Iterable[str]) -> List[str]:
    return list(dict.fromkeys(texts))

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes what there is to be, adopts what is there.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, List, Optional

from ansible_collections.mke4k.core.plugins.module_utils._aws.client import Client
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AlreadyThere, AwsError
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.found import Found, read
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.key import (
    KeyPlan,
    KeyWish,
    MadeKey,
    make_key,
    plan_key,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.parts import CREATED, UNCHANGED, UPDATED
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.plan import Plan, plan
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.stack import Stack, find_stack
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.steps import PAUSE, USER, Patience, Step, run
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.wish import Wish
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess

# Somebody else may make the same things at the same time.
TRIES = 3


@dataclass(frozen=True)
class Terms:
    """How it is done. `may_update`: what belongs to a stack is changed too."""

    stack_name: str
    may_update: bool = False
    dry_run: bool = False
    patience: Patience = field(default_factory=Patience)
    key: KeyWish = field(default_factory=KeyWish)
    save: Callable[[str], None] = field(default=lambda _text: None)


@dataclass
class Done:
    """What was done, or would be."""

    plan: Plan
    found: Found
    changes: List[str]
    stack: Optional[Stack]
    notes: List[str]
    key: KeyPlan
    made: Optional[MadeKey] = None


def present(access: AwsAccess, wish: Wish, terms: Terms) -> Done:
    iam = access.client("iam")
    done = _planned(access, iam, wish, terms)
    if terms.dry_run:
        done.changes = [step.text for step in done.plan.steps]
    else:
        done = _run(access, iam, wish, terms, done)
    if done.key.create:
        _make_key(iam, wish, terms, done)
    return done


def _run(access: AwsAccess, iam: Client, wish: Wish, terms: Terms, done: Done, tries: int = TRIES) -> Done:
    """Plans again where somebody else has made a thing meanwhile, or IAM did not know it yet."""
    try:
        done.changes += run(iam, done.plan.steps, terms.patience)
    except AlreadyThere as error:
        if tries == 1:
            raise
        terms.patience.sleep(PAUSE)
        again = _planned(access, iam, wish, terms)
        again.changes = [*done.changes, *error.details.get("changes", [])]
        _carry_over(done.plan, again)
        return _run(access, iam, wish, terms, again, tries - 1)
    return done


def _carry_over(before: Plan, done: Done) -> None:
    """What was done in the first try was done."""
    for (kind, name), action in before.actions.items():
        changed = any(text.startswith(f"{kind} {name}: ") for text in done.changes)
        if changed and done.plan.actions[kind, name] == UNCHANGED:
            done.plan.actions[kind, name] = action
    done.plan.diffs = before.diffs


def _planned(access: AwsAccess, iam: Client, wish: Wish, terms: Terms) -> Done:
    found = read(iam, wish)
    stack, note = find_stack(access, terms.stack_name, found)
    made = plan(wish, found, None if terms.may_update else stack)
    key = plan_key(terms.key, found.user, wish.user) if wish.user else KeyPlan()
    notes = [text for text in (note, *made.notes, key.note) if text]
    return Done(plan=made, found=found, changes=[], stack=stack, notes=notes, key=key)


def _make_key(iam: Client, wish: Wish, terms: Terms, done: Done) -> None:
    where = f"access key written to {terms.key.path}" if terms.key.path else "access key made"
    says = Step(USER, wish.user, where, "create_access_key", {}).text
    if not terms.dry_run:
        try:
            done.made = make_key(iam, wish.user, terms.key, terms.save, terms.patience if done.changes else None)
        except AwsError as error:
            error.details.update(changed=bool(done.changes), changes=list(done.changes))
            raise
        terms.patience.progress(says)
        done.key = KeyPlan(key=done.made.key)
    done.changes.append(says)
    action = done.plan.actions[USER, wish.user]
    done.plan.actions[USER, wish.user] = action if action == CREATED else UPDATED

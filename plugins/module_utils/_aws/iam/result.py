# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the task returns: without secrets, but for the key where it was asked for.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List

from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.key import KeyWish
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.names import Naming
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.present import Done
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.remove import Removed
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.steps import POLICY, PROFILE, ROLE, USER
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.wish import Wish
from ansible_collections.mke4k.core.plugins.module_utils._config.text_table import text_table


def result(done: Done, wish: Wish, key: KeyWish) -> Dict[str, Any]:
    return {
        "changed": bool(done.changes),
        "changes": done.changes,
        "notes": done.notes,
        "stack": dict(done.stack.to_dict()) if done.stack else {},
        "roles": [_entry(done, wish.naming, ROLE, role.name) for role in wish.roles],
        "instance_profiles": [_entry(done, wish.naming, PROFILE, name) for name in wish.profiles],
        "policies": [_entry(done, wish.naming, POLICY, policy.name) for policy in wish.policies],
        "user": _user(done, wish, key) if wish.user else {},
        "text": _text(done),
    }


def removal(removed: Removed) -> Dict[str, Any]:
    text = [*removed.changes, *removed.notes] or ["There is nothing of it."]
    changed = bool(removed.changes)
    return {"changed": changed, "changes": removed.changes, "notes": removed.notes, "text": text}


def _entry(done: Done, naming: Naming, kind: str, name: str) -> Dict[str, str]:
    places: Dict[str, Any] = {
        ROLE: ("role", done.found.roles),
        PROFILE: ("instance-profile", done.found.profiles),
        POLICY: ("policy", done.found.policies),
        USER: ("user", {done.found.user.name: done.found.user} if done.found.user else {}),
    }
    word, found = places[kind]
    made = f"arn:{naming.partition}:iam::{naming.account}:{word}{naming.path}{name}"
    arn = found[name].arn if name in found else made
    return {"name": name, "arn": arn, "action": done.plan.actions[kind, name]}


def _user(done: Done, wish: Wish, key: KeyWish) -> Dict[str, Any]:
    shown: Dict[str, Any] = {
        **_entry(done, wish.naming, USER, wish.user),
        "access_key_id": done.key.key,
        "key_file": key.path,
    }
    if key.shown and done.made:
        shown["key"] = {"access_key": done.made.key, "secret_key": done.made.secret}
    return shown


def _text(done: Done) -> List[str]:
    rows = [("KIND", "NAME", "ACTION")]
    rows += [(kind, name, action) for (kind, name), action in done.plan.actions.items()]
    return [*text_table(rows), *done.notes]

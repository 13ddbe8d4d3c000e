# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes a credential away, unless somebody uses it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.names import CONTROLLER, STATIC
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.place import is_served, placed
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.present import Terms, read
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.users import Users, users_of
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.wish import Wish, adopted
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import Change, delete_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref


@dataclass(frozen=True)
class Removed:
    wish: Wish
    changes: Tuple[Change, ...] = ()

    @property
    def changed(self) -> bool:
        return any(change.changed for change in self.changes)


def absent(api: Optional[Api], wish: Wish, terms: Terms) -> Removed:
    """The Credential first, the Secret last: CAPA cannot delete anything in AWS without it."""
    if api is None:
        return Removed(wish)
    wish = placed(api, wish)
    if is_served(api, wish):
        wish = adopted(wish, read(api, wish).identity)
        _refuse(wish, users_of(api, wish))
    changes: List[Change] = []
    for ref in _in_order(wish):
        done = delete_all(api, [ref], dry_run=terms.dry_run, wait_seconds=terms.timeout if terms.wait else 0)
        changes += done.changes
    return Removed(wish, tuple(changes))


def _in_order(wish: Wish) -> List[Ref]:
    """The controller's identity is CAPA's own, which makes it again."""
    found = [wish.credential_ref, wish.template_ref]
    if wish.kind != CONTROLLER:
        found.append(wish.identity_ref)
    if wish.kind == STATIC:
        found.append(wish.secret_ref)
    return found


def _refuse(wish: Wish, users: Users) -> None:
    if users.children:
        names = users.names()
        shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
        raise CredentialError(
            f"{wish.credential_ref} was not removed: {len(names)} child cluster(s) use it ({shown}), and without its"
            " keys nothing of them could be deleted in AWS. Nothing was changed. Remove them first"
            " (mke4k.core.remove_children).",
            children=names,
        )
    if users.others and wish.kind != CONTROLLER:
        raise CredentialError(
            f"{wish.credential_ref} was not removed: its identity or its keys are used by"
            f" {', '.join(str(ref) for ref in users.others)} too. Nothing was changed. Remove those first.",
            used_by=[str(ref) for ref in users.others],
        )

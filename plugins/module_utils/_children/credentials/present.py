# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a credential what is wanted, and says what became of each object.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials import objects, secret as secrets
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.aws import Aws
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import (
    ACCOUNT,
    REPLACED,
    annotation_in,
    keys_in,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.names import STATIC
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.place import (
    capa_deployment,
    is_served,
    placed,
    until_served,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.restart import pending, restart
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.users import clusters_of
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.verify import (
    account_of,
    refuse_other_account,
    verified,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.wish import Wish, adopted
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import CREATED, Change, apply_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import Clock
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import (
    Check,
    condition,
    field as has,
    in_turn,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import look, wait_all

Manifest = Dict[str, Any]


def _silent(_line: str) -> None:
    """For those who show nothing."""


@dataclass(frozen=True)
class Terms:
    """How it is done. `aws` None: nothing is asked of AWS."""

    timeout: float = 600.0
    wait: bool = True
    restart: bool = True
    dry_run: bool = False
    aws: Optional[Aws] = None
    say: Callable[[str], None] = _silent
    clock: Clock = field(default_factory=Clock)


@dataclass(frozen=True)
class Done:
    """What became of a credential. `secret` is as it is now, for those that go on with it."""

    wish: Wish
    changes: Tuple[Change, ...] = ()
    ready: bool = False
    message: str = ""
    account: str = ""
    restarted: bool = False
    secret: Optional[Mapping[str, Any]] = field(default=None, repr=False)

    @property
    def changed(self) -> bool:
        return self.restarted or any(change.changed for change in self.changes)


@dataclass(frozen=True)
class Live:
    """The objects as they are; None for those that are not there."""

    identity: Optional[Manifest] = None
    template: Optional[Manifest] = None
    credential: Optional[Manifest] = None
    secret: Optional[Manifest] = field(default=None, repr=False)


def predicted(wish: Wish) -> Done:
    """For check mode where there is no cluster yet: everything would be made."""
    wish.require()
    refs = [wish.secret_ref] if wish.kind == STATIC else []
    refs += [wish.template_ref, wish.identity_ref, wish.credential_ref]
    return Done(wish, tuple(Change(ref, CREATED) for ref in refs))


def present(api: Api, wish: Wish, terms: Terms) -> Done:
    """All of it. Nothing is written before everything that can be checked was."""
    wish.require()
    if terms.wait and not terms.dry_run:
        until_served(api, wish, terms.timeout, terms.say)
    wish = placed(api, wish)
    live = read(api, wish)
    wish = adopted(wish, live.identity)
    live = replace(live, secret=api.get(wish.secret_ref) if wish.kind == STATIC else None)
    _require_keys(wish, live)
    account = _checked(api, wish, live, terms)
    plan = secrets.plan(wish.secret_ref, live.secret, wish.keys, account)
    changes = [plan.change()] if wish.kind == STATIC else []
    if not terms.dry_run:
        plan.write(api)
    changes += _applied(api, wish, live, terms)
    done = Done(wish, tuple(changes), account=account, secret=live.secret)
    return _finished(api, replace(done, **_restarted(api, done, plan, terms)), terms)


def read(api: Api, wish: Wish) -> Live:
    return Live(api.get(wish.identity_ref), api.get(wish.template_ref), api.get(wish.credential_ref))


def _require_keys(wish: Wish, live: Live) -> None:
    if wish.kind == STATIC and wish.keys is None and keys_in(live.secret) is None:
        raise CredentialError(
            f"There are no keys for {wish.secret_ref}, and it has none yet. Nothing was changed. Put AWS_ACCESS_KEY_ID"
            " and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN) into the environment of the control node or of the"
            " task, name a credentials_file or a profile, or attach a credential of the type Amazon Web Services to the"
            " AWX template."
        )


def _checked(api: Api, wish: Wish, live: Live, terms: Terms) -> str:
    """The account of the keys, where somebody can tell; asks only where they are others than before."""
    old = keys_in(live.secret)
    account = annotation_in(live.secret, ACCOUNT)
    if wish.keys is None or old == wish.keys:
        return account
    if terms.aws is None:
        return ""
    caller = verified(terms.aws, wish.keys, terms.clock, terms.say)
    before = (account or account_of(terms.aws, old)) if old is not None else ""
    if before and before != caller.account:
        refuse_other_account(before, caller, len(clusters_of(api, wish)))
    return caller.account


def _applied(api: Api, wish: Wish, live: Live, terms: Terms) -> List[Change]:
    known: Dict[Ref, Optional[Mapping[str, Any]]] = {
        wish.identity_ref: live.identity,
        wish.template_ref: live.template,
        wish.credential_ref: live.credential,
    }
    mending = objects.repair(wish, live.identity)
    found = list(apply_all(api, objects.manifests(wish), terms.dry_run, known).changes)
    if mending is None:
        return found
    if not terms.dry_run:
        api.patch(wish.identity_ref, mending)
    return [_mended(change, live, wish) if change.ref == wish.identity_ref else change for change in found]


def _mended(change: Change, live: Live, wish: Wish) -> Change:
    before = {"spec": {"allowedNamespaces": ((live.identity or {}).get("spec") or {}).get("allowedNamespaces")}}
    return Change(
        change.ref, "updated", {**change.before, **before}, {"spec": {"allowedNamespaces": objects.allowed(wish)}}
    )


def _restarted(api: Api, done: Done, plan: secrets.SecretPlan, terms: Terms) -> Dict[str, Any]:
    """CAPA keeps sessions with earlier keys for the clusters it knows, and knew: one a controller and cluster."""
    wish = done.wish
    if wish.kind != STATIC:
        return {}
    secret = done.secret if terms.dry_run else _fresh(api, done, plan)
    mark = plan.mark
    capa = capa_deployment(api) if mark or annotation_in(secret, REPLACED) else None
    mark = mark or pending(capa, secret, wish.secret_name)
    if mark and capa is None and not clusters_of(api, wish):
        # Nobody is there who could remember the earlier keys, and nothing that they are needed for.
        mark = ""
    if terms.restart and mark and not terms.dry_run:
        restart(api, {wish.secret_name: mark}, terms.timeout, terms.say)
    return {"restarted": terms.restart and bool(mark), "secret": secret}


def _fresh(api: Api, done: Done, plan: secrets.SecretPlan) -> Optional[Mapping[str, Any]]:
    return api.get(done.wish.secret_ref) if plan.body else done.secret


def _finished(api: Api, done: Done, terms: Terms) -> Done:
    ref = done.wish.credential_ref
    wanted = [Wanted(ref, credential_ready())]
    if terms.dry_run or not terms.wait:
        if not is_served(api, done.wish):
            return replace(done, message="its kind is not served yet")
        lacking = look(api, wanted)[1]
        return replace(done, ready=not lacking, message="; ".join(lacking))
    wait_all(api, wanted, terms.timeout, progress=terms.say)
    return replace(done, ready=True)


def credential_ready() -> Check:
    """As k0rdent sees it: the identity is there. It never asks AWS."""
    return in_turn(condition("CredentialReady"), has("status.ready", True))

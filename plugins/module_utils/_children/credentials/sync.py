# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fresh keys for credentials that are in use, such as before children are deleted: temporary ones have ended by then.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials import secret as secrets
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.aws import Aws
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import (
    ACCOUNT,
    Keys,
    annotation_in,
    keys_in,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.names import (
    CREDENTIAL,
    IDENTITIES,
    ROLE,
    STATIC,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.place import capa_deployment
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.present import Terms
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.restart import pending, restart
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.verify import (
    account_of,
    refuse_other_account,
    verified,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

# Roles may assume roles; a circle of them is no chain.
LONGEST_CHAIN = 8


@dataclass(frozen=True)
class Synced:
    """`secrets`: those that were written. `without`: Credentials that have no keys of their own to replace."""

    secrets: Tuple[Ref, ...] = ()
    without: Tuple[str, ...] = ()
    restarted: bool = False

    @property
    def changed(self) -> bool:
        return bool(self.secrets) or self.restarted


def sync(api: Api, names: Sequence[str], namespace: str, keys: Keys, terms: Terms) -> Synced:
    """Puts the keys into the Secret of each of these Credentials, and restarts CAPA once for all of them.

    Keys that last, and that AWS still takes, are left alone: those given may be a person's own.
    """
    capa = capa_deployment(api)
    place = str(capa["metadata"]["namespace"]) if capa is not None else namespace
    found = {name: secret_of(api, name, namespace, place) for name in dict.fromkeys(names)}
    refs = list(dict.fromkeys(ref for ref in found.values() if ref is not None))
    lives = {ref: api.get(ref) for ref in refs}
    stale = {ref: live for ref, live in lives.items() if _is_stale(live, keys, terms.aws)}
    account = _account(stale, keys, terms)
    plans = [secrets.plan(ref, live, keys, account) for ref, live in stale.items()]
    if not terms.dry_run:
        for plan in plans:
            plan.write(api)
    marks = {plan.ref.name: plan.mark for plan in plans}
    marks.update({ref.name: pending(capa, live, ref.name) for ref, live in lives.items() if ref not in stale})
    marks = {name: mark for name, mark in marks.items() if mark}
    if marks and not terms.dry_run:
        restart(api, marks, terms.timeout, terms.say)
    without = tuple(name for name, ref in found.items() if ref is None)
    return Synced(tuple(plan.ref for plan in plans), without, bool(marks))


def _is_stale(secret: Optional[Mapping[str, Any]], keys: Keys, aws: Optional[Aws]) -> bool:
    old = keys_in(secret)
    if old is None or old == keys:
        return old is None
    if old.is_temporary or aws is None:
        return True
    return not account_of(aws, old)


def secret_of(api: Api, credential: str, namespace: str, place: str) -> Optional[Ref]:
    """The Secret that a Credential leads to, through the roles in between; None where it leads to none."""
    live = api.get(Ref(CREDENTIAL.api_version, CREDENTIAL.kind, credential, namespace))
    if live is None:
        raise CredentialError(
            f"There is no Credential {namespace}/{credential}, so nobody can tell where its keys are. Nothing was"
            " changed. Make it with mke4k.core.aws_credential."
        )
    ref: Mapping[str, Any] = (live.get("spec") or {}).get("identityRef") or {}
    for _link in range(LONGEST_CHAIN):
        identity = _identity(api, ref)
        spec: Dict[str, Any] = (identity or {}).get("spec") or {}
        if ref.get("kind") == IDENTITIES[STATIC].kind:
            return Ref("v1", "Secret", str(spec["secretRef"]), place) if spec.get("secretRef") else None
        if ref.get("kind") != IDENTITIES[ROLE].kind:
            return None
        ref = spec.get("sourceIdentityRef") or {}
    return None


def _identity(api: Api, ref: Mapping[str, Any]) -> Optional[Dict[str, Any]]:
    kinds = {kind.kind: kind for kind in IDENTITIES.values()}
    kind = kinds.get(str(ref.get("kind")))
    return api.get(Ref(kind.api_version, kind.kind, str(ref.get("name")))) if kind is not None else None


def _account(stale: Mapping[Ref, Optional[Mapping[str, Any]]], keys: Keys, terms: Terms) -> str:
    """Every Secret that is written has children, so all must be of the account that the keys are of."""
    if terms.aws is None or not stale:
        return ""
    caller = verified(terms.aws, keys, terms.clock, terms.say)
    for live in stale.values():
        before = annotation_in(live, ACCOUNT) or account_of(terms.aws, keys_in(live))
        if before:
            refuse_other_account(before, caller, 1)
    return caller.account

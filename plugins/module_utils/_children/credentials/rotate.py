# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New keys for a credential in use: written, proven for every child, and only then the old ones retired.

Each step is written down where it is done, in the Secret, in the Deployment of CAPA and in IAM. A run that was killed
anywhere is finished by the next one, from wherever it is started.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import List, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials import secret as secrets
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.aws import Aws
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import (
    keys_in,
    previous_after,
    previous_in,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.leader import until_led
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.names import STATIC
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.present import Done, Terms, present
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.proof import (
    Patience,
    Proof,
    prove,
    unproven,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.users import clusters_of, secrets_with
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.wish import Wish
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api


@dataclass(frozen=True)
class Rotation:
    """`retired`: keys that are no more. `left`: those that were replaced and still exist in IAM."""

    done: Done
    proofs: Tuple[Proof, ...] = ()
    retired: int = 0
    left: int = 0

    @property
    def changed(self) -> bool:
        return self.done.changed or bool(self.retired)


class NotProven(CredentialError):
    """Some child does not work with the new keys. The old ones are as they were."""


def rotate(api: Api, wish: Wish, terms: Terms, patience: Patience, retire: bool) -> Rotation:
    """The credential with its keys replaced everywhere. Nothing is asked of a child when nothing was replaced."""
    if wish.kind != STATIC:
        raise CredentialError(
            f"An identity of kind {wish.kind} has no keys of its own, so there is nothing to rotate. Rotate the static"
            " identity that it is based on, or the keys of CAPA's own environment."
        )
    terms = replace(terms, restart=True)
    done = present(api, wish, terms)
    ids = _replaced(done, terms)
    if not ids and not done.restarted:
        return Rotation(done)
    clusters = clusters_of(api, done.wish)
    if terms.dry_run:
        foretold = tuple(
            Proof(item["metadata"]["name"], item["metadata"]["namespace"], False, "check mode") for item in clusters
        )
        return Rotation(done, foretold, len(ids) if retire else 0, 0 if retire else len(ids))
    proofs = _proven(api, done, terms, patience)
    if not retire:
        return Rotation(done, tuple(proofs), 0, len(ids))
    if ids:
        _require_same_account(done, _required(terms.aws))
    for key_id in ids:
        _retire(api, done, key_id, terms, patience)
    return Rotation(done, tuple(proofs), len(ids), 0)


def _replaced(done: Done, terms: Terms) -> List[str]:
    keys = done.wish.keys or keys_in(done.secret)
    if keys is None:
        return []
    return previous_after(done.secret, keys) if terms.dry_run else previous_in(done.secret)


def _proven(api: Api, done: Done, terms: Terms, patience: Patience) -> List[Proof]:
    clusters = clusters_of(api, done.wish)
    if clusters:
        until_led(api, done.wish.secret_namespace, patience.clock, terms.say)
    proofs = prove(api, clusters, patience, terms.say)
    lines = unproven(proofs)
    if lines:
        raise NotProven(
            f"{done.wish.secret_ref} has the new keys and CAPA was restarted, but not every cluster is proven to work"
            f" with them: {lines}. The old keys were not retired. Compare what both keys are allowed"
            " (mke4k.core.aws_preflight), then run the same again.",
            children=[proof.to_dict() for proof in proofs],
        )
    return proofs


def _retire(api: Api, done: Done, key_id: str, terms: Terms, patience: Patience) -> None:
    """Deactivated first, which can be taken back, and deleted when every child still works without it."""
    aws = _required(terms.aws)
    secret = api.get(done.wish.secret_ref)
    now = keys_in(secret)
    if secret is None or now is None or now.access_key_id == key_id:
        raise CredentialError(
            f"A key was not retired: {done.wish.secret_ref} has just been changed by somebody else, and may use that"
            " very key. Nothing was done to it in IAM. Run the same again."
        )
    _refuse_other_secrets(api, done, key_id)
    if aws.deactivate(key_id):
        terms.say("the old key is deactivated; proving that nobody misses it")
        try:
            _proven(api, done, terms, patience)
        except NotProven as error:
            aws.activate(key_id)
            raise NotProven(
                f"The old key was deactivated, and then not every cluster worked any more, so it was activated again."
                f" {error}",
                **error.details,
            ) from error
        aws.delete(key_id)
    secrets.forget(done.wish.secret_ref, secret, key_id).write(api)


def _refuse_other_secrets(api: Api, done: Done, key_id: str) -> None:
    others = secrets_with(api, done.wish, key_id)
    if others:
        raise CredentialError(
            f"The new keys are in use and proven. The old one was not retired: {', '.join(others)} still has it, so"
            " other children work with it. Rotate those too, then run the same again.",
            used_by=others,
        )


def _require_same_account(done: Done, aws: Aws) -> None:
    account = aws.account()
    if done.account and account != done.account:
        raise CredentialError(
            f"The new keys are in use and proven. The old ones were not retired: their account is {done.account}, and"
            f" the keys that IAM would be asked with are of {account}. Set retire_profile to a profile of"
            f" {done.account}, and run the same again."
        )


def _required(aws: Optional[Aws]) -> Aws:
    if aws is None:
        raise CredentialError("Old keys are retired in IAM, so verify must not be false. Nothing was retired.")
    return aws

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys proven before anybody relies on them.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Callable, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.aws import Aws, Caller
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError, KeyRefused
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import Keys
from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import Clock

# A key that IAM has just made is refused for some seconds.
NEW_KEY_SECONDS = 60.0
PAUSE = 3.0


def verified(aws: Aws, keys: Keys, clock: Clock, say: Callable[[str], None]) -> Caller:
    """Whose the keys are; waits for one that is so new that AWS does not know it everywhere."""
    until = clock.now() + NEW_KEY_SECONDS
    found, refusal = _asked(aws, keys)
    if refusal is not None and not keys.is_temporary:
        say(f"AWS does not take the new keys yet: {refusal}")
    # Temporary keys are known at once: those that are refused have ended.
    while refusal is not None and not keys.is_temporary and clock.now() + PAUSE <= until:
        clock.sleep(PAUSE)
        found, refusal = _asked(aws, keys)
    if found is None:
        raise CredentialError(
            f"AWS does not take the keys from {keys.source or 'the arguments'}: {refusal} Nothing was changed. Give"
            " keys that are valid: `aws sts get-caller-identity` has to work with them."
        ) from refusal
    return found


def _asked(aws: Aws, keys: Keys) -> Tuple[Optional[Caller], Optional[KeyRefused]]:
    try:
        return aws.who(keys), None
    except KeyRefused as error:
        return None, error


def account_of(aws: Aws, keys: Optional[Keys]) -> str:
    """The account of keys that may have ended; empty where nobody can tell."""
    caller = _asked(aws, keys)[0] if keys is not None else None
    return caller.account if caller is not None else ""


def refuse_other_account(before: str, caller: Caller, clusters: int) -> None:
    """CAPA would make the children again in the other account, and forget those it has made."""
    if clusters and before != caller.account:
        raise CredentialError(
            f"The keys given belong to the AWS account {caller.account} ({caller.arn}), those in use to {before}, where"
            f" {clusters} cluster(s) of this credential are. Nothing was changed: with them Cluster API would lose the"
            f" clusters in {before} and build them again in {caller.account}. Give keys of {before}, or another name"
            " for a credential of the other account."
        )

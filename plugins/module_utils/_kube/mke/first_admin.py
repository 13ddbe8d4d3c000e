# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the account of the first administrator, once.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import apply_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.mke.admin import (
    API_VERSION,
    binding_object,
    password_object,
    password_ref,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import established_crd
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all

DEFINITION = Ref("apiextensions.k8s.io/v1", "CustomResourceDefinition", f"passwords.{API_VERSION.partition('/')[0]}")


@dataclass(frozen=True)
class Account:
    email: str
    namespace: str


def exists(api: Api, account: Account) -> bool:
    return api.get(password_ref(account.email, account.namespace)) is not None


def wait_for_dex(api: Api, timeout: float, progress: Callable[[str], None]) -> None:
    """The kind Password comes with MKE's service for authentication."""
    wait_all(api, [Wanted(DEFINITION, established_crd(), "the accounts of Dex")], timeout, progress)


def make(api: Optional[Api], account: Account, bcrypt_hash: str, user_id: str, *, dry_run: bool) -> bool:
    """Whether the account was made. One that is there, or that another run has just made, is left as it is."""
    if api is None or dry_run:
        return True
    try:
        api.create(password_object(account.email, account.namespace, bcrypt_hash, user_id))
    except Refused as error:
        if error.status != 409:
            raise
        return False
    return True


def bind(api: Api, account: Account, *, dry_run: bool) -> bool:
    """Whether the binding to cluster-admin had to be made or put right."""
    return apply_all(api, [binding_object(account.email)], dry_run=dry_run).changed

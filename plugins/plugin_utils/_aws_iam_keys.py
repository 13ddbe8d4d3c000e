# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS as rotation asks it: whose a key is, and the end of old ones.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import (
    AwsError,
    BadCredentials,
    Missing,
    NotAllowed,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.identity import who_am_i, whose
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.aws import Aws, Caller
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError, KeyRefused
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import Keys


class IamKeys(Aws):
    """`options` say how AWS is reached, as those of AwsAccess. IAM is asked as `profile`, else with the new keys."""

    def __init__(self, options: Mapping[str, Any], environ: Mapping[str, str], keys: Keys | None, profile: str) -> None:
        self._options = dict(options)
        self._environ = environ
        self._keys = keys
        self._profile = profile
        self._made: AwsAccess | None = None

    def who(self, keys: Keys) -> Caller:
        try:
            found = whose(self._of({}), keys.access_key_id, keys.secret_access_key, keys.session_token)
        except BadCredentials as error:
            raise KeyRefused(str(error), **error.details) from error
        except AwsError as error:
            raise CredentialError(f"{error} Nothing was changed. Set verify to false to do without.") from error
        return Caller(found.account, found.arn)

    def account(self) -> str:
        try:
            return who_am_i(self._iam).account
        except AwsError as error:
            raise _kept(error) from error

    def deactivate(self, key_id: str) -> bool:
        user = self._user_of(key_id)
        if user is None:
            return False
        self._set(user, key_id, "Inactive")
        return True

    def activate(self, key_id: str) -> None:
        self._set(self._user_of(key_id), key_id, "Active")

    def delete(self, key_id: str) -> None:
        user = self._user_of(key_id)
        if user is None:
            return
        try:
            self._iam.client("iam").delete_access_key(**_named(user), AccessKeyId=key_id)
        except Missing:
            return
        except AwsError as error:
            raise _kept(error) from error

    def _set(self, user: str | None, key_id: str, status: str) -> None:
        try:
            self._iam.client("iam").update_access_key(**_named(user or ""), AccessKeyId=key_id, Status=status)
        except AwsError as error:
            raise _kept(error) from error

    def _user_of(self, key_id: str) -> str | None:
        """None where there is no such key; empty for the user who asks."""
        client = self._iam.client("iam")
        try:
            return str(client.get_access_key_last_used(AccessKeyId=key_id).get("UserName") or "")
        except Missing:
            return None
        except NotAllowed:
            return self._own(key_id)
        except AwsError as error:
            raise _kept(error) from error

    def _own(self, key_id: str) -> str | None:
        """Users are often allowed to look at their own keys only."""
        try:
            keys = self._iam.client("iam").pages("list_access_keys", "AccessKeyMetadata")
        except AwsError as error:
            raise _kept(error) from error
        mine = next((item for item in keys if item.get("AccessKeyId") == key_id), None)
        if mine is None:
            raise CredentialError(
                "The new keys are in use and proven. The old one was not retired: it is none of the user's own, and"
                " iam:GetAccessKeyLastUsed, which tells whose it is, is not allowed. Set retire_profile to a profile"
                " that may do so, and run the same again."
            )
        return str(mine.get("UserName") or "")

    @property
    def _iam(self) -> AwsAccess:
        if self._made is None:
            if self._profile:
                self._made = self._of({"profile": self._profile})
            elif self._keys is not None:
                keys = self._keys
                self._made = self._of({}).with_keys(keys.access_key_id, keys.secret_access_key, keys.session_token)
            else:
                self._made = self._of({})
        return self._made

    def _of(self, more: Mapping[str, Any]) -> AwsAccess:
        try:
            return AwsAccess.of({**self._options, **more}, self._environ)
        except AwsError as error:
            raise CredentialError(f"{error} Nothing was changed.") from error


def _named(user: str) -> dict[str, str]:
    return {"UserName": user} if user else {}


def _kept(error: AwsError) -> CredentialError:
    return CredentialError(
        f"The new keys are in use. The old key was not retired: {error} The actions iam:GetAccessKeyLastUsed,"
        " iam:UpdateAccessKey and iam:DeleteAccessKey are needed; set retire_profile to a profile that has them, and"
        " run the same again.",
        **error.details,
    )

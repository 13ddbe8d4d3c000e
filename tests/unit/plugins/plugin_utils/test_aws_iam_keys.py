# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM as rotation asks it, with answers of AWS in every form."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import (
    AwsError,
    BadCredentials,
    Expired,
    Missing,
    NotAllowed,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError, KeyRefused
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import Keys
from ansible_collections.mke4k.core.plugins.plugin_utils import _aws_iam_keys
from ansible_collections.mke4k.core.plugins.plugin_utils._aws_iam_keys import IamKeys

KEYS = Keys("AKIANEW", "new-secret", "token")


class Client:
    """Calls of boto3 by their names."""

    def __init__(self, access: Access) -> None:
        self.access = access

    def __getattr__(self, name: str) -> Any:
        def called(**arguments: Any) -> Any:
            self.access.calls.append((name, arguments))
            found = self.access.answers.get(name, {})
            if isinstance(found, Exception):
                raise found
            return found

        return called

    def pages(self, name: str, key: str, **arguments: Any) -> Any:
        return getattr(self, name)(**arguments)[key]


class Access:
    """AwsAccess with answers of a test."""

    answers: dict[str, Any] = {}
    calls: list[Any] = []
    made: list[Any] = []

    def __init__(self, options: Any) -> None:
        self.account = ""
        Access.made.append(options)

    @classmethod
    def of(cls, options: Any, environ: Any) -> Access:
        found = cls.answers.get("of")
        if isinstance(found, Exception):
            raise found
        return cls(options)

    def with_keys(self, access_key: str, secret_key: str, session_token: str = "") -> Access:
        return Access({"keys": (access_key, secret_key, session_token)})

    def client(self, service: str) -> Client:
        return Client(self)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(_aws_iam_keys, "AwsAccess", Access)
    Access.calls, Access.made = [], []
    Access.answers = {
        "get_caller_identity": {"Account": "1", "Arn": "arn:aws:iam::1:user/mke", "UserId": "u"},
        "get_access_key_last_used": {"UserName": "mke"},
    }
    return Access.answers


def iam(keys: Keys | None = KEYS, profile: str = "") -> IamKeys:
    return IamKeys({"region": "eu-west-1"}, {}, keys, profile)


def test_keys_are_asked_whose_they_are(answers: dict[str, Any]) -> None:
    caller = iam().who(Keys("a", "b"))
    assert (caller.account, caller.arn) == ("1", "arn:aws:iam::1:user/mke")
    assert Access.made == [{"region": "eu-west-1"}, {"keys": ("a", "b", "")}]


@pytest.mark.parametrize("error", [BadCredentials("no", "AuthFailure"), Expired("ended", "ExpiredToken")])
def test_keys_that_aws_does_not_take_are_refused(answers: dict[str, Any], error: Exception) -> None:
    answers["get_caller_identity"] = error
    with pytest.raises(KeyRefused):
        iam().who(KEYS)


def test_an_aws_that_cannot_be_asked_says_nothing_of_keys(answers: dict[str, Any]) -> None:
    answers["get_caller_identity"] = AwsError("AWS did not answer.")
    with pytest.raises(CredentialError, match=r"did not answer.*Set verify to false"):
        iam().who(KEYS)
    with pytest.raises(CredentialError, match="not retired"):
        iam().account()
    answers["of"] = AwsError("boto3 is missing.")
    with pytest.raises(CredentialError, match=r"boto3 is missing\. Nothing was changed"):
        iam().who(KEYS)


def test_a_key_is_deactivated_and_deleted_by_the_user_it_belongs_to(answers: dict[str, Any]) -> None:
    asked = iam()
    assert asked.account() == "1"
    assert asked.deactivate("AKIAOLD")
    asked.activate("AKIAOLD")
    asked.delete("AKIAOLD")
    changes = [call for call in Access.calls if call[0] in ("update_access_key", "delete_access_key")]
    assert changes == [
        ("update_access_key", {"UserName": "mke", "AccessKeyId": "AKIAOLD", "Status": "Inactive"}),
        ("update_access_key", {"UserName": "mke", "AccessKeyId": "AKIAOLD", "Status": "Active"}),
        ("delete_access_key", {"UserName": "mke", "AccessKeyId": "AKIAOLD"}),
    ]
    assert Access.made[-1] == {"keys": ("AKIANEW", "new-secret", "token")}


@pytest.mark.parametrize(
    ("keys", "profile", "expected"),
    [(KEYS, "admin", {"region": "eu-west-1", "profile": "admin"}), (None, "", {"region": "eu-west-1"})],
)
def test_iam_is_asked_as_the_profile_says(answers: dict[str, Any], keys: Any, profile: str, expected: Any) -> None:
    iam(keys, profile).account()
    assert Access.made == [expected]


def test_a_key_that_is_gone_is_no_trouble(answers: dict[str, Any]) -> None:
    answers["delete_access_key"] = Missing("gone", "NoSuchEntity")
    iam().delete("AKIAOLD")
    answers["get_access_key_last_used"] = Missing("gone", "NoSuchEntity")
    assert not iam().deactivate("AKIAOLD")
    iam().delete("AKIAOLD")


def test_a_user_who_may_only_see_its_own_keys_retires_those(answers: dict[str, Any]) -> None:
    answers["get_access_key_last_used"] = NotAllowed("no", "AccessDenied", "iam:GetAccessKeyLastUsed")
    answers["list_access_keys"] = {"AccessKeyMetadata": [{"AccessKeyId": "AKIAOLD", "UserName": "mke"}]}
    assert iam().deactivate("AKIAOLD")
    with pytest.raises(CredentialError, match=r"none of the user's own.*retire_profile"):
        iam().deactivate("AKIAOTHER")


@pytest.mark.parametrize(
    "denied", ["get_access_key_last_used", "list_access_keys", "update_access_key", "delete_access_key"]
)
def test_what_iam_refuses_is_told_with_what_is_needed(answers: dict[str, Any], denied: str) -> None:
    answers[denied] = AwsError("AWS refused it.", "ServiceFailure")
    if denied == "list_access_keys":
        answers["get_access_key_last_used"] = NotAllowed("no", "AccessDenied", "iam:GetAccessKeyLastUsed")
    with pytest.raises(CredentialError, match=r"not retired: AWS refused it.*iam:DeleteAccessKey"):
        iam().delete("AKIAOLD") if denied == "delete_access_key" else iam().deactivate("AKIAOLD")

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access key of the user: when one is made, and that none is lost."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.found import FoundKey, FoundUser
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.key import (
    KeyPlan,
    KeyWish,
    MadeKey,
    file_text,
    key_in,
    make_key,
    plan_key,
)

TEXT = file_text(MadeKey("AKIA1", "hush"))


def user(*keys: str, active: bool = True) -> FoundUser:
    return FoundUser("u", "arn:u", keys=tuple(FoundKey(key, active) for key in keys))


@pytest.mark.parametrize(
    ("wish", "found", "expected"),
    [
        (KeyWish(), user(), KeyPlan()),
        (KeyWish(), user("AKIA1"), KeyPlan(key="AKIA1")),
        (KeyWish(), None, KeyPlan()),
        (KeyWish("/key"), None, KeyPlan(create=True)),
        (KeyWish("/key"), user(), KeyPlan(create=True)),
        (KeyWish("/key"), user("AKIA9"), KeyPlan(create=True)),
        (KeyWish("/key", TEXT), user("AKIA1", "AKIA2"), KeyPlan(key="AKIA1")),
        (KeyWish("/key", TEXT), user("AKIA9"), KeyPlan(create=True)),
        (KeyWish("/key", TEXT), user("AKIA1", active=False), KeyPlan(create=True)),
        (KeyWish(shown=True), user(), KeyPlan(create=True)),
        (KeyWish(shown=True), user("AKIA1", active=False), KeyPlan(create=True)),
    ],
)
def test_a_key_is_made_where_none_works(wish: KeyWish, found: Any, expected: KeyPlan) -> None:
    assert plan_key(wish, found, "u") == expected


def test_a_key_that_is_there_is_not_shown_and_it_says_so() -> None:
    made = plan_key(KeyWish(shown=True), user("AKIA1"), "u")
    assert (made.create, made.key) == (False, "AKIA1")
    assert "shows its secret part to nobody again" in made.note


@pytest.mark.parametrize(
    ("wish", "said"), [(KeyWish("/key"), "none of which is in /key"), (KeyWish(shown=True), "no third")]
)
def test_there_is_no_third_key(wish: KeyWish, said: str) -> None:
    with pytest.raises(AwsError, match=said):
        plan_key(wish, user("AKIA1", "AKIA2", active=False), "u")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no file of AWS", "no credentials file"),
        ("[default]\na = b\n[other]\n", "other profiles"),
        ("[x]\n", "profiles"),
    ],
)
def test_a_file_of_somebody_else_is_not_replaced(text: str, said: str) -> None:
    with pytest.raises(AwsError, match=said):
        key_in(text, "/key")


def test_a_file_of_ours_is_read_again() -> None:
    assert (key_in(TEXT, "/key"), key_in("", "/key"), key_in("[default]\n", "/key")) == ("AKIA1", "", "")


class Iam:
    """Makes and removes keys."""

    def __init__(self) -> None:
        self.keys: List[str] = []

    def create_access_key(self, **_which: Any) -> Dict[str, Any]:
        self.keys.append("AKIA1")
        return {"AccessKey": {"AccessKeyId": "AKIA1", "SecretAccessKey": "hush"}}

    def delete_access_key(self, **which: Any) -> None:
        self.keys.remove(which["AccessKeyId"])


def test_a_key_that_is_made_is_saved() -> None:
    saved: List[str] = []
    made = make_key(Iam(), "u", KeyWish("/key"), saved.append)  # type: ignore[arg-type]
    assert (made.key, saved) == ("AKIA1", [TEXT])
    assert "hush" not in repr(made)


def test_a_key_that_cannot_be_saved_is_removed_again() -> None:
    def fails(_text: str) -> None:
        raise OSError("no space left")

    iam = Iam()
    with pytest.raises(AwsError, match="was removed again: no space left"):
        make_key(iam, "u", KeyWish("/key"), fails)  # type: ignore[arg-type]
    assert iam.keys == []

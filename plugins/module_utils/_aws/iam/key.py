# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one access key of the user: made where it is missing, and its secret handed on once.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import configparser
from dataclasses import dataclass
from typing import Callable, Optional

from ansible_collections.mke4k.core.plugins.module_utils._aws.client import Client
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.found import FoundUser
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.steps import Patience, patiently

KEYS_PER_USER = 2
SECTION = "default"


@dataclass(frozen=True)
class KeyWish:
    """`path`: the file for the key; `text`: what is in it now. `shown`: the key is to be in the result."""

    path: str = ""
    text: str = ""
    shown: bool = False

    @property
    def wanted(self) -> bool:
        return bool(self.path or self.shown)


@dataclass(frozen=True)
class KeyPlan:
    """`key`: the id of the one that is there and stays."""

    create: bool = False
    key: str = ""
    note: str = ""


@dataclass(frozen=True)
class MadeKey:
    key: str
    secret: str

    def __repr__(self) -> str:
        return f"MadeKey({self.key!r})"


def plan_key(wish: KeyWish, user: Optional[FoundUser], name: str) -> KeyPlan:
    """Raises AwsError where there can be no other key."""
    active = [each.key for each in user.keys if each.active] if user else []
    if not wish.wanted:
        return KeyPlan(key=active[0] if active else "")
    written = key_in(wish.text, wish.path)
    if written and written in active:
        return KeyPlan(key=written)
    if not wish.path and active:
        return KeyPlan(
            key=active[0],
            note=f"The user {name} has the access key {active[0]} already. AWS shows its secret part to nobody again:"
            " remove the key, or name a user_key_file, for another one to be made.",
        )
    if user and len(user.keys) >= KEYS_PER_USER:
        keys = ", ".join(each.key for each in user.keys)
        where = f" none of which is in {wish.path}," if wish.path else ""
        raise AwsError(
            f"The user {name} has the access keys {keys},{where} and AWS allows no third one. Remove the one that"
            " nobody uses (aws iam get-access-key-last-used tells which; aws iam delete-access-key), then run again."
        )
    return KeyPlan(create=True)


def make_key(
    iam: Client, name: str, wish: KeyWish, save: Callable[[str], None], patience: Optional[Patience] = None
) -> MadeKey:
    """Makes the key and saves it. A key that cannot be saved is removed again: nobody would ever know its secret."""
    answer = patiently(lambda: iam.create_access_key(UserName=name), patience)["AccessKey"]
    made = MadeKey(str(answer["AccessKeyId"]), str(answer["SecretAccessKey"]))
    if wish.path:
        try:
            save(file_text(made))
        except OSError as error:
            iam.delete_access_key(UserName=name, AccessKeyId=made.key)
            raise AwsError(
                f"The new access key of the user {name} could not be written to {wish.path} and was removed again:"
                f" {error}."
            ) from error
    return made


def file_text(key: MadeKey) -> str:
    """As AWS_SHARED_CREDENTIALS_FILE is read."""
    return f"[{SECTION}]\naws_access_key_id = {key.key}\naws_secret_access_key = {key.secret}\n"


def key_in(text: str, path: str) -> str:
    """The id of the key in such a file. Raises AwsError where the file is another one, which is never replaced."""
    if not text.strip():
        return ""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise AwsError(f"{path} is there and is no credentials file of AWS. Name another user_key_file.") from error
    if parser.sections() != [SECTION]:
        raise AwsError(
            f"{path} is there and has other profiles than {SECTION}: {', '.join(parser.sections())}. Name another"
            " user_key_file, which is for this key alone."
        )
    return parser.get(SECTION, "aws_access_key_id", fallback="")

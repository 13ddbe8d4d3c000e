# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose keys these are. AWS answers that to all keys that are good, whatever they are allowed.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Dict

from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess


@dataclass(frozen=True)
class Identity:
    account: str
    arn: str
    user_id: str

    @property
    def partition(self) -> str:
        """aws, aws-cn, aws-us-gov, ..."""
        return self.arn.split(":")[1]

    @property
    def user(self) -> str:
        """The name of the user, or of the role and its session; `root` for the account itself."""
        return self.arn.split(":", 5)[5].partition("/")[2] or "root"

    @property
    def is_role(self) -> bool:
        return ":assumed-role/" in self.arn

    @property
    def principal_arn(self) -> str:
        """The ARN that policies are attached to: that of the role where the keys are those of a session."""
        if not self.is_role:
            return self.arn
        role = self.user.partition("/")[0]
        return f"arn:{self.partition}:iam::{self.account}:role/{role}"

    def to_dict(self) -> Dict[str, str]:
        return {**asdict(self), "partition": self.partition, "user": self.user}


def who_am_i(access: AwsAccess) -> Identity:
    """Raises BadCredentials or Expired where the keys are of no use. Errors name the account from here on."""
    answer = access.client("sts").get_caller_identity()
    access.account = str(answer["Account"])
    return Identity(access.account, str(answer["Arn"]), str(answer["UserId"]))


def whose(access: AwsAccess, access_key: str, secret_key: str, session_token: str = "") -> Identity:
    """Whose keys the given ones are, asked the same way: the proof that a new key works."""
    return who_am_i(access.with_keys(access_key, secret_key, session_token))

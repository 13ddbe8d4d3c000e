# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of AWS itself. An action says how: this layer knows no boto3.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import Keys


@dataclass(frozen=True)
class Caller:
    """Whose keys they are."""

    account: str
    arn: str


class Aws(ABC):
    """Every call raises CredentialError where AWS refuses it, KeyRefused where it does not know the key."""

    @abstractmethod
    def who(self, keys: Keys) -> Caller:
        """sts:GetCallerIdentity, called with these very keys."""

    @abstractmethod
    def account(self) -> str:
        """The account whose IAM the calls below go to."""

    @abstractmethod
    def deactivate(self, key_id: str) -> bool:
        """False where there is no such key."""

    @abstractmethod
    def activate(self, key_id: str) -> None:
        """The key works again."""

    @abstractmethod
    def delete(self, key_id: str) -> None:
        """The key is gone for good."""

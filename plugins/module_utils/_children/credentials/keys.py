# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access keys of AWS, and the Secret that CAPA reads them from. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional

ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN = "AccessKeyID", "SecretAccessKey", "SessionToken"
# Keys that this Secret had before and that still exist in IAM; CAPA does not look at it. In the data, and not in an
# annotation, so that whatever shows objects hides it.
PREVIOUS = "PreviousAccessKeyIDs"
# The mark of keys that took the place of others: CAPA has to start anew with them.
REPLACED = "mke4k.core/replaced-keys"
# The AWS account that the keys were last seen to belong to.
ACCOUNT = "mke4k.core/aws-account"
# Access keys of this kind end by themselves.
TEMPORARY_PREFIX = "ASIA"


@dataclass(frozen=True)
class Keys:
    """`source` says in words where they come from."""

    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)
    source: str = field(default="", compare=False)

    @property
    def is_temporary(self) -> bool:
        return bool(self.session_token)

    @property
    def fingerprint(self) -> str:
        """Says whether two are the same, and nothing else: the secret part alone has 240 random bits."""
        text = f"{self.access_key_id}\n{self.secret_access_key}\n{self.session_token}"
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]

    def data(self) -> Dict[str, str]:
        """The data of the Secret."""
        pairs = {ACCESS_KEY_ID: self.access_key_id, SECRET_ACCESS_KEY: self.secret_access_key}
        if self.session_token:
            pairs[SESSION_TOKEN] = self.session_token
        return {key: encoded(text) for key, text in pairs.items()}


def keys_in(secret: Optional[Mapping[str, Any]]) -> Optional[Keys]:
    """The keys of a Secret; None where it has none, or half of them."""
    found = Keys(*(value_in(secret, name) for name in (ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN)))
    return found if found.access_key_id and found.secret_access_key else None


def previous_in(secret: Optional[Mapping[str, Any]]) -> List[str]:
    """The ids of keys that were replaced and not yet retired."""
    return [item for item in value_in(secret, PREVIOUS).split(",") if item]


def previous_after(secret: Optional[Mapping[str, Any]], keys: Keys) -> List[str]:
    """The same once the Secret has these keys: one that is used again is not to be retired."""
    old = keys_in(secret)
    replaced = [old.access_key_id] if old is not None and not _ends_by_itself(old) else []
    found = dict.fromkeys([*previous_in(secret), *replaced])
    return [item for item in found if item != keys.access_key_id]


def _ends_by_itself(keys: Keys) -> bool:
    return keys.is_temporary or keys.access_key_id.startswith(TEMPORARY_PREFIX)


def value_in(secret: Optional[Mapping[str, Any]], name: str) -> str:
    text = str(((secret or {}).get("data") or {}).get(name) or "")
    try:
        return base64.b64decode(text).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""


def annotation_in(manifest: Optional[Mapping[str, Any]], name: str) -> str:
    metadata = (manifest or {}).get("metadata") or {}
    return str((metadata.get("annotations") or {}).get(name) or "")


def encoded(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")

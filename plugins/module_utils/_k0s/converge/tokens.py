# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads join tokens and their list. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import re
import zlib
from typing import Set

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError

_BOOTSTRAP = re.compile(r"\btoken:\s*[\"']?([a-z0-9]{6})\.[a-z0-9]{16}\b")
_LISTED = re.compile(r"^([a-z0-9]{6})\s", re.MULTILINE)


def token_id(token: str) -> str:
    """The public half of the bootstrap token inside a join token (base64 of a compressed kubeconfig)."""
    try:
        text = gzip.decompress(base64.b64decode(token.strip(), validate=True)).decode("utf-8", "replace")
    except (binascii.Error, ValueError, OSError, EOFError, zlib.error) as error:
        raise K0sError(f"what `k0s token create` printed is no join token: {error}") from error
    match = _BOOTSTRAP.search(text)
    if match is None:
        raise K0sError("what `k0s token create` printed is no join token: the kubeconfig in it has no bootstrap token")
    return match.group(1)


def listed_ids(text: str) -> Set[str]:
    """The ids in the table that `k0s token list` prints."""
    return set(_LISTED.findall(text))

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the line of k0s' log that says why it ended, without secrets. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Iterable, Optional

_LOGFMT = re.compile(r'level=(?P<level>\w+).*?\bmsg="(?P<message>(?:[^"\\]|\\.)*)"(?P<rest>.*)$')
_REASON = re.compile(r'\berror="((?:[^"\\]|\\.)*)"')
_SECRETS = (
    (re.compile(r"\b[a-z0-9]{6}\.[a-z0-9]{16}\b"), "<token>"),
    (re.compile(r"(//)[^/@\s]+:[^/@\s]+@"), r"\1<credentials>@"),
    (re.compile(r"[A-Za-z0-9+/]{60,}={0,2}"), "<data>"),
    (re.compile(r"(?i)\b(password|token|secret|authorization)([=:]\s*)\S+"), r"\1\2<hidden>"),
)
LONGEST = 600


def without_secrets(text: str) -> str:
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def _complaint(line: str) -> Optional[str]:
    stripped = line.strip()
    if stripped.startswith("Error:"):
        return stripped
    match = _LOGFMT.search(stripped)
    if match is None or match.group("level") not in ("error", "fatal", "panic"):
        return None
    reason = _REASON.search(match.group("rest"))
    text = match.group("message") + (f": {reason.group(1)}" if reason else "")
    return text.replace('\\"', '"')


def last_error(lines: Iterable[str]) -> str:
    """The newest complaint in a log: k0s' final `Error:` where it has one, else its last error line."""
    final = logged = last = ""
    for line in lines:
        complaint = _complaint(line)
        last = line.strip() or last
        if complaint is None:
            continue
        if complaint.startswith("Error:"):
            final = complaint
        else:
            logged = complaint
    return without_secrets(final or logged or last)[:LONGEST]

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masks secret values in texts that are shown.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, Callable, Dict, List, Mapping

MASK = "********"
DIGEST_MARK = "pbkdf2:"
_ROUNDS = 20000

_SECRET_WORD = (
    r"password|passwd|passphrase|secret|token|credential|private[_-]?key|api[_-]?key|auth[_-]?pass|auth[_-]?key"
)
_SECRET_KEY = rf"[\w.-]*(?:{_SECRET_WORD})[\w.-]*"
# Names that hold such a word and no secret: paths, switches, references to other objects.
_HARMLESS_KEY = re.compile(
    r"(file|path|name|namespace|ref|url|ttl|expiration|issuer|audience|audiences|enabled|type|rotation)s?$",
    re.IGNORECASE,
)
_KEY_VALUE = re.compile(
    rf"""^(?P<head>[ \t]*(?:-[ \t]+)*["']?(?P<key>{_SECRET_KEY})["']?[ \t]*:)[ \t]*(?P<value>\S.*)?$""",
    re.IGNORECASE,
)
_WHOLE_KEY = re.compile(rf"^{_SECRET_KEY}$", re.IGNORECASE)
# A value may be quoted, also in a text that is quoted itself.
_FLAG = re.compile(
    rf"""(?P<head>--(?P<key>{_SECRET_KEY})=)(?P<value>\\*"[^"\n]*"|\\*'[^'\n]*'|[^\s"',\]}}]+)""", re.IGNORECASE
)
_INLINE = re.compile(
    rf"""(?P<head>[{{,][ \t]*["']?(?P<key>{_SECRET_KEY})["']?[ \t]*:[ \t]*)(?P<value>"[^"]*"|'[^']*'|[^\s,}}]+)""",
    re.IGNORECASE,
)
_URL_LOGIN = re.compile(r"(?P<head>[a-z][a-z0-9+.-]*://[^\s/:@\"']*:)(?P<value>[^\s/\"']*)(?P<tail>@)", re.IGNORECASE)
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_SECRET_NAME = re.compile(r"PASS|TOKEN|SECRET|KEY|CREDENTIAL|AUTH", re.IGNORECASE)


def redact(text: str) -> str:
    """The text with secret values masked: passwords and tokens by their key, private keys, logins in URLs."""
    text = _PEM.sub(MASK, text)
    lines: List[str] = []
    block = -1  # indentation of the key whose lines below are secret
    for line in text.split("\n"):
        indentation = len(line) - len(line.lstrip())
        if block >= 0 and (not line.strip() or indentation > block or line[indentation:].startswith("- ")):
            continue
        block = -1
        found = _KEY_VALUE.match(line)
        if found is None or _HARMLESS_KEY.search(found.group("key")):
            lines.append(_redact_line(line))
            continue
        lines.append(f'{found.group("head")} "{MASK}"')
        value = found.group("value") or ""
        if not value or value[0] in "|>&{[":
            block = indentation
    return "\n".join(lines)


def redact_data(value: Any, key: str = "") -> Any:
    """The same for a document that was parsed already; `key` is the one under which the value stands."""
    if value and _WHOLE_KEY.match(key) and not _HARMLESS_KEY.search(key):
        return MASK
    if isinstance(value, dict):
        return {name: redact_data(item, str(name)) for name, item in value.items()}
    if isinstance(value, list):
        return [redact_data(item) for item in value]
    return redact(value) if isinstance(value, str) else value


def _redact_line(line: str) -> str:
    line = _URL_LOGIN.sub(lambda found: f"{found.group('head')}{MASK}{found.group('tail')}", line)
    line = _FLAG.sub(_masked_unless_harmless(MASK), line)
    return _INLINE.sub(_masked_unless_harmless(f'"{MASK}"'), line)


def _masked_unless_harmless(mask: str) -> Callable[[re.Match[str]], str]:
    def replace(found: re.Match[str]) -> str:
        return found.group(0) if _HARMLESS_KEY.search(found.group("key")) else f"{found.group('head')}{mask}"

    return replace


def is_secret(name: str, value: str) -> bool:
    """Whether a variable of this name and value is to be kept from people's eyes."""
    return bool(_SECRET_NAME.search(name)) or _URL_LOGIN.search(value) is not None


def mask_environment(environment: Mapping[str, str]) -> Dict[str, str]:
    """The variables with secret values as digests, so that they can still be compared. Masking twice is the same."""
    return {name: _digest(name, value) if is_secret(name, value) else value for name, value in environment.items()}


def _digest(name: str, value: str) -> str:
    if value.startswith(DIGEST_MARK):
        return value
    digest = hashlib.pbkdf2_hmac("sha256", value.encode("utf-8"), name.encode("utf-8"), _ROUNDS)
    return DIGEST_MARK + digest.hex()

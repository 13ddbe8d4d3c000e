# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes secrets out of texts that leave the cluster: logs, command lines, configurations, objects.

By the name beside a value, by the look of a value, and by values that are known to be secret.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any, Dict, Iterable, List, Mapping, Match, Pattern, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.redact import MASK, is_secret, redact, redact_data

_WORDS = r"password|passwd|passphrase|secret|token|credential|private[_-]?key|api[_-]?key|access[_-]?key|auth[_-]?key"
_HARMLESS = r"(?:file|path|name|namespace|ref|url|ttl|expiration|issuer|audience|enabled|type|rotation)s?"
_QUOTE = r"""\\*["']"""
# Quotes may stand in a text that is quoted itself.
_VALUE = r"""(\\*"[^"\n]*"|\\*'[^'\n]*'|[^\s,;&"']+)"""
_NAME = rf"(?![\w.-]*?{_HARMLESS}(?:[ \t]*=|{_QUOTE}))[\w.-]*(?:{_WORDS})[\w.-]*"
# Each with a group that stays, and one that goes.
_BY_NAME: Tuple[Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?i)((?<![\w.-]){_NAME}[ \t]*=[ \t]*){_VALUE}",
        rf"(?i)({_QUOTE}{_NAME}{_QUOTE}\s*:\s*){_VALUE}",
        rf"((?<![\w-])[A-Z][A-Z0-9_]*(?:PASS|TOKEN|SECRET|KEY|CREDENTIAL|AUTH)[A-Z0-9_]*=){_VALUE}",
        rf"(?i)(\b(?:password|passwd|passphrase|pwd)[\\\"']*\s*(?::|\bis\b)\s*){_VALUE}",
        r"""(?i)(\bauthorization[\\"']*\s*[:=]\s*[\\"'\[]*(?:bearer|basic|digest|token)?\s*)([^\s"',\]\\]{6,})""",
        r"(?i)(\b(?:bearer|basic)\s+)([a-z0-9._~+/=-]{16,})",
        rf"(?i)({_QUOTE}auth{_QUOTE}\s*:\s*){_VALUE}",
        r"(?i)([?&](?:token|access_token|sig|signature|key|x-amz-[a-z-]+)=)([^&\s\"']+)",
        r"(://)([^\s/:@\"']{16,})(?=@)",
    )
)
# Switches, numbers and times are no secrets.
_PLAIN = re.compile(
    r"(?:true|false|null|none|nil|\d{1,6}|[\d.]+(?:ms|s|m|h)[\dmsh.]*|v\d{1,2}(?:(?:alpha|beta)\d{1,2})?|)",
    re.IGNORECASE,
)
_BY_LOOK: Tuple[Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*",  # JSON web tokens
        r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
        r"\bH4sI[A-Za-z0-9+/]{60,}=*",  # join tokens of k0s
        r"\b[a-z0-9]{6}\.[a-z0-9]{16}\b",  # bootstrap tokens
        r"\bLS0tLS1CRUdJTi(?!BDRVJU)[A-Za-z0-9+/]{20,}=*",  # PEM in base64, but for certificates
        r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}",
        r"\$(?:5|6|y)\$[^\s:\"']{20,}",
    )
)
_PEM_ON_ONE_LINE = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
)
_SHORTEST = 6


def clean(text: str) -> str:
    """The text without what looks like a secret. Doing it twice is the same."""
    text = _PEM_ON_ONE_LINE.sub(MASK, text)
    for pattern in _BY_NAME:
        text = pattern.sub(_masked, text)
    text = redact(text)
    for pattern in _BY_LOOK:
        text = pattern.sub(MASK, text)
    return text


def _masked(found: Match[str]) -> str:
    value = found.group(2)
    bare = value.strip("\\\"'")
    if _PLAIN.fullmatch(bare):
        return found.group(0)
    opening, _bare, closing = value.partition(bare)
    return f"{found.group(1)}{opening}{MASK}{closing}"


def clean_data(value: Any, key: str = "") -> Any:
    """The same for a document: by its keys, and in each of its texts."""
    value = redact_data(value, key)
    return _clean_strings(value)


def _clean_strings(value: Any) -> Any:
    if isinstance(value, dict):
        if _is_variable(value):
            return {**value, "value": MASK}
        return {name: _clean_strings(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_clean_strings(item) for item in value]
    return clean(value) if isinstance(value, str) else value


def _is_variable(value: Mapping[str, Any]) -> bool:
    """A variable of a container, or what looks like one: a name and a value beside each other."""
    name, text = value.get("name"), value.get("value")
    return isinstance(name, str) and isinstance(text, str) and bool(text) and is_secret(name.upper(), text)


class Known:
    """Values that are secret whatever stands beside them: as they are, inside JSON, and in base64."""

    def __init__(self, values: Iterable[str]) -> None:
        forms: Set[str] = set()
        for value in values:
            text = value.strip()
            if len(text) >= _SHORTEST:
                forms |= {text, json.dumps(text)[1:-1], base64.b64encode(text.encode("utf-8")).decode("ascii")}
                forms.add(base64.b64encode(value.encode("utf-8")).decode("ascii"))
        # A longer one may hold a shorter one.
        self._forms: List[str] = sorted(forms, key=len, reverse=True)

    def masked(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, MASK)
        return text


def secret_values(document: Any, key: str = "") -> Set[str]:
    """The texts of a document that its own keys call secret, such as a password in mke4.yaml."""
    found: Set[str] = set()
    if isinstance(document, Mapping):
        for name, item in document.items():
            found |= secret_values(item, str(name))
    elif isinstance(document, (list, tuple)):
        for item in document:
            found |= secret_values(item, key)
    elif isinstance(document, str) and document and redact_data(document, key) == MASK:
        found.add(document)
    return found


def names_and_sizes(data: Mapping[str, Any]) -> Dict[str, str]:
    """What may be told of values that nobody shall see."""
    return {str(name): f"({len(str(value or ''))} characters)" for name, value in data.items()}

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes any parsed document plain: dictionaries with text keys, lists, text, whole and finite numbers, booleans, None.

What cannot be made plain (a date, a reference to itself, text that is no Unicode, ...) becomes a finding and is left
out.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import math
from typing import Any, Dict, List, Mapping, Sequence, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.paths import Path, path_text

MOST_LEVELS = 40
MOST_VALUES = 100000
MOST_BITS = 63
_WHITE_SPACE = (0x09, 0x0A, 0x0D, 0x85)

_LEFT_OUT = object()


def plain(document: Any) -> Tuple[Any, List[Finding]]:
    """The plain copy of a document, and what was left out of it."""
    copier = _Copier()
    copy = copier.copy(document, ())
    return (None if copy is _LEFT_OUT else copy), copier.findings


class _Copier:
    def __init__(self) -> None:
        self.findings: List[Finding] = []
        self._open: Set[int] = set()
        self._values = 0

    def copy(self, value: Any, path: Path) -> Any:
        self._values += 1
        if self._values > MOST_VALUES:
            return self._too_large()
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._text(value, path)
        if isinstance(value, int):
            return self._whole(value, path)
        if isinstance(value, float):
            return self._number(value, path)
        if isinstance(value, Mapping):
            return self._inside(value, path, self._mapping)
        if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
            return self._inside(value, path, self._list)
        return self._refuse(
            path,
            f"is a {type(value).__name__}, which mke4.yaml has no use for",
            "put quotes around it if it is meant as text",
        )

    def _inside(self, value: Any, path: Path, copy: Any) -> Any:
        if id(value) in self._open:
            return self._refuse(path, "refers to itself", "remove the YAML alias that leads back to it")
        if len(path) >= MOST_LEVELS:
            return self._refuse(path, f"is nested more than {MOST_LEVELS} levels deep", "flatten it")
        self._open.add(id(value))
        try:
            return copy(value, path)
        finally:
            self._open.discard(id(value))

    def _mapping(self, value: Mapping[Any, Any], path: Path) -> Dict[str, Any]:
        found: Dict[str, Any] = {}
        for key, item in value.items():
            name = self._key(key, path)
            if name is None:
                continue
            if name in found:
                self._refuse((*path, name), "is there twice, once as a number or boolean", "keep one of the two")
                continue
            copy = self.copy(item, (*path, name))
            if copy is not _LEFT_OUT:
                found[name] = copy
        return found

    def _list(self, value: Sequence[Any], path: Path) -> List[Any]:
        copies = [self.copy(item, (*path, place)) for place, item in enumerate(value)]
        return [copy for copy in copies if copy is not _LEFT_OUT]

    def _key(self, key: Any, path: Path) -> Any:
        if isinstance(key, bool):
            return "true" if key else "false"
        if isinstance(key, int) and key.bit_length() <= MOST_BITS:
            return str(int(key))
        if isinstance(key, str) and _is_writable(key):
            return str(key)
        self._refuse(path, f"has a key that is no text but a {type(key).__name__}", "give every value a plain name")
        return None

    def _text(self, value: str, path: Path) -> Any:
        if _is_writable(value):
            return str(value)
        return self._refuse(
            path, "has characters that cannot be written to a file", "remove control characters and lone surrogates"
        )

    def _whole(self, value: int, path: Path) -> Any:
        if value.bit_length() <= MOST_BITS:
            return int(value)
        return self._refuse(path, "is a number beyond all use", "give a number of at most 18 digits")

    def _number(self, value: float, path: Path) -> Any:
        if math.isfinite(value):
            return float(value)
        return self._refuse(path, f"is {value}, which is no number", "put quotes around it if it is meant as text")

    def _too_large(self) -> Any:
        if not any(finding.name == "document-too-large" for finding in self.findings):
            self.findings.append(
                Finding(
                    ERROR,
                    "document-too-large",
                    "",
                    f"the document has more than {MOST_VALUES} values",
                    "look for YAML aliases that multiply each other",
                )
            )
        return _LEFT_OUT

    def _refuse(self, path: Path, message: str, remedy: str) -> Any:
        self.findings.append(Finding(ERROR, "value-not-plain", path_text(path), message, remedy))
        return _LEFT_OUT


def _is_writable(text: str) -> bool:
    """Whether the text is Unicode without control characters but tabs and line breaks."""
    if text.isprintable():
        return True
    return not any(_is_control(ord(character)) for character in text)


def _is_control(code: int) -> bool:
    """Control characters but tabs and line breaks, and halves of characters."""
    return code not in _WHITE_SPACE and (code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000)

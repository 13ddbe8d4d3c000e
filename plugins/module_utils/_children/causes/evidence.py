# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a controller in one line for people: without request ids and dumps of Go values. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import List

LONGEST = 300
_REQUEST = re.compile(
    r",? ?(?:https response error )?(?:status code: \d+|StatusCode: \d+|host id: [^,\s]*|request ?id: [\w-]+)",
    re.IGNORECASE,
)
_ENCODED = re.compile(r" ?Encoded authorization failure message: \S+")
_POINTER = re.compile(r"\(\*?[\w.\[\]*]+\)\(0x[0-9a-f]+\)|&?0x[0-9a-f]{6,}")
# What is left where something was taken out between.
_GAP = re.compile(r"\s*([:,])(?:\s*[:,])*(?=\s|$)")
# As printed by Go: a struct (`&{…}`, `{Name:… }`), or a pointer. Braces that are shorter may be words of people.
_LONGEST_BRACES = 60
_OPEN, _CLOSE = "{[", "}]"


def cleaned(text: str, code: str = "") -> str:
    """`code`: what has to be in it, however long the rest is."""
    plain = _ENCODED.sub("", _REQUEST.sub("", " ".join(text.split())))
    line = _POINTER.sub("", _without_dumps(plain))
    line = " ".join(_GAP.sub(r"\1", line).split()).strip(" ,;:")
    return _shortened(line, code)


def _without_dumps(text: str) -> str:
    """Braces that are Go's are left out, with all that is in them."""
    kept: List[str] = []
    place = 0
    while place < len(text):
        end = _end_of_braces(text, place) if text[place] == "{" else 0
        if end and _is_dump(text, place, end):
            if kept and kept[-1] == "&":
                kept.pop()
        else:
            end = place + 1
            kept.append(text[place])
        place = end
    return "".join(kept)


def _is_dump(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start] == "&" or end - start > _LONGEST_BRACES or "0x" in text[start:end]


def _end_of_braces(text: str, start: int) -> int:
    """The place behind the brace that closes the one at `start`; 0 where none does."""
    depth = 0
    for place in range(start, len(text)):
        if text[place] in _OPEN:
            depth += 1
        elif text[place] in _CLOSE:
            depth -= 1
            if depth == 0:
                return place + 1
    return 0


def _shortened(line: str, code: str) -> str:
    if len(line) <= LONGEST:
        return line
    start = line.find(code) if code else 0
    if start > LONGEST // 2:
        line = f"…{line[start:]}"
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"

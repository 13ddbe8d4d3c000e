# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flags of `k0s install`, as text and in parts.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
import shlex
from typing import Dict, Iterable, List, Optional, Sequence, Tuple

Flag = Tuple[str, Optional[str]]

_SEPARATOR = re.compile(r"[=\s]")
_QUOTES = ("'", '"')
_LONG_NAMES = {"-c": "--config", "-d": "--debug", "-e": "--env", "-l": "--logging", "-v": "--verbose"}


class FlagError(ValueError):
    """Flags that cannot be told apart."""


def split_flags(items: Iterable[str]) -> List[Flag]:
    """Flags of k0s in parts, with their long names.

    An item is one flag: `--a=b`, `--a b` or `--a`; its value may be in quotes, or the next item.
    """
    return [(_LONG_NAMES.get(name, name), value) for name, value in _split(items)]


def _split(items: Iterable[str]) -> List[Flag]:
    flags: List[Flag] = []
    for item in items:
        text = item.strip()
        if text.startswith("-") and text.lstrip("-"):
            flags.append(_flag(text))
        elif flags and flags[-1][1] is None and text:
            flags[-1] = (flags[-1][0], _unquoted(text))
        elif text:
            raise FlagError(f"{item!r} is no flag, nor the value of one")
    return flags


def split_words(text: str) -> List[str]:
    """The items in a text with several flags, as a shell tells them apart."""
    try:
        return shlex.split(text)
    except ValueError:
        raise FlagError(f"the quotes in {text!r} do not match") from None


def _flag(text: str) -> Flag:
    match = _SEPARATOR.search(text)
    name = text[: match.start()] if match else text
    return name, _unquoted(text[match.end() :]) if match else None


def _unquoted(value: str) -> str:
    text = value.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in _QUOTES:
        text = text[1:-1].strip()
    if text[:1] in _QUOTES or text[-1:] in _QUOTES:
        raise FlagError(f"the quotes in {value!r} do not match")
    return text


def flag_text(flag: Flag) -> str:
    name, value = flag
    return name if value is None else f"{name}={value}"


def argument_map(text: str) -> Dict[str, Optional[str]]:
    """The arguments in a text such as that of `--kubelet-extra-args`, by name."""
    return dict(_split(text.split()))


def argument_text(arguments: Dict[str, Optional[str]]) -> str:
    """The text of arguments for a flag that k0s splits at white space; it knows no quotes there."""
    return " ".join(flag_text((name, arguments[name])) for name in sorted(arguments))


def last_value(flags: Sequence[Flag], name: str) -> Optional[str]:
    """The value that counts for a flag: its last one; `true` for a flag without value; None where it is not there."""
    found: Optional[str] = None
    for known, value in flags:
        if known == name:
            found = "true" if value is None else value
    return found

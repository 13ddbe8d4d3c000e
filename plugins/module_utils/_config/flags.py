# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flags of `k0s install`, as text and in parts.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import shlex
from typing import Dict, Iterable, List, Optional, Sequence, Tuple

Flag = Tuple[str, Optional[str]]

_LONG_NAMES = {"-c": "--config", "-d": "--debug", "-e": "--env", "-l": "--logging", "-v": "--verbose"}


class FlagError(ValueError):
    """Flags that cannot be told apart."""


def split_flags(items: Iterable[str]) -> List[Flag]:
    """Flags in parts: `--a=b`, `--a b` (in one item or two), `--a`, each with quotes around a value or without."""
    flags: List[Flag] = []
    for item in items:
        for word in _words(item):
            if word.startswith("-") and len(word.lstrip("-")) > 0:
                name, equals, value = word.partition("=")
                flags.append((_LONG_NAMES.get(name, name), value if equals else None))
            elif flags and flags[-1][1] is None:
                flags[-1] = (flags[-1][0], word)
            else:
                raise FlagError(f"{word!r} is no flag, nor the value of one")
    return flags


def _words(item: str) -> List[str]:
    name, equals, value = item.strip().partition("=")
    if equals and name.startswith("-") and not any(sign in value for sign in "\"' \t\n"):
        return [item.strip()]
    try:
        return shlex.split(item)
    except ValueError as error:
        raise FlagError(f"the quotes in {item!r} do not match") from error


def flag_text(flag: Flag) -> str:
    name, value = flag
    return name if value is None else f"{name}={value}"


def argument_map(text: str) -> Dict[str, Optional[str]]:
    """The arguments in a text such as that of `--kubelet-extra-args`, by name."""
    return dict(split_flags([text])) if text.strip() else {}


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

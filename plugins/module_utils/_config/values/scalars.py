# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversion of plain scalars: booleans, numbers, text. Text is converted, as surveys and extra variables are text.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import Invalid, shown, wrong_type

_TRUE = ("true", "yes", "on", "1", "y", "t")
_FALSE = ("false", "no", "off", "0", "n", "f")
_WHOLE = re.compile(r"^[+-]?[0-9]{1,18}$")
_DURATION = re.compile(r"^(?:0|(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)$")
_QUANTITY = re.compile(r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$")
_SIZE = re.compile(r"^([0-9]{1,15})\s*([KMGT]?)(i?)B?$", re.IGNORECASE)
_SIZE_UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}

LONGEST_WORD = 2048
DURATION_WORDS = "a duration such as 90s, 1m30s or 2h"
QUANTITY_WORDS = "a quantity such as 250m, 500Mi or 4Gi"


def to_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower() if isinstance(value, (str, int)) else ""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise wrong_type(value, "true or false")


def to_whole(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return int(value)
    if isinstance(value, str) and _WHOLE.match(value.strip()):
        return int(value.strip())
    raise wrong_type(value, "a whole number")


def to_text(value: Any) -> str:
    """Text of any length; numbers and booleans are written as YAML writes them."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    raise wrong_type(value, "text")


def to_word(value: Any) -> str:
    """Text on one line, without white space around it."""
    text = to_text(value).strip()
    if not text.isprintable() or len(text) > LONGEST_WORD:
        raise Invalid(f"is {shown(text)}", f"text on one line, of at most {LONGEST_WORD} characters")
    return text


def to_duration(value: Any) -> str:
    if isinstance(value, dict) and set(value) == {"duration"}:
        return to_duration(value["duration"])
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value != 0:
        raise Invalid(f"is {shown(value)} without a unit", DURATION_WORDS, f"write {value}s if seconds are meant")
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        text = str(value).strip()
        if _DURATION.match(text):
            return text
        if _WHOLE.match(text):
            raise Invalid(f"is {shown(text)} without a unit", DURATION_WORDS, f"write {text}s if seconds are meant")
    raise wrong_type(value, DURATION_WORDS)


def to_quantity(value: Any) -> str:
    if not isinstance(value, bool) and isinstance(value, (str, int, float)):
        text = str(value).strip()
        if _QUANTITY.match(text):
            return text
        if isinstance(value, str) and _QUANTITY.match(text[:-1]) and text[-1:] in "bB":
            raise Invalid(f"is {shown(value)}", QUANTITY_WORDS, f"write {text[:-1]}i")
    raise wrong_type(value, QUANTITY_WORDS)


def to_size(value: Any) -> str:
    """A size such as 2GB, as text; see `bytes_of`."""
    text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not _SIZE.match(text):
        raise wrong_type(value, "a size such as 2GB or 512MB, or a number of bytes")
    return text


def bytes_of(size: str) -> int:
    """The bytes of a size. Units are powers of 1024, with and without `i`, as in MKE 3."""
    match = _SIZE.match(size)
    if match is None:
        raise Invalid(f"is {shown(size)}", "a size such as 2GB")
    return int(match.group(1)) << _SIZE_UNITS[match.group(2).upper()]


def seconds_of(duration: str) -> float:
    """The seconds of a duration that `to_duration` accepted."""
    units = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
    parts = re.findall(r"([0-9.]+)(ns|us|µs|μs|ms|s|m|h)", duration)
    return sum(float(number) * units[unit] for number, unit in parts)

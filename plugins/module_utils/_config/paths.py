# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a value is in an mke4.yaml, and how that is written.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Any, List, Mapping, Optional, Tuple, Union

Step = Union[str, int]
Path = Tuple[Step, ...]

ITEM = "[]"

_PLAIN_KEY = re.compile(r"^[A-Za-z0-9_/-]{1,63}$")
_PART = re.compile(r'\["([^"]+)"\]|(\[\])|([^.\[]+)')


def path_text(path: Path) -> str:
    """`spec.hosts[2].role`; keys with dots or other signs are quoted: `extraConfig["values.yaml"]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_KEY.match(step):
            text += f".{step}" if text else step
        else:
            text += f'["{shortened(step)}"]'
    return text


def pattern(text: str) -> Tuple[str, ...]:
    """The steps of a path in a schema table: `hosts[].ssh.port`, `extraConfig["values.yaml"]`."""
    return tuple(quoted or item or word for quoted, item, word in _PART.findall(text))


def shortened(text: str, limit: int = 60) -> str:
    """Text on one line that does not fill the screen."""
    flat = text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text
    return flat if len(flat) <= limit else f"{flat[: limit - 3]}..."


def lookup(document: Any, path: Union[str, Path]) -> Optional[Any]:
    """The value at a path, None where there is none."""
    found = document
    for step in pattern(path) if isinstance(path, str) else path:
        found = _inside(found, step)
        if found is None:
            break
    return found


def _inside(value: Any, step: Step) -> Any:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def matches(path: Path) -> List[str]:
    """A path with its list places left out, as schema tables write it."""
    return [ITEM if isinstance(step, int) else step for step in path]

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths into objects, as people write them: `status.components.kcm.success`, `spec.ports[0].port`,
`metadata.labels["app.kubernetes.io/name"]`. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Any, List, Mapping, Sequence, Tuple, Union

_STEP = re.compile(r"""\.?(?:(?P<name>[^.\[\]"']+)|\[(?P<index>\d+)\]|\[(?P<quote>["'])(?P<key>.+?)(?P=quote)\])""")


class BadPath(ValueError):
    """Not a path into an object."""


def parse_path(text: str) -> List[Union[str, int]]:
    steps: List[Union[str, int]] = []
    position = 0
    while position < len(text):
        found = _STEP.match(text, position)
        if found is None:
            raise BadPath(
                f"{text!r} is no path to a field: nothing is known to do with {text[position:]!r}. "
                'Examples: status.phase, spec.ports[0].port, metadata.labels["app.kubernetes.io/name"]'
            )
        index = found.group("index")
        steps.append(int(index) if index is not None else found.group("name") or found.group("key"))
        position = found.end()
    if not steps:
        raise BadPath("The path to a field is empty")
    return steps


def find(manifest: Mapping[str, Any], steps: Sequence[Union[str, int]]) -> Tuple[bool, Any]:
    """Whether the field is there, and its value."""
    value: Any = manifest
    for step in steps:
        if isinstance(step, int):
            if not isinstance(value, list) or step >= len(value):
                return False, None
            value = value[step]
        elif isinstance(value, Mapping) and step in value:
            value = value[step]
        else:
            return False, None
    return True, value


def same(found: Any, wanted: Any) -> bool:
    """Whether the value is meant; Ansible hands numbers and booleans over as text at times."""
    return bool(found == wanted) or (isinstance(wanted, str) and not isinstance(found, str) and word(found) == wanted)


def word(value: Any) -> str:
    """A value as YAML and people write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of charts: merging, and Calico's that a user wrote as text.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import copy
from typing import Any, Dict, List, Mapping, Optional, Tuple

try:
    import yaml
except ImportError:  # Hosts have none, and no charts are rendered there.
    yaml = None  # type: ignore[assignment]

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.plain import plain


class BadValues(ValueError):
    """Text that holds no values of a chart."""


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> Dict[str, Any]:
    """`over` on top of `base` as Helm does it: mappings are merged, everything else is replaced."""
    found = copy.deepcopy(dict(base))
    for key, value in over.items():
        inner = found.get(key)
        both = isinstance(inner, dict) and isinstance(value, Mapping)
        found[key] = merged(inner or {}, value) if both else copy.deepcopy(value)
    return found


def parse_values(text: str) -> Dict[str, Any]:
    """The values in a text. k0s installs a chart with its defaults, and no error, where they are no YAML."""
    if yaml is None:
        raise BadValues("cannot be read, as Python's PyYAML is missing here")
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadValues(f"is no YAML: {_place(error)}") from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise BadValues(f"is {type(found).__name__}, and not a mapping of Helm values")
    values, findings = plain(found)
    problem = _first(findings)
    if problem is not None:
        raise BadValues(f"has a value that cannot be handed on ({problem.path or 'top'} {problem.message})")
    return dict(values)


def _first(findings: List[Finding]) -> Optional[Finding]:
    return findings[0] if findings else None


def _place(error: Exception) -> str:
    """What is wrong and where, without the text itself, which may hold secrets."""
    problem = str(getattr(error, "problem", "") or "it cannot be parsed")
    line, column = _mark(error)
    return f"{problem} (line {line}, column {column})" if line else problem


def _mark(error: Exception) -> Tuple[int, int]:
    mark = getattr(error, "problem_mark", None)
    return (int(mark.line) + 1, int(mark.column) + 1) if mark is not None else (0, 0)

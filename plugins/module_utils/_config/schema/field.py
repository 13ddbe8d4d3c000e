# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One field of mke4.yaml as a line of a table.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.paths import pattern
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import Release


@dataclass(frozen=True)
class Field:
    """A field and what it may hold.

    `path` is dotted and starts below `spec`; `hosts[].role` is a field of each item, `x["a.b"]` a name with a dot.
    `kind` is one of `values.kinds`; a `list` holds values of the kind `of`. `default` None leaves the field unset.
    `since` and `until` are the first and the last release that has the field; where the default or the kind changed
    between releases, the field has several lines. `optional`: its own fields get defaults only where it is given.
    `binding`: giving it to a release without it is an error, as the cluster would differ from what the file says.
    `secret`: its value is never shown. `immutable`: fixed once the cluster exists. `absent`: what holds without it.
    """

    path: str
    kind: str
    default: Any = None
    choices: Tuple[str, ...] = ()
    least: Any = None
    most: Any = None
    of: str = ""
    since: str = ""
    until: str = ""
    required: bool = False
    optional: bool = False
    binding: bool = False
    secret: bool = False
    immutable: bool = False
    absent: str = ""

    @property
    def steps(self) -> Tuple[str, ...]:
        return pattern(self.path)

    def in_release(self, release: Release) -> bool:
        return release.between(self.since, self.until)


def section(prefix: str, *fields: Field, since: str = "", until: str = "") -> Tuple[Field, ...]:
    """Fields below `prefix`, known in the given releases unless a field says otherwise."""
    return tuple(
        replace(
            field,
            path=f"{prefix}.{field.path}" if field.path else prefix,
            since=field.since or since,
            until=field.until or until,
        )
        for field in fields
    )

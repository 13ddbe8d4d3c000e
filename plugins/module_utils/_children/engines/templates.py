# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ClusterTemplate of k0rdent a child is made from. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Any, Iterable, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import at

STOCK = "aws-standalone-cp"
_VERSIONED = re.compile(rf"^{STOCK}-(\d+)-(\d+)-(\d+)$")


def wanted_template(child: Child, facts: Mothership) -> str:
    """The one that is asked for; else the one that the child has; else the newest. Empty where there is none."""
    live = facts.others.get(child.name) or {}
    return child.template or str((live.get("spec") or {}).get("template") or "") or newest(facts.templates)


def image_format(template: Mapping[str, Any]) -> str:
    """The name of the images that it looks for by itself, where it says so."""
    config = at(template, ("status", "config"), {})
    return str(at(config, ("worker", "imageLookup", "format"), ""))


def newest(templates: Mapping[str, Mapping[str, Any]]) -> str:
    """The newest stock template for AWS that k0rdent has found valid; empty where there is none."""
    found = sorted(_versions(name for name, item in templates.items() if is_valid(item)))
    return found[-1][1] if found else ""


def is_valid(template: Mapping[str, Any]) -> bool:
    return bool((template.get("status") or {}).get("valid"))


def _versions(names: Iterable[str]) -> List[Tuple[Tuple[int, ...], str]]:
    matches = ((_VERSIONED.match(name), name) for name in names)
    return [(tuple(int(part) for part in match.groups()), name) for match, name in matches if match]

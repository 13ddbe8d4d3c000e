# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an MkeChildConfig says of Kubernetes itself, in the values of k0rdent's template aws-standalone-cp. Pure.

The template makes a plain k0s cluster. Addresses and arguments of the API server are the same there under other names;
all other sections are about what mke-operator adds, and have no place in it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Dict, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.spec.merge import put
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import at

# Field of the spec, value of the template, and whether the value is a list of what the field has.
TRANSLATED: Tuple[Tuple[Tuple[str, ...], Tuple[str, ...], bool], ...] = (
    (("network", "serviceCIDR"), ("clusterNetwork", "services", "cidrBlocks"), True),
    (("network", "provider", "extraConfig", "cidrV4"), ("clusterNetwork", "pods", "cidrBlocks"), True),
    (("apiServer", "extraArgs"), ("k0s", "api", "extraArgs"), False),
)
ELSEWHERE = (("version",), ("infrastructure",))


def translated(spec: Mapping[str, Any]) -> Dict[str, Any]:
    """Values of the template."""
    values: Dict[str, Any] = {}
    for field, place, is_list in TRANSLATED:
        found = at(spec, field)
        if found not in (None, "", {}):
            put(values, place, [found] if is_list else deepcopy(found))
    return values


def untranslated(spec: Mapping[str, Any]) -> List[str]:
    """Sections, or fields of sections, that are not carried over and say something."""
    known = [*ELSEWHERE, *(field for field, _place, _is_list in TRANSLATED)]
    return sorted(".".join(steps) for steps in _said(spec, (), known))


def _said(value: Any, steps: Tuple[str, ...], known: List[Tuple[str, ...]]) -> List[Tuple[str, ...]]:
    if steps in known or value in (None, "", {}, []):
        return []
    inside = any(path[: len(steps)] == steps for path in known)
    if not inside or not isinstance(value, Mapping):
        return [steps]
    return [found for key, item in value.items() for found in _said(item, (*steps, str(key)), known)]

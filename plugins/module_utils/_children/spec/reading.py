# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields of an MkeChildConfig's spec, wherever its release has them. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.spec.placement import CONFIGURATION, INFRASTRUCTURE

CONTROL_PLANES, WORKERS = 3, 2


def at(spec: Mapping[str, Any], path: Sequence[str], default: Any = None) -> Any:
    found: Any = spec
    for step in path:
        if not isinstance(found, Mapping) or found.get(step) is None:
            return default
        found = found[step]
    return found


def counted(spec: Mapping[str, Any], name: str, default: Any = None) -> Any:
    """`controlPlaneNumber` and its like, which have moved: the newer place counts where both are filled."""
    return at(spec, (*INFRASTRUCTURE, name), at(spec, (*CONFIGURATION, name), default))


def configured(spec: Mapping[str, Any], *path: str, default: Any = None) -> Any:
    return at(spec, (*CONFIGURATION, *path), default)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The components of k0rdent as its Management lists them. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Dict, Iterable, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._config.text_table import text_table

# The order in which they come up; everything else follows.
_FIRST = ("kcm", "capi")


@dataclass(frozen=True)
class Component:
    """One component. `message` says why it is not ready, in the words of kcm."""

    name: str
    template: str
    ready: bool
    message: str = ""

    def to_dict(self) -> Dict[str, Any]:
        return asdict(self)


def components(management: Optional[Mapping[str, Any]]) -> List[Component]:
    """Those that the status knows, in the order in which they come up."""
    found: Mapping[str, Any] = ((management or {}).get("status") or {}).get("components") or {}
    rows = [_component(str(name), entry or {}) for name, entry in found.items()]
    return sorted(rows, key=lambda row: (_FIRST.index(row.name) if row.name in _FIRST else len(_FIRST), row.name))


def component_table(rows: Iterable[Component]) -> List[str]:
    body = [(row.name, row.template or "-", "yes" if row.ready else "no", row.message) for row in rows]
    return text_table([("COMPONENT", "TEMPLATE", "READY", "MESSAGE"), *body]) if body else []


def available_providers(management: Optional[Mapping[str, Any]]) -> List[str]:
    """What clusters can be made with, as ClusterTemplates ask for it."""
    found = ((management or {}).get("status") or {}).get("availableProviders")
    return sorted(str(item) for item in found) if isinstance(found, list) else []


def _component(name: str, entry: Mapping[str, Any]) -> Component:
    ready = bool(entry.get("success"))
    said = " ".join(str(entry.get("error") or "").split())
    return Component(name, str(entry.get("template") or ""), ready, "" if ready else said or "not ready yet")

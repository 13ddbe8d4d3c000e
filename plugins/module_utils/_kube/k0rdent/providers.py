# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Cluster API providers of a Management: which are missing, and the patch that adds them. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import nearest
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.values import merged
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError

JSON_PATCH = "application/json-patch+json"


@dataclass(frozen=True)
class Provider:
    """A provider that a user needs, with values for its chart."""

    name: str
    config: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Any) -> Provider:
        """From a name, or from an entry of `k0rdent.providers` of mke4.yaml."""
        if isinstance(given, Mapping):
            return cls(str(given.get("name") or ""), given.get("config") or {})
        return cls(str(given))


def united(*groups: Sequence[Provider]) -> List[Provider]:
    """Each provider once; a later mention adds to the values of an earlier one."""
    found: Dict[str, Provider] = {}
    for group in groups:
        for item in group:
            known = found.get(item.name, Provider(item.name))
            found[item.name] = Provider(item.name, merged(known.config, item.config))
    return list(found.values())


def provider_patch(management: Mapping[str, Any], wanted: Sequence[Provider]) -> List[Dict[str, Any]]:
    """A JSON patch that adds what is missing. It appends, so that nobody else's provider gets lost."""
    present: Optional[List[Mapping[str, Any]]] = (management.get("spec") or {}).get("providers")
    places = {str(item.get("name")): place for place, item in enumerate(present or ())}
    added = [_entry(item) for item in wanted if item.name not in places]
    operations = [
        _configured(places[item.name], (present or [])[places[item.name]], item)
        for item in wanted
        if item.name in places
    ]
    patch = [operation for operation in operations if operation]
    if added and present is None:
        return [*patch, {"op": "add", "path": "/spec/providers", "value": added}]
    return [*patch, *({"op": "add", "path": "/spec/providers/-", "value": item} for item in added)]


def refuse_unknown(release: Mapping[str, Any], management: Mapping[str, Any], wanted: Sequence[Provider]) -> None:
    """A provider that the Release has no template for would stay in error for ever."""
    spec = release.get("spec") or {}
    known = {str(item.get("name")) for item in spec.get("providers") or ()}
    known |= {str(item.get("name")) for item in (management.get("spec") or {}).get("providers") or ()}
    unknown = [item.name for item in wanted if item.name not in known]
    if not unknown:
        return
    hints = [f"{name!r}{_hint(name, sorted(known))}" for name in unknown]
    raise KubeError(
        f"The providers {', '.join(hints)} were asked for, but the release {release['metadata']['name']} of k0rdent"
        f" has none of that name. It has {', '.join(sorted(known)) or 'none'}. No provider was added.",
        providers=unknown,
    )


def _hint(name: str, known: Sequence[str]) -> str:
    near = nearest(name, known) or next((full for full in known if full.endswith(f"-{name}")), "")
    return f" (did you mean {near!r}?)" if near else ""


def _entry(item: Provider) -> Dict[str, Any]:
    return {"name": item.name, "config": dict(item.config)} if item.config else {"name": item.name}


def _configured(place: int, present: Mapping[str, Any], item: Provider) -> Dict[str, Any]:
    """The operation that brings the asked-for values in; empty where they are there."""
    before = present.get("config") or {}
    after = merged(before, item.config)
    if after == before:
        return {}
    return {"op": "add", "path": f"/spec/providers/{place}/config", "value": after}

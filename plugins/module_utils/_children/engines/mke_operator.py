# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A child is one MkeChildConfig; mke-operator makes everything else of it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Dict, List, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    MKE_CHILD_CONFIG,
    Child,
    Engine,
    Manifest,
    Mothership,
)


class MkeOperatorEngine(Engine):
    name = "mke-operator"
    root_kind = MKE_CHILD_CONFIG

    def manifests(self, child: Child, facts: Mothership) -> List[Manifest]:
        metadata: Dict[str, Any] = {"name": child.name, "namespace": child.namespace or facts.namespace}
        for key, value in (("labels", child.labels), ("annotations", child.annotations)):
            if value:
                metadata[key] = dict(value)
        return [
            {
                "apiVersion": MKE_CHILD_CONFIG.api_version,
                "kind": MKE_CHILD_CONFIG.kind,
                "metadata": metadata,
                "spec": deepcopy(dict(child.spec)),
            }
        ]

    def spec_of(self, root: Mapping[str, Any]) -> Mapping[str, Any]:
        found = root.get("spec")
        return found if isinstance(found, Mapping) else {}

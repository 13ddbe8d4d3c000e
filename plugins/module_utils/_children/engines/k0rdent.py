# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A child is a ClusterDeployment of k0rdent's own AWS template, for motherships without mke-operator.

The template takes the same values under other roofs: what MkeChildConfig has under `infrastructure` and its
`configuration` is one mapping there (k0rdent, values of aws-standalone-cp). `config` is never empty: k0rdent would fill
in its defaults and set `dryRun`, and nothing would ever be made.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Dict, List, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._children.engines.templates import wanted_template
from ansible_collections.mke4k.core.plugins.module_utils._children.engines.translation import translated
from ansible_collections.mke4k.core.plugins.module_utils._children.errors import ChildrenError
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    CLUSTER_DEPLOYMENT,
    MULTI_CLUSTER_SERVICE,
    Child,
    Engine,
    Manifest,
    Mothership,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.merge import merged
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.placement import COUNTS

CHILD_LABEL = "mke4k.core/child"
CONFIGURATION = "configuration"
# Fields of `infrastructure` that a ClusterDeployment has a place of its own for.
OUTSIDE = ("provider", "credential", CONFIGURATION)


class K0rdentEngine(Engine):
    name = "k0rdent"
    root_kind = CLUSTER_DEPLOYMENT

    def manifests(self, child: Child, facts: Mothership) -> List[Manifest]:
        services = [_services(child)] if child.services else []
        return [*services, _deployment(child, template_of(child, facts))]

    def spec_of(self, root: Mapping[str, Any]) -> Mapping[str, Any]:
        """Counts come back directly under `infrastructure`; what the template alone knows stays `configuration`."""
        spec: Mapping[str, Any] = root.get("spec") or {}
        config: Mapping[str, Any] = spec.get("config") or {}
        inside = {key: value for key, value in config.items() if key in (*COUNTS, "region")}
        rest = {key: value for key, value in config.items() if key not in inside}
        infrastructure = {"provider": "aws", "credential": spec.get("credential") or "", **inside}
        return {"infrastructure": {**infrastructure, **({CONFIGURATION: rest} if rest else {})}}


def template_of(child: Child, facts: Mothership) -> str:
    found = wanted_template(child, facts)
    if not found:
        raise ChildrenError(
            f"The child {child.name} cannot be made: there is no valid ClusterTemplate aws-standalone-cp-* in the"
            f" namespace {facts.namespace}. Enable the provider cluster-api-provider-aws of k0rdent, or name the"
            " template with `template`."
        )
    return found


def _deployment(child: Child, template: str) -> Manifest:
    metadata: Dict[str, Any] = {"name": child.name, "namespace": child.namespace}
    labels = {**child.labels, **({CHILD_LABEL: child.name} if child.services else {})}
    for key, value in (("labels", labels), ("annotations", child.annotations)):
        if value:
            metadata[key] = dict(value)
    return {
        "apiVersion": CLUSTER_DEPLOYMENT.api_version,
        "kind": CLUSTER_DEPLOYMENT.kind,
        "metadata": metadata,
        "spec": {"template": template, "credential": child.credential, "config": _config(child)},
    }


def _config(child: Child) -> Dict[str, Any]:
    infrastructure = deepcopy(dict(child.infrastructure))
    configuration = infrastructure.get(CONFIGURATION) or {}
    outside = {key: value for key, value in infrastructure.items() if key not in OUTSIDE}
    return merged(translated(child.spec), {**configuration, **outside})


def _services(child: Child) -> Manifest:
    return {
        "apiVersion": MULTI_CLUSTER_SERVICE.api_version,
        "kind": MULTI_CLUSTER_SERVICE.kind,
        "metadata": {"name": f"{child.name}-services"},
        "spec": {
            "clusterSelector": {"matchLabels": {CHILD_LABEL: child.name}},
            "serviceSpec": {"services": [deepcopy(dict(service)) for service in child.services]},
        },
    }

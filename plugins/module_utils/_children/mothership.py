# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what the cluster that children are made from says about itself: one request a kind.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, Iterable, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    CLUSTER_DEPLOYMENT,
    MKE_CHILD_CONFIG,
    Manifest,
    Mothership,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.components import components
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.find import find
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.names import MANAGEMENT
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref

MKE_CONFIG = Ref("mke.mirantis.com/v1alpha1", "MkeConfig", "mke", "mke")
CREDENTIAL = Kind("k0rdent.mirantis.com/v1beta1", "Credential")
CLUSTER_TEMPLATE = Kind("k0rdent.mirantis.com/v1beta1", "ClusterTemplate")
# Where MKE runs k0rdent; the only namespace that MkeChildConfig is accepted in (MKE's documentation of child clusters).
MKE_NAMESPACE = "k0rdent"
# Where k0rdent's own documentation installs it.
K0RDENT_NAMESPACE = "kcm-system"


def read_mothership(api: Api, engine_name: str, namespace: str = "") -> Mothership:
    """Without `namespace`: that of MKE, and for the engine `k0rdent` the one that k0rdent is found in."""
    by_mke = engine_name == "mke-operator"
    place = namespace or (MKE_NAMESPACE if by_mke else _found_namespace(api))
    root_kind = MKE_CHILD_CONFIG if by_mke else CLUSTER_DEPLOYMENT
    others = _listed(api, root_kind, place)
    return Mothership(
        namespace=place,
        version=_version(api.get(MKE_CONFIG)),
        providers=_providers(api),
        credentials=_listed(api, CREDENTIAL, place) or {},
        templates={} if by_mke else _listed(api, CLUSTER_TEMPLATE, place) or {},
        others=others or {},
        has_child_configs=not by_mke or others is not None,
    )


def children_of(api: Api, namespace: str = MKE_NAMESPACE) -> Dict[str, Manifest]:
    """Every child that is there, by name, whoever made it and by whichever engine: what a reset must not forget."""
    found = _listed(api, CLUSTER_DEPLOYMENT, namespace) or {}
    return {**found, **(_listed(api, MKE_CHILD_CONFIG, namespace) or {})}


def _found_namespace(api: Api) -> str:
    return find(api).namespace or K0RDENT_NAMESPACE


def _version(config: Optional[Mapping[str, Any]]) -> str:
    spec = (config or {}).get("spec")
    return str(spec.get("version") or "") if isinstance(spec, Mapping) else ""


def _providers(api: Api) -> Dict[str, bool]:
    return {row.name: row.ready for row in components(api.get(MANAGEMENT))}


def _listed(api: Api, kind: Kind, namespace: str) -> Optional[Dict[str, Manifest]]:
    """None where the kind is not served at all: only then a list has no version."""
    listing = api.list(kind, namespace=namespace)
    return _by_name(listing.items) if listing.resource_version else None


def _by_name(items: Iterable[Manifest]) -> Dict[str, Manifest]:
    return {str((item.get("metadata") or {}).get("name") or ""): item for item in items}

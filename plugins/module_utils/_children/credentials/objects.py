# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS credential as objects, all but the Secret. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.names import (
    LABELS,
    ROLE,
    STATIC,
    TEMPLATE_ANNOTATIONS,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.wish import Wish
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

Manifest = Dict[str, Any]


def manifests(wish: Wish) -> List[Manifest]:
    """The ConfigMap, the identity and the Credential, in the order in which they need each other."""
    return [template(wish), identity(wish), credential(wish)]


def identity(wish: Wish) -> Manifest:
    spec: Dict[str, Any] = {"allowedNamespaces": allowed(wish)}
    if wish.kind == STATIC:
        spec["secretRef"] = wish.secret_name
    elif wish.kind == ROLE:
        spec.update(wish.role.spec())
    return {**_made(wish.identity_ref, labels=LABELS), "spec": spec}


def allowed(wish: Wish) -> Dict[str, Any]:
    """Exactly `{}` is every namespace: an empty selector is none since CAPA 2.9."""
    return {"list": list(wish.allowed_namespaces)} if wish.allowed_namespaces else {}


def template(wish: Wish) -> Manifest:
    return _made(wish.template_ref, labels=LABELS, annotations=TEMPLATE_ANNOTATIONS)


def credential(wish: Wish) -> Manifest:
    """The reference has no namespace: the identity is cluster-wide."""
    ref = wish.identity_ref
    spec: Dict[str, Any] = {"identityRef": {"apiVersion": ref.api_version, "kind": ref.kind, "name": ref.name}}
    if wish.description:
        spec["description"] = wish.description
    return {**_made(wish.credential_ref, labels=LABELS), "spec": spec}


def repair(wish: Wish, live: Optional[Mapping[str, Any]]) -> Optional[Manifest]:
    """A merge patch that takes away what others have put into allowedNamespaces; an apply would leave it there.

    CAPA's webhook writes `list: null` and `selector: {}` into every identity, and takes both for nothing. An empty list
    and empty labels are no namespace to it.
    """
    found = ((live or {}).get("spec") or {}).get("allowedNamespaces")
    if not isinstance(found, Mapping):
        return None
    surplus = [] if wish.allowed_namespaces or found.get("list") is None else ["list"]
    if found.get("selector"):
        surplus.append("selector")
    return {"spec": {"allowedNamespaces": dict.fromkeys(surplus)}} if surplus else None


def _made(ref: Ref, **metadata: Any) -> Manifest:
    named = {"name": ref.name, **({"namespace": ref.namespace} if ref.namespace else {})}
    return {
        "apiVersion": ref.api_version,
        "kind": ref.kind,
        "metadata": {**named, **{key: dict(value) for key, value in metadata.items()}},
    }

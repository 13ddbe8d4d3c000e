# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who uses a credential: objects that would stop working without it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import ACCESS_KEY_ID, value_in
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.names import (
    CONTROLLER,
    CONTROLLER_NAME,
    CREDENTIAL,
    IDENTITIES,
    ROLE,
    SECRET,
    STATIC,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.wish import Wish
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    AWS_CLUSTER,
    CLUSTER_DEPLOYMENT,
    MKE_CHILD_CONFIG,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

Manifest = Dict[str, Any]
# Kind and name of an identity.
Identity = Tuple[str, str]


@dataclass(frozen=True)
class Users:
    """The objects by name. `others`: what else refers to the identity or to its Secret."""

    children: Tuple[Ref, ...] = ()
    others: Tuple[Ref, ...] = ()

    def names(self) -> List[str]:
        return list(dict.fromkeys(ref.name for ref in self.children))


def clusters_of(api: Api, wish: Wish) -> List[Manifest]:
    """The AWSClusters whose calls to AWS go through the identity, also by way of a role, or of a twin.

    A twin is another identity that takes its keys from the same Secret.
    """
    clusters = api.list(AWS_CLUSTER).items
    if not clusters:
        return []
    twins = [item for item in api.list(IDENTITIES[STATIC]).items if _shares_secret(item, wish)]
    own = {_own(wish), *((IDENTITIES[STATIC].kind, str(item["metadata"]["name"])) for item in twins)}
    identities = _with_roles(own, api.list(IDENTITIES[ROLE]).items)
    return [item for item in clusters if identity_of(item) in identities]


def identity_of(cluster: Mapping[str, Any]) -> Identity:
    """CAPA takes the controller's identity where a cluster names none."""
    ref = (cluster.get("spec") or {}).get("identityRef") or {}
    kind = str(ref.get("kind") or IDENTITIES[CONTROLLER].kind)
    return kind, str(ref.get("name") or CONTROLLER_NAME)


def _with_roles(own: Set[Identity], roles: Iterable[Mapping[str, Any]]) -> Set[Identity]:
    found = set(own)
    known = list(roles)
    while True:
        more = {
            (IDENTITIES[ROLE].kind, str(item["metadata"]["name"])) for item in known if _source_of(item) in found
        } - found
        if not more:
            return found
        found |= more


def _source_of(role: Mapping[str, Any]) -> Identity:
    ref = (role.get("spec") or {}).get("sourceIdentityRef") or {}
    return str(ref.get("kind") or ""), str(ref.get("name") or "")


def users_of(api: Api, wish: Wish) -> Users:
    """Everything that would miss the Credential, the identity or the Secret. An API error is no answer, and raises."""
    clusters = [Ref.of(item) for item in clusters_of(api, wish)]
    roots = [
        Ref.of(item)
        for kind, field in ((MKE_CHILD_CONFIG, ("infrastructure", "credential")), (CLUSTER_DEPLOYMENT, ("credential",)))
        for item in api.list(kind, wish.namespace).items
        if _at(item.get("spec") or {}, field) == wish.credential_name
    ]
    credentials = [Ref.of(item) for item in api.list(CREDENTIAL).items if _refers(item, wish)]
    others = [ref for ref in credentials if ref != wish.credential_ref]
    roles = [Ref.of(item) for item in api.list(IDENTITIES[ROLE]).items if _source_of(item) == _own(wish)]
    statics = [Ref.of(item) for item in api.list(IDENTITIES[STATIC]).items if _shares_secret(item, wish)]
    return Users(tuple(roots + clusters), tuple(others + roles + statics))


def secrets_with(api: Api, wish: Wish, key_id: str) -> List[str]:
    """Other Secrets beside CAPA that hold this key: one per child may well hold the same."""
    found = api.list(SECRET, wish.secret_namespace, fields="type=Opaque").items
    names = [str(item["metadata"]["name"]) for item in found if value_in(item, ACCESS_KEY_ID) == key_id]
    return [f"Secret {wish.secret_namespace}/{name}" for name in names if name != wish.secret_name]


def _own(wish: Wish) -> Identity:
    return wish.identity_kind.kind, wish.identity_name


def _refers(credential: Mapping[str, Any], wish: Wish) -> bool:
    ref = (credential.get("spec") or {}).get("identityRef") or {}
    return (ref.get("kind"), ref.get("name")) == _own(wish)


def _shares_secret(identity: Mapping[str, Any], wish: Wish) -> bool:
    named = (identity.get("spec") or {}).get("secretRef")
    return wish.kind == STATIC and named == wish.secret_name and Ref.of(identity).name != wish.identity_name


def _at(spec: Mapping[str, Any], path: Iterable[str]) -> Any:
    found: Any = spec
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found

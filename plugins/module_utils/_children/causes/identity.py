# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Cluster API never says: a child whose AWS identity cannot be used has no condition, no event and no finalizer.

So the chain is looked at here: Credential, identity, the namespaces it allows, and the Secret with the keys, which
Cluster API reads in the namespace that it runs in itself.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table import BY_NAME
from ansible_collections.mke4k.core.plugins.module_utils._children.conditions import condition_of
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Diagnosis, Family, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

STATIC = "AWSClusterStaticIdentity"
KEYS = ("AccessKeyID", "SecretAccessKey")
# Between two looks at one credential.
EVERY_SECONDS = 60.0
SILENT = "WaitingForInfrastructure"


class IdentityCheck:
    """Looks at most once a minute at a credential, whatever the number of children that use it."""

    def __init__(self, api: Api, facts: Mothership) -> None:
        self._api = api
        self._facts = facts
        self._seen: Dict[str, Tuple[float, List[Diagnosis]]] = {}

    def look(self, family: Family, now: float) -> List[Diagnosis]:
        name = _credential(family)
        if not name or not is_silent(family):
            return []
        at, found = self._seen.get(name, (float("-inf"), []))
        if now - at >= EVERY_SECONDS:
            found = self._read(name)
            self._seen[name] = (now, found)
        return found

    def _read(self, name: str) -> List[Diagnosis]:
        credential = self._facts.credentials.get(name) or {}
        ref = identity_ref(credential)
        identity = self._api.get(ref) if ref.name else None
        secret = secret_ref(identity or {}, self._facts.namespace)
        found = self._api.get(secret) if secret.name else None
        cause = judged(ref, identity, secret, found, self._facts.namespace)
        return [cause] if cause is not None else []


def is_silent(family: Family) -> bool:
    """The Cluster waits for AWS, and AWS was never spoken to."""
    if family.cluster is None or (family.aws_cluster or {}).get("status", {}).get("conditions"):
        return False
    waiting = condition_of(family.cluster, "InfrastructureReady")
    return waiting is None or waiting.reason == SILENT


def identity_ref(credential: Mapping[str, Any]) -> Ref:
    found: Mapping[str, Any] = (credential.get("spec") or {}).get("identityRef") or {}
    return Ref(
        str(found.get("apiVersion") or "infrastructure.cluster.x-k8s.io/v1beta2"),
        str(found.get("kind") or STATIC),
        str(found.get("name") or ""),
    )


def secret_ref(identity: Mapping[str, Any], namespace: str) -> Ref:
    """Of static identities only; the others have no keys."""
    found = (identity.get("spec") or {}).get("secretRef")
    name = found.get("name") if isinstance(found, Mapping) else found
    return Ref("v1", "Secret", str(name or ""), namespace)


def judged(
    ref: Ref,
    identity: Optional[Mapping[str, Any]],
    secret_name: Ref,
    secret: Optional[Mapping[str, Any]],
    namespace: str,
) -> Optional[Diagnosis]:
    """The first link of the chain that does not hold."""
    if identity is None:
        return Diagnosis(BY_NAME["identity-missing"], str(ref), "is not there")
    allowed = (identity.get("spec") or {}).get("allowedNamespaces")
    if not is_allowed(allowed, namespace):
        return Diagnosis(BY_NAME["identity-not-allowed"], f"{ref}, spec.allowedNamespaces", f"is {allowed}")
    if ref.kind != STATIC:
        return None
    if secret is None:
        return Diagnosis(BY_NAME["identity-secret-missing"], str(secret_name), "is not there")
    lacking = [key for key in KEYS if not (secret.get("data") or {}).get(key)]
    if lacking:
        return Diagnosis(BY_NAME["identity-secret-incomplete"], str(secret_name), f"has no {' and no '.join(lacking)}")
    return None


def is_allowed(allowed: Any, namespace: str) -> bool:
    """{} allows all namespaces; nothing at all, and a selector that selects nothing, none."""
    if not isinstance(allowed, Mapping):
        return False
    if not allowed:
        return True
    labels = ((allowed.get("selector") or {}).get("matchLabels") or {}) if "selector" in allowed else {}
    expressions = ((allowed.get("selector") or {}).get("matchExpressions") or []) if "selector" in allowed else []
    return namespace in (allowed.get("list") or ()) or bool(labels) or bool(expressions)


def _credential(family: Family) -> str:
    root: Mapping[str, Any] = (family.root or {}).get("spec") or {}
    deployment: Mapping[str, Any] = (family.deployment or {}).get("spec") or {}
    return str((root.get("infrastructure") or {}).get("credential") or deployment.get("credential") or "")

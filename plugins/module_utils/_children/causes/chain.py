# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chain that has to hold before AWS is called at all: Credential, identity, allowed namespaces, Secret. Pure.

Cluster API Provider AWS says nothing of it where it breaks: no condition, no event, no finalizer.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.reading import listed, mapping, text_at
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table import BY_NAME
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Diagnosis
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

API_VERSION = "infrastructure.cluster.x-k8s.io/v1beta2"
STATIC, ROLE, CONTROLLER = "AWSClusterStaticIdentity", "AWSClusterRoleIdentity", "AWSClusterControllerIdentity"
KEYS = ("AccessKeyID", "SecretAccessKey")
TOKEN = "SessionToken"
# Kubernetes sets this label on every namespace.
_NAME_LABEL = "kubernetes.io/metadata.name"
_Object = Optional[Mapping[str, Any]]


@dataclass(frozen=True)
class Link:
    """One object of the chain: where it has to be, and what is there."""

    ref: Ref
    found: _Object


@dataclass(frozen=True)
class Chain:
    """`identities`: the one that the Credential names, and for a role the ones behind it. `secret`: of a static one.

    `provider_ready` is None where nobody knows whether the AWS provider runs.
    """

    namespace: str
    credential: Link
    identities: Tuple[Link, ...] = ()
    secret: Optional[Link] = None
    labels: Mapping[str, str] = field(default_factory=dict)
    provider: str = ""
    provider_ready: Optional[bool] = None

    @property
    def has_temporary_keys(self) -> bool:
        return self.secret is not None and bool(mapping(self.secret.found, "data").get(TOKEN))


def judged(chain: Chain) -> Optional[Diagnosis]:
    """The first link that does not hold."""
    if chain.credential.found is None:
        return _missing("credential-missing", chain.credential.ref)
    for link in chain.identities:
        if link.found is None:
            return _missing("identity-missing", link.ref)
        allowed = mapping(link.found, "spec").get("allowedNamespaces")
        if not is_allowed(allowed, chain.namespace, chain.labels):
            where = f"{link.ref}, spec.allowedNamespaces"
            told = "is not set" if allowed is None else f"is {_plain(allowed)}"
            return Diagnosis(BY_NAME["identity-not-allowed"], where, f"{told}, the child is in {chain.namespace}")
    if chain.secret is not None:
        wrong = _judged_secret(chain.secret)
        if wrong is not None:
            return wrong
    if chain.provider_ready is False:
        return Diagnosis(BY_NAME["provider-not-ready"], chain.provider, "is not ready")
    return None


def identity_ref(credential: _Object) -> Ref:
    ref = mapping(credential, "spec", "identityRef")
    return Ref(text_at(ref, "apiVersion") or API_VERSION, text_at(ref, "kind") or STATIC, text_at(ref, "name"))


def source_ref(identity: _Object) -> Optional[Ref]:
    """The identity that a role is taken over with; None where the role's is not named."""
    ref = mapping(identity, "spec", "sourceIdentityRef")
    return Ref(API_VERSION, text_at(ref, "kind"), text_at(ref, "name")) if ref.get("name") else None


def secret_ref(identity: _Object, namespace: str) -> Ref:
    """In the namespace that the AWS provider runs in, whatever the child's is."""
    spec = mapping(identity, "spec")
    return Ref("v1", "Secret", text_at(spec, "secretRef") or text_at(spec, "secretRef", "name"), namespace)


def is_allowed(allowed: Any, namespace: str, labels: Mapping[str, str]) -> bool:
    """{} allows every namespace; nothing at all, and a selector that is there but empty, none."""
    if not isinstance(allowed, Mapping):
        return False
    names, selector = allowed.get("list"), allowed.get("selector")
    if names is None and not selector:
        return True
    return (isinstance(names, list) and namespace in names) or selects(selector, {_NAME_LABEL: namespace, **labels})


def selects(selector: Any, labels: Mapping[str, str]) -> bool:
    """As Kubernetes does, but for a selector without conditions: that one selects nothing here."""
    wanted, expressions = mapping(selector, "matchLabels"), listed(mapping(selector).get("matchExpressions"))
    if not wanted and not expressions:
        return False
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _fits(one, labels) for one in expressions
    )


def _fits(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    key, operator = text_at(expression, "key"), text_at(expression, "operator")
    values = expression.get("values")
    among = isinstance(values, list) and labels.get(key) in values
    fits = {"In": among, "NotIn": not among, "Exists": key in labels, "DoesNotExist": key not in labels}
    return fits.get(operator, False)


def _judged_secret(secret: Link) -> Optional[Diagnosis]:
    if secret.found is None:
        return _missing("identity-secret-missing", secret.ref)
    data = mapping(secret.found, "data")
    lacking = [key for key in KEYS if not data.get(key)]
    if not lacking:
        return None
    return Diagnosis(BY_NAME["identity-secret-incomplete"], str(secret.ref), f"has no {' and no '.join(lacking)}")


def _missing(name: str, ref: Ref) -> Diagnosis:
    return Diagnosis(BY_NAME[name], str(ref), "is not there")


def _plain(value: Any) -> str:
    """In the way of YAML on one line, for people."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_plain(one)}" for key, one in value.items()) + "}"
    return str(value)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at what Cluster API never speaks of, where a child stays silent: the identity and its Secret.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.chain import (
    STATIC,
    Chain,
    Link,
    identity_ref,
    judged,
    secret_ref,
    source_ref,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.reading import is_leaving, mapping, text_at
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table import BY_NAME
from ansible_collections.mke4k.core.plugins.module_utils._children.conditions import condition_of, conditions_of
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Diagnosis, Family, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref

# Between two looks at one credential, however many children use it.
EVERY_SECONDS = 60.0
_SILENT = "WaitingForInfrastructure"
_PAUSED = "Paused"
_DEPLOYMENT = Kind("apps/v1", "Deployment")
_PROVIDER_LABELS = "cluster.x-k8s.io/provider=infrastructure-aws"
_PROVIDER = "cluster-api-provider-aws"
_CREDENTIAL = "k0rdent.mirantis.com/v1beta1"
# A role is taken over with a static or controller identity, mostly; more links than that are a circle.
_LONGEST_CHAIN = 4
_Verdict = Tuple[Optional[Chain], List[Diagnosis]]


class IdentityCheck:
    """Remembers what it saw of each credential for a while."""

    def __init__(self, api: Api, facts: Mothership) -> None:
        self._api = api
        self._facts = facts
        self._seen: Dict[Tuple[str, str], Tuple[float, _Verdict]] = {}

    def look(self, family: Family, now: float) -> List[Diagnosis]:
        """What is wrong with the credential of this child."""
        return self._verdict(family, now)[1]

    def has_temporary_keys(self, family: Family, now: float) -> bool:
        chain = self._verdict(family, now)[0]
        return chain is not None and chain.has_temporary_keys

    def _verdict(self, family: Family, now: float) -> _Verdict:
        name, namespace = credential_of(family), _namespace(family) or self._facts.namespace
        if not name:
            return None, []
        at, verdict = self._seen.get((namespace, name), (float("-inf"), (None, [])))
        if now - at >= EVERY_SECONDS:
            verdict = self._looked_at(name, namespace)
            self._seen[(namespace, name)] = (now, verdict)
        return verdict

    def _looked_at(self, name: str, namespace: str) -> _Verdict:
        try:
            chain = self._read(name, namespace)
        except Refused as error:
            where = f"Credential {namespace}/{name} and what it names"
            return None, [Diagnosis(BY_NAME["identity-unchecked"], where, str(error))]
        found = judged(chain)
        return chain, [found] if found is not None else []

    def _read(self, name: str, namespace: str) -> Chain:
        ref = Ref(_CREDENTIAL, "Credential", name, namespace)
        credential = self._api.get(ref)
        if credential is None:
            return Chain(namespace, Link(ref, None))
        identities = self._identities(identity_ref(credential))
        place, provider, ready = self._provider()
        return Chain(
            namespace,
            Link(ref, credential),
            tuple(identities),
            self._secret(identities[-1], place),
            self._labels(identities, namespace),
            provider,
            ready,
        )

    def _identities(self, ref: Optional[Ref]) -> List[Link]:
        links: List[Link] = []
        while ref is not None and len(links) < _LONGEST_CHAIN:
            found = self._api.get(ref) if ref.name else None
            links.append(Link(ref, found))
            ref = source_ref(found)
        return links

    def _secret(self, last: Link, place: str) -> Optional[Link]:
        if last.found is None or last.ref.kind != STATIC:
            return None
        ref = secret_ref(last.found, place)
        return Link(ref, self._api.get(ref) if ref.name else None)

    def _labels(self, identities: List[Link], namespace: str) -> Mapping[str, str]:
        """Of the namespace, where an identity asks for them."""
        if not any(mapping(link.found, "spec", "allowedNamespaces", "selector") for link in identities):
            return {}
        return mapping(self._api.get(Ref("v1", "Namespace", namespace)), "metadata", "labels")

    def _provider(self) -> Tuple[str, str, Optional[bool]]:
        """The namespace that the AWS provider runs in, its name, and whether it is ready."""
        found = self._api.list(_DEPLOYMENT, labels=_PROVIDER_LABELS).items
        if found:
            ready = bool(mapping(found[0], "status").get("availableReplicas"))
            return text_at(found[0], "metadata", "namespace"), str(Ref.of(found[0])), ready
        told = {name: ready for name, ready in self._facts.providers.items() if name.startswith(_PROVIDER)}
        ready_by_facts = all(told.values()) if told else None
        return self._facts.namespace, f"Management kcm, component {_PROVIDER}", ready_by_facts


def is_silent(family: Family) -> bool:
    """Whether the child waits for AWS, and nobody has spoken to AWS, or whether it goes and nobody says a word."""
    if is_leaving(family.aws_cluster):
        return all(one.is_good for one in conditions_of(family.aws_cluster))
    # That it is not paused is said by the provider before it looks at the identity.
    if family.cluster is None or any(one.type != _PAUSED for one in conditions_of(family.aws_cluster)):
        return False
    waiting = condition_of(family.cluster, "InfrastructureReady")
    return waiting is None or waiting.reason == _SILENT


def credential_of(family: Family) -> str:
    return text_at(family.root, "spec", "infrastructure", "credential") or text_at(
        family.deployment, "spec", "credential"
    )


def _namespace(family: Family) -> str:
    holders: List[Any] = [family.cluster, family.deployment, family.root]
    return next((found for found in (text_at(item, "metadata", "namespace") for item in holders) if found), "")

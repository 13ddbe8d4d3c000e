# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where CAPA runs, and whether its kinds are served yet.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Dict, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.names import (
    CAPA_LABELS,
    CREDENTIAL,
    CREDENTIAL_CRD,
    DEPLOYMENT,
    IDENTITY_CRDS,
    crd_ref,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.wish import Wish
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Mothership
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotServed, TimedOut, WaitFailed
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.find import find
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.names import MANAGEMENT
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import established_crd
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all

PROVIDER = "cluster-api-provider-aws"


def capa_deployment(api: Api) -> Optional[Dict[str, Any]]:
    """The Deployment of CAPA, whatever namespace it is in."""
    found = api.list(DEPLOYMENT, labels=CAPA_LABELS).items
    if len(found) > 1:
        places = ", ".join(f"{item['metadata']['namespace']}/{item['metadata']['name']}" for item in found)
        raise CredentialError(
            f"There are several Deployments with the label {CAPA_LABELS} ({places}), so nobody can tell which of them"
            " reads the Secrets. Nothing was changed. Remove those that are not in use."
        )
    return found[0] if found else None


def placed(api: Api, wish: Wish) -> Wish:
    """The wish with the namespaces that nobody named: where CAPA runs, else where k0rdent does."""
    if wish.namespace and wish.secret_namespace:
        return wish
    capa = capa_deployment(api)
    there = str(capa["metadata"]["namespace"]) if capa is not None else ""
    system = there or find(api).namespace or Mothership().namespace
    return replace(wish, namespace=wish.namespace or system, secret_namespace=wish.secret_namespace or system)


def is_served(api: Api, wish: Wish) -> bool:
    return not _missing(api, wish)


def until_served(api: Api, wish: Wish, timeout: float, say: Callable[[str], None]) -> None:
    """The kind of the identity comes with the provider, minutes after k0rdent itself."""
    missing = _missing(api, wish)
    if not missing:
        return
    wanted = [Wanted(crd_ref(name), established_crd(), label) for name, label in missing.items()]
    try:
        wait_all(api, wanted, timeout, progress=say, explain_in=())
    except (TimedOut, WaitFailed) as error:
        told = provider_text(api)
        raise type(error)(
            f"{error}.{told} The kinds come with k0rdent and its provider {PROVIDER}: see"
            f" `kubectl get management kcm -o yaml`, and add the provider with the module mke4k.core.k0rdent"
            f" (providers: [{PROVIDER}]). Nothing was changed.",
            **error.details,
        ) from error


def _missing(api: Api, wish: Wish) -> Dict[str, str]:
    kinds = {
        IDENTITY_CRDS[wish.kind]: (wish.identity_kind, f"the kind {wish.identity_kind.kind}"),
        CREDENTIAL_CRD: (CREDENTIAL, "the kind Credential"),
    }
    return {name: label for name, (kind, label) in kinds.items() if not _serves(api, kind)}


def _serves(api: Api, kind: Kind) -> bool:
    try:
        api.resource(kind)
    except NotServed:
        return False
    return True


def provider_text(api: Api) -> str:
    """What k0rdent says of the provider, as a sentence; empty where it says nothing."""
    management = api.get(MANAGEMENT) or {}
    components: Mapping[str, Any] = (management.get("status") or {}).get("components") or {}
    names: List[str] = [name for name in components if name.startswith(PROVIDER)]
    if not names:
        return f" Management kcm has no component {PROVIDER}." if management else " There is no Management kcm."
    state = components[names[0]] or {}
    if state.get("success"):
        return ""
    return f" Management kcm says of {names[0]}: {state.get('error') or 'it is not ready yet'}."

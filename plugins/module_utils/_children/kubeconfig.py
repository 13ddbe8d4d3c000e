# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kubeconfigs of children, out of the Secrets that Cluster API keeps them in.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import binascii
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.errors import ChildrenError
from ansible_collections.mke4k.core.plugins.module_utils._children.model import CLUSTER_NAME_LABEL, Manifest
from ansible_collections.mke4k.core.plugins.module_utils._children.mothership import MKE_NAMESPACE, children_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.find import find
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref

SECRET = Kind("v1", "Secret")
KEY = "value"
AT_ONCE = 8
# From here on one list of all Secrets of clusters is cheaper than a request for each.
FEW = 4


@dataclass(frozen=True)
class ChildKubeconfig:
    """The kubeconfig of one child as text; where it is empty, `message` says why."""

    name: str
    namespace: str
    secret: str
    text: str = field(default="", repr=False)
    message: str = ""


def read(api: Api, names: Sequence[str], namespace: str = "") -> List[ChildKubeconfig]:
    """Those of the children named, in that order; of all children where none is named."""
    place = namespace or MKE_NAMESPACE
    roots = children_of(api, place)
    if not roots and not namespace:
        place = find(api).namespace or place
        roots = children_of(api, place) if place != MKE_NAMESPACE else roots
    wanted = {name: _secret_name(name, roots.get(name)) for name in dict.fromkeys(names or sorted(roots))}
    secrets = _secrets(api, list(wanted.values()), place)
    return [_found(name, place, secret, secrets, known=name in roots) for name, secret in wanted.items()]


def kubeconfig_of(api: Api, name: str, namespace: str) -> str:
    """That of one child; raises where there is none."""
    found = read(api, [name], namespace)[0]
    if not found.text:
        raise ChildrenError(f"There is no kubeconfig of the child {name}: {found.message}.")
    return found.text


def _secret_name(name: str, root: Any) -> str:
    status: Mapping[str, Any] = (root or {}).get("status") or {}
    return str(status.get("kubeConfigSecret") or f"{name}-kubeconfig")


def _secrets(api: Api, names: Sequence[str], namespace: str) -> Dict[str, Manifest]:
    found: Dict[str, Manifest] = {}
    if len(names) > FEW:
        items = api.list(SECRET, namespace, labels=CLUSTER_NAME_LABEL).items
        found = {str(item["metadata"]["name"]): item for item in items}
    left = [name for name in names if name not in found]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        more = list(pool.map(lambda name: api.get(Ref("v1", "Secret", name, namespace)), left))
    return {**found, **{name: item for name, item in zip(left, more) if item is not None}}


def _found(name: str, namespace: str, secret: str, secrets: Mapping[str, Manifest], known: bool) -> ChildKubeconfig:
    if secret not in secrets:
        state = "its control plane has not come up yet" if known else "there is no child of that name"
        return ChildKubeconfig(name, namespace, secret, message=f"Secret {namespace}/{secret} is not there: {state}")
    text = _decoded(secrets[secret])
    message = "" if text else f"Secret {namespace}/{secret} has no kubeconfig under the key {KEY}"
    return ChildKubeconfig(name, namespace, secret, text, message)


def _decoded(secret: Mapping[str, Any]) -> str:
    try:
        return base64.b64decode(str((secret.get("data") or {}).get(KEY) or "")).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""

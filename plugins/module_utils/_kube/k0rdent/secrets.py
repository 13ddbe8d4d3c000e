# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be in the system namespace before the chart: its Secrets. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
from typing import Any, Dict, List, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import registry_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.names import UI_SECRET, UI_SECRET_KEY, UI_USER

# By this label an uninstallation knows that the namespace is nobody else's.
MADE_BY = {"app.kubernetes.io/managed-by": "mke4k.core"}


def namespace_object(name: str) -> Dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": dict(MADE_BY)}}


def ui_secret(namespace: str, password: str) -> Dict[str, Any]:
    """The log-in of the UI: the chart's own default is known to everybody."""
    return _secret(UI_SECRET, namespace, {"username": UI_USER, UI_SECRET_KEY: password})


def registry_secrets(cluster: Cluster, chart: Mapping[str, Any], namespace: str) -> List[Dict[str, Any]]:
    """What kcm needs to get templates out of a private registry, by the names that the chart's values have."""
    controller: Mapping[str, Any] = (chart.get("values") or {}).get("controller") or {}
    access = registry_of(cluster, str(controller.get("globalRegistry") or ""))
    found = []
    if controller.get("registryCredsSecret") and access.username:
        login = {"username": access.username, "password": access.password}
        found.append(_secret(str(controller["registryCredsSecret"]), namespace, login))
    if controller.get("registryCertSecret") and access.ca:
        found.append(_secret(str(controller["registryCertSecret"]), namespace, {"ca.crt": access.ca}))
    return found


def _secret(name: str, namespace: str, content: Mapping[str, str]) -> Dict[str, Any]:
    data = {key: base64.b64encode(text.encode("utf-8")).decode("ascii") for key, text in content.items()}
    metadata = {"name": name, "namespace": namespace, "labels": dict(MADE_BY)}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "data": data}

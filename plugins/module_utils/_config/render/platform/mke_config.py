# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The MkeConfig object of a cluster: what the user wrote, in the types that the fields have, and no default.

A default that was written down would be ours from then on, and the operator could not change it with a later release.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.document import API_VERSION, KIND
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Host

LICENSE_SECRET = "mke-license"
LICENSE_SECRET_TYPE = "mke.mirantis.com/license"


# The operator takes these out of the object in the cluster once it has used them.
HIDDEN = (("authentication", "saml", "caData"), ("authentication", "saml", "ssoMetadataURL"))
# Fields of hosts that MKE does not know: they are done by the collection.
OWN_HOST_FIELDS = ("labels", "annotations", "taints")
HIDDEN_DIGEST = "mke4k.core/hidden-sha256"


@dataclass(frozen=True)
class MkeObjects:
    """The MkeConfig, and Secrets that it names and that must be there before it."""

    config: Mapping[str, Any] = field(repr=False)
    secrets: Tuple[Mapping[str, Any], ...] = field(default=(), repr=False)


def mke_objects(cluster: Cluster, written: Mapping[str, Any], additions: Mapping[str, Any]) -> MkeObjects:
    """`written` is `spec` as the user wrote it; `additions` are sections of it that come from elsewhere, such as
    `certificates` from files.
    """
    spec: Dict[str, Any] = {**_kept(cluster.spec, written), **copy.deepcopy(dict(additions))}
    spec["version"] = cluster.release.name
    if not spec.get("hosts"):
        spec["hosts"] = [_host(host) for host in cluster.hosts]
    for host in spec["hosts"]:
        for name in OWN_HOST_FIELDS:
            host.pop(name, None)
    secrets = _take_out_license(cluster, spec)
    metadata: Dict[str, Any] = {"name": cluster.name, "namespace": cluster.namespace}
    digest = _hidden_digest(spec)
    if digest:
        metadata["annotations"] = {HIDDEN_DIGEST: digest}
    config = {"apiVersion": API_VERSION, "kind": KIND, "metadata": metadata, "spec": spec}
    return MkeObjects(config, tuple(secrets))


def without_hidden(config: Mapping[str, Any], live: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    """The object to compare with the live one: without fields that the operator has used and taken out since."""
    wanted = copy.deepcopy(dict(config))
    if live is None or _digest(live) != _digest(wanted):
        return wanted
    for path in HIDDEN:
        if _holder(live.get("spec"), path) is None:
            holder = _holder(wanted["spec"], path)
            if holder is not None:
                del holder[path[-1]]
    return wanted


def _digest(manifest: Mapping[str, Any]) -> str:
    return str(((manifest.get("metadata") or {}).get("annotations") or {}).get(HIDDEN_DIGEST, ""))


def _hidden_digest(spec: Mapping[str, Any]) -> str:
    found = [holder[path[-1]] for path in HIDDEN for holder in [_holder(spec, path)] if holder is not None]
    return hashlib.sha256(json.dumps(found).encode("utf-8")).hexdigest() if found else ""


def _holder(spec: Any, path: Tuple[str, ...]) -> Optional[Dict[str, Any]]:
    """The mapping that has the field, or None where there is no such field."""
    for key in path[:-1]:
        spec = spec.get(key) if isinstance(spec, Mapping) else None
    return spec if isinstance(spec, dict) and path[-1] in spec else None


def _kept(checked: Any, written: Any) -> Any:
    """The part of `checked` that was written. Booleans and numbers may have been written as text; here they are not."""
    if isinstance(checked, Mapping) and isinstance(written, Mapping):
        return {str(key): _kept(checked[key], value) for key, value in written.items() if key in checked}
    if isinstance(checked, list) and isinstance(written, (list, tuple)) and len(checked) == len(written):
        return [_kept(item, value) for item, value in zip(checked, written)]
    return copy.deepcopy(checked)


def _host(host: Host) -> Dict[str, Any]:
    """A host of the inventory as spec.hosts has them."""
    ssh: Dict[str, Any] = {"address": host.address}
    for name, variable in (("user", "ansible_user"), ("port", "ansible_port")):
        if host.connection.get(variable):
            ssh[name] = host.connection[variable]
    return {"role": host.role, "ssh": ssh}


def _take_out_license(cluster: Cluster, spec: Dict[str, Any]) -> List[Dict[str, Any]]:
    """From 4.2.0 on the licence is in a Secret; before, MkeConfig itself is the only place for it."""
    token = (spec.get("license") or {}).get("token")
    if not token or not cluster.release.between(since="v4.2.0"):
        return []
    rest = {key: value for key, value in spec["license"].items() if key != "token"}
    reference = rest.get("secretRef") or {"name": LICENSE_SECRET}
    spec["license"] = {**rest, "secretRef": reference}
    return [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": reference.get("name", LICENSE_SECRET), "namespace": cluster.namespace},
            "type": LICENSE_SECRET_TYPE,
            "data": {"token": base64.b64encode(str(token).encode("utf-8")).decode("ascii")},
        }
    ]

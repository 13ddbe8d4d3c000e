# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The OCI registries of a cluster: authorities from mke4.yaml, logins and further registries from variables.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Loaded, Registry
from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import nearest
from ansible_collections.mke4k.core.plugins.module_utils._config.paths import shortened
from ansible_collections.mke4k.core.plugins.module_utils._config.plain import plain
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import Invalid
from ansible_collections.mke4k.core.plugins.module_utils._config.values.texts import to_pem, to_registry

KINDS = ("imageRegistry", "chartRegistry")
_KEYS = ("host", "ca", "username", "password")
_LIST = "mke4k_registries"


def registry_host(url: str) -> str:
    """`host[:port]` of a registry, which is how containerd names its folder."""
    return url.partition("://")[2].partition("/")[0] if "://" in url else url.partition("/")[0]


def registry_url(cluster: Cluster, kind: str) -> str:
    """The reference of the image or chart registry without a scheme, empty for releases without one."""
    url = str(cluster.value(f"registries.{kind}.url", ""))
    return url.partition("://")[2] if "://" in url else url


def registries_of(cluster: Cluster) -> Tuple[Registry, ...]:
    """Every registry that is named by the file or by variables, once for each host."""
    found: Dict[str, Registry] = {}
    for kind in KINDS:
        host = registry_host(registry_url(cluster, kind))
        if host:
            known = found.setdefault(host, Registry(host))
            found[host] = replace(known, ca=_joined(known.ca, str(cluster.value(f"registries.{kind}.caData", ""))))
    for item in cluster.registries:
        known = found.get(item.host, Registry(item.host))
        found[item.host] = replace(item, ca=_joined(known.ca, item.ca))
    return tuple(found.values())


def registry_of(cluster: Cluster, url: str) -> Registry:
    """The registry that a reference of an image or a chart points into."""
    host = registry_host(url)
    return next((item for item in registries_of(cluster) if item.host == host), Registry(host))


def _joined(first: str, second: str) -> str:
    return first if second in first else first + second


def with_registries(loaded: Loaded, listed: Any, username: Any = "", password: Any = "") -> Loaded:
    """The same with what variables say of registries.

    `listed` are mappings with host, ca, username and password. `username` and `password` are those for the registries
    of the file, where the list has no others for them.
    """
    registries, findings = _listed(listed)
    login, problems = _login({"username": username, "password": password}, "mke4k_registry_username")
    findings += problems
    loaded = replace(loaded, findings=tuple(loaded.findings) + tuple(findings))
    if findings or loaded.cluster is None:
        return loaded if not findings else replace(loaded, cluster=None)
    if login:
        hosts = [registry_host(registry_url(loaded.cluster, kind)) for kind in KINDS]
        for host in filter(None, hosts):
            known = registries.get(host, Registry(host))
            registries[host] = known if known.username else replace(known, **login)
    return replace(loaded, cluster=replace(loaded.cluster, registries=tuple(registries.values())))


def _listed(listed: Any) -> Tuple[Dict[str, Registry], List[Finding]]:
    items, findings = plain(listed or [])
    if not isinstance(items, list):
        return {}, [*findings, _error(_LIST, "is no list", "write one item for each registry, each with its host")]
    found: Dict[str, Registry] = {}
    for place, item in enumerate(items):
        registry, problems = _registry(item, f"{_LIST}[{place}]")
        findings += problems
        if registry.host in found:
            findings.append(_error(f"{_LIST}[{place}].host", f"{registry.host} is there twice", "merge the two"))
        found[registry.host] = registry
    return found, findings


def _registry(item: Any, path: str) -> Tuple[Registry, List[Finding]]:
    if not isinstance(item, Mapping):
        return Registry(""), [_error(path, "is no mapping", "write its host, ca, username and password")]
    findings = [_unknown(path, key) for key in item if key not in _KEYS]
    login, problems = _login(item, path)
    findings += problems
    host, ca = "", ""
    try:
        host = registry_host(to_registry(item.get("host") or ""))
    except Invalid as error:
        findings.append(_error(f"{path}.host", error.reason, "write host or host:port", error.allowed))
    try:
        ca = to_pem(item["ca"]) if item.get("ca") else ""
    except Invalid as error:
        findings.append(_error(f"{path}.ca", error.reason, "paste the file as it is", error.allowed))
    return Registry(host, ca, **login), findings


def _login(item: Mapping[str, Any], path: str) -> Tuple[Dict[str, str], List[Finding]]:
    """The login, empty where there is none. Neither half of it is ever shown."""
    username, password = (str(item.get(name) or "") for name in ("username", "password"))
    if not username and not password:
        return {}, []
    if not username or not password:
        missing = "password" if username else "username"
        return {}, [_error(path, f"has no {missing}", f"give the {missing} too, or neither")]
    if ":" in username:
        return {}, [_error(path, "has a user name with a colon, which no registry can take", "check the user name")]
    return {"username": username, "password": password}, []


def _unknown(path: str, key: Any) -> Finding:
    near = nearest(str(key), _KEYS)
    remedy = f"did you mean {near}?" if near else "remove it"
    return _error(f"{path}.{shortened(str(key))}", "is not known", remedy, ", ".join(_KEYS))


def _error(path: str, message: str, remedy: str, allowed: str = "") -> Finding:
    return Finding(ERROR, "registry-variable", path, message, remedy, allowed)

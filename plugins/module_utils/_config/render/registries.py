# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lets containerd and k0s' Helm pull from private registries: authorities and logins, as files on the hosts.

containerd reads its part for each pull, and k0s' Helm too, so that only the first of them restarts a controller: then
its service gets the variable that names the folder.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import json
from typing import Any, Dict, List

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Host, Registry
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import registries_of
from ansible_collections.mke4k.core.plugins.module_utils._config.versions import at_least

CERTIFICATES = "/etc/containerd/certs.d"
CONTAINERD_DROP_IN = "/etc/k0s/containerd.d/registry-config.toml"
CHART_ACCESS = "/etc/k0s/registry-auth"

_CONTAINERD_1 = 'version = 2\n\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "{}"\n'
_CONTAINERD_2 = 'version = 3\n\n[plugins."io.containerd.cri.v1.images".registry]\n  config_path = "{}"\n'


def registry_files(cluster: Cluster, host: Host) -> List[Dict[str, Any]]:
    """The files of one host; none where every registry is a public one."""
    private = [item for item in registries_of(cluster) if item.ca or item.username]
    found: List[Dict[str, Any]] = []
    if host.runs_workloads and private:
        found += _of_containerd(cluster, private)
    if host.is_controller:
        found += _of_helm(private)
    return found


def registry_environment(cluster: Cluster, host: Host) -> Dict[str, str]:
    """The variables of k0s' service. Logins of `spec.extensions.helm` are ignored for OCI before k0s 1.34."""
    if host.is_controller and any(item.username for item in registries_of(cluster)):
        return {"DOCKER_CONFIG": CHART_ACCESS}
    return {}


def chart_ca_path(registry: Registry) -> str:
    """Where a controller has the authority of a registry for its Helm."""
    return f"{CHART_ACCESS}/{registry.host}.crt"


def _of_containerd(cluster: Cluster, private: List[Registry]) -> List[Dict[str, Any]]:
    """A login in the drop-in would end up in a file that every user of the host can read."""
    template = _CONTAINERD_2 if at_least(cluster.k0s_version, 1, 36) else _CONTAINERD_1
    found = [_file(CONTAINERD_DROP_IN, template.format(CERTIFICATES))]
    for item in private:
        folder = f"{CERTIFICATES}/{item.host}"
        if item.ca:
            found.append(_file(f"{folder}/ca.crt", item.ca))
        if item.username:
            found.append(_file(f"{folder}/hosts.toml", _hosts_toml(item, folder), secret=True))
    return found


def _hosts_toml(item: Registry, folder: str) -> str:
    """Where this file is, containerd looks at no `ca.crt` that the file does not name.

    After the host, containerd asks the server too, so both are told everything: else an image that the registry lacks
    would be reported as a certificate that nobody trusts. Without a host, containerd 1.7 refuses the file.
    """
    server = json.dumps(f"https://{item.host}")
    authority = [f"ca = {json.dumps(f'{folder}/ca.crt')}"] if item.ca else []
    header = f"Authorization = {json.dumps(f'Basic {login(item)}')}"
    lines = [f"server = {server}", *authority, "", "[header]", f"  {header}", ""]
    lines += [f"[host.{server}]", '  capabilities = ["pull", "resolve"]', *(f"  {line}" for line in authority)]
    lines += [f"  [host.{server}.header]", f"    {header}"]
    return "\n".join(lines) + "\n"


def _of_helm(private: List[Registry]) -> List[Dict[str, Any]]:
    found = [_file(chart_ca_path(item), item.ca) for item in private if item.ca]
    logins = {item.host: {"auth": login(item)} for item in private if item.username}
    if logins:
        text = json.dumps({"auths": logins}, indent=1, sort_keys=True) + "\n"
        found.append(_file(f"{CHART_ACCESS}/config.json", text, secret=True))
    return found


def login(item: Registry) -> str:
    return base64.b64encode(f"{item.username}:{item.password}".encode()).decode("ascii")


def _file(path: str, content: str, secret: bool = False) -> Dict[str, Any]:
    return {
        "path": path,
        "content": content,
        "mode": "0600" if secret else "0644",
        "owner": "root",
        "group": "root",
        "restart": False,
        "secret": secret,
    }

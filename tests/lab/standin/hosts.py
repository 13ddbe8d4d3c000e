# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of the lab, as far as the stand-in operators need their disks: admin kubeconfigs and CNI configuration."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Sequence

import yaml

CNI_FILE = "etc/cni/net.d/10-calico.conflist"
DATA_DIRS = ("k0s",)


@dataclass(frozen=True)
class Host:
    """A host's root (without /var/lib) and its /var/lib, as this machine sees them."""

    name: str
    root: Path
    var_lib: Path
    address: str = ""
    pod_range: str = ""

    def kubeconfig(self) -> Optional[Dict[str, Any]]:
        """The admin kubeconfig of a controller, for use from outside of the host; None where there is none."""
        for data_dir in DATA_DIRS:
            file = self.var_lib / data_dir / "pki" / "admin.conf"
            try:
                text = file.read_text(encoding="utf-8")
            except OSError:
                continue
            found = yaml.safe_load(text)
            if isinstance(found, dict):
                return _from_outside(found, self.address)
        return None

    def write_cni(self, pod_range: str) -> bool:
        """Whether it changed what the kubelet finds; a host that is not there gets nothing."""
        text = json.dumps(conflist(self.pod_range or pod_range), indent=1) + "\n"
        file = self.root / CNI_FILE
        try:
            if file.exists() and file.read_text(encoding="utf-8") == text:
                return False
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        except OSError:
            return False
        return True


def hosts_below(roots: Sequence[Path]) -> Sequence[Host]:
    """A host for each folder of the lab (`.../hosts/n1`), or for any folder that is a root itself."""
    return tuple(_host(folder) for folder in roots)


def lab_hosts(run: Path) -> Sequence[Host]:
    """The hosts of a lab that is up, by its run folder; none while it is coming up."""
    try:
        known = json.loads((run / "hosts.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    hosts = []
    for entry in known["hosts"]:
        folder = run / "hosts" / entry["name"]
        last = int(str(entry["address"]).rpartition(".")[2])
        # The lab's routes between hosts are made for these ranges.
        pod_range = f"10.244.{last - 10}.0/24"
        hosts.append(Host(entry["name"], folder / "root", folder / "plain" / "var-lib", entry["address"], pod_range))
    return tuple(hosts)


def host_of(node: Mapping[str, Any], hosts: Sequence[Host]) -> Optional[Host]:
    """The host that a Node is, by its name or its address."""
    name = node["metadata"]["name"]
    addresses = {item["address"] for item in (node.get("status") or {}).get("addresses") or ()}
    return next((host for host in hosts if host.name == name or host.address in addresses), None)


def conflist(pod_range: str) -> Dict[str, object]:
    """The name is the one that Calico gives its network; bridge and host-local are what the lab's hosts have."""
    bridge = {
        "type": "bridge",
        "bridge": "cni0",
        "isGateway": True,
        "ipMasq": False,
        "hairpinMode": True,
        "ipam": {"type": "host-local", "ranges": [[{"subnet": pod_range}]], "routes": [{"dst": "0.0.0.0/0"}]},
    }
    portmap = {"type": "portmap", "snat": True, "capabilities": {"portMappings": True}}
    return {"cniVersion": "0.3.1", "name": "k8s-pod-network", "plugins": [bridge, portmap]}


def _host(folder: Path) -> Host:
    if (folder / "plain" / "var-lib").is_dir():
        return Host(folder.name, folder / "root", folder / "plain" / "var-lib")
    return Host(folder.name, folder, folder / "var" / "lib")


def _from_outside(kubeconfig: Dict[str, Any], address: str) -> Dict[str, Any]:
    """k0s writes `localhost`; its certificate has the host's address too."""
    if address:
        for cluster in kubeconfig.get("clusters") or ():
            cluster["cluster"]["server"] = f"https://{address}:6443"
    return kubeconfig

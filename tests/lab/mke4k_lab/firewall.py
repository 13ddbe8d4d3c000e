# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host lets through, as a shell script that it runs at every boot.

It is between hosts and the control side (the gateway). Whatever is part of an answer passes.
"""

from __future__ import annotations

from typing import Dict, List

from .plan import GATEWAY, NETWORK, REGISTRY_ONLY, REGISTRY_PORT, HostPlan

SCRIPT = "etc/lab-firewall"
# Part of the unit that sets up the host, so nothing talks before it.
DROP_IN = "etc/systemd/system/lab-init.service.d/firewall.conf"
INSIDE = (f"{NETWORK}.0/24", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
ANSWERS = "-m conntrack --ctstate ESTABLISHED,RELATED"


def files(host: HostPlan, firewall: str) -> Dict[str, str]:
    """The files of the host, by their path under its root; none when it lets everything through."""
    rules = _from_control(host, firewall) + (_to_registry() if firewall == REGISTRY_ONLY else [])
    if not rules:
        return {}
    script = "#!/bin/sh\nset -e\n" + "".join(f"iptables {rule}\n" for rule in rules)
    return {SCRIPT: script, DROP_IN: f"[Service]\nExecStartPost=/bin/sh /{SCRIPT}\n"}


def _from_control(host: HostPlan, firewall: str) -> List[str]:
    """The control side gets to nothing but SSH, and not even to that on a host behind another."""
    if not host.behind and firewall != REGISTRY_ONLY:
        return []
    chain = "LAB-FROM-CONTROL"
    ssh = [] if host.behind else [f"-A {chain} -p tcp --dport 22 -j RETURN"]
    enter = f"INPUT -i host0 -s {GATEWAY} -j {chain}"
    return [f"-N {chain}", f"-A {chain} {ANSWERS} -j RETURN", *ssh, f"-A {chain} -j DROP", f"-I {enter}"]


def _to_registry() -> List[str]:
    """The host and its pods get to other hosts, pods and services, and to the registry; the rest is swallowed."""
    chain = "LAB-TO-REGISTRY"
    allowed = [f"-A {chain} {ANSWERS} -j RETURN", f"-A {chain} -d {GATEWAY} -p tcp --dport {REGISTRY_PORT} -j RETURN"]
    refused = [f"-A {chain} -d {GATEWAY} -j DROP"]
    inside = [f"-A {chain} -d {network} -j RETURN" for network in INSIDE]
    enter = [f"-I {hook} -o host0 -j {chain}" for hook in ("OUTPUT", "FORWARD")]
    return [f"-N {chain}", *allowed, *refused, *inside, f"-A {chain} -j DROP", *enter]

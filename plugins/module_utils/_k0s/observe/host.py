# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of the host itself. Everything here can be read by everyone and none of it has to be there.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import platform
import shlex
import socket
import sys
import time
from typing import Any, Dict, List, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe import leftovers
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.disks import read_disks
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.network import read_network
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.node_state import Places
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.ports import read_listening
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.process import BOOT_ID
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.service import SERVICES, SYSTEMD, manager_of

FIREWALLS = ("firewalld", "ufw", "nftables")
# Every unit that is asked for in the one call to systemd.
UNITS = (*SERVICES, *FIREWALLS, *leftovers.UNITS)
_FOLDERS = ("/tmp", "/var/log", "/var/lib/kubelet")  # noqa: S108
_MODULES = (
    "br_netfilter", "ip6_tables", "ip_set", "ip_tables", "ip_vs", "iptable_filter", "iptable_mangle", "iptable_nat",
    "nf_conntrack", "nf_nat", "nf_tables", "nft_compat", "overlay", "veth", "vxlan", "xt_MASQUERADE", "xt_REDIRECT",
    "xt_addrtype", "xt_comment", "xt_conntrack", "xt_mark", "xt_multiport", "xt_set", "xt_statistic",
)  # fmt: skip


def read_host(
    places: Places, units: Mapping[str, Mapping[str, str]], runs_k0s: bool = False, root: Root = HOST
) -> Dict[str, Any]:
    """The facts. On a host that runs k0s, nobody asks who holds a port, which is the costly question."""
    init = manager_of(root)
    kernel = platform.release()
    return {
        "hostname": socket.gethostname(),
        "machine_id": root.text("/etc/machine-id").strip(),
        "boot_id": root.text(BOOT_ID).strip(),
        "time": time.time(),
        "os": parse_os_release(root.text("/etc/os-release") or root.text("/usr/lib/os-release")),
        "init": init,
        "architecture": platform.machine(),
        "kernel": kernel,
        "cgroup": 2 if root.exists("/sys/fs/cgroup/cgroup.controllers") else 1,
        "python": ".".join(str(part) for part in sys.version_info[:3]),
        "cpus": os.cpu_count() or 0,
        **parse_memory(root.text("/proc/meminfo")),
        "selinux": _selinux(root),
        "apparmor": root.text("/sys/module/apparmor/parameters/enabled").strip() == "Y",
        "modules": modules(kernel, root),
        "firewall": firewall(units, root) if init == SYSTEMD else {},
        "disks": read_disks(dict.fromkeys([places.data_dir, os.path.dirname(places.binary), *_FOLDERS]), root),
        **read_network(root),
        "listening": read_listening(root, with_processes=not runs_k0s),
        "leftovers": leftovers.read_leftovers(units, root),
        "k0s_processes": k0s_processes(places.binary, root),
    }


def parse_os_release(text: str) -> Dict[str, Any]:
    """Reads os-release(5)."""
    values: Dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            try:
                values[name] = " ".join(shlex.split(value))
            except ValueError:
                values[name] = value
    return {
        "id": values.get("ID", "").lower(),
        "version_id": values.get("VERSION_ID", ""),
        "id_like": values.get("ID_LIKE", "").lower().split(),
        "pretty_name": values.get("PRETTY_NAME", ""),
    }


def parse_memory(text: str) -> Dict[str, int]:
    """Memory and swap in bytes, from /proc/meminfo, which counts in KiB."""
    values = dict(line.partition(":")[::2] for line in text.splitlines())
    kibibytes = {name: int((values.get(name) or "0").split()[0]) for name in ("MemTotal", "SwapTotal")}
    return {"memory_bytes": kibibytes["MemTotal"] * 1024, "swap_bytes": kibibytes["SwapTotal"] * 1024}


def _selinux(root: Root) -> str:
    enforces = root.text("/sys/fs/selinux/enforce").strip()
    return {"1": "enforcing", "0": "permissive"}.get(enforces, "disabled")


def modules(kernel: str, root: Root = HOST) -> List[str]:
    """Those modules that Kubernetes' networking and containers may need and that are loaded or built in."""
    present = {line.split(" ", 1)[0] for line in root.text("/proc/modules").splitlines()}
    builtin = root.text(f"/lib/modules/{kernel}/modules.builtin").splitlines()
    present |= {os.path.basename(line).split(".")[0].replace("-", "_") for line in builtin}
    return [name for name in _MODULES if name in present]


def firewall(units: Mapping[str, Mapping[str, str]], root: Root = HOST) -> Dict[str, bool]:
    """Which firewalls filter: ufw's unit is active even where ufw itself is switched off."""
    active = {name: units.get(name, {}).get("ActiveState") == "active" for name in FIREWALLS}
    settings = root.text("/etc/ufw/ufw.conf").replace('"', "").lower().split()
    return {**active, "ufw": active["ufw"] and "enabled=yes" in settings}


def k0s_processes(binary: str, root: Root = HOST) -> List[Dict[str, Any]]:
    """k0s controllers and workers that run, with the service that started them, if one did."""
    names = {"k0s", os.path.basename(binary)[:15]}
    own = _namespace("self", root)
    found = []
    for pid in root.names("/proc"):
        if not pid.isdigit() or root.text(f"/proc/{pid}/comm").strip() not in names or _namespace(pid, root) != own:
            continue
        words = root.text(f"/proc/{pid}/cmdline").split("\0")
        if len(words) > 1 and words[1] in ("controller", "worker"):
            groups = root.text(f"/proc/{pid}/cgroup")
            service = next((name for name in SERVICES if name in groups), "")
            found.append({"pid": int(pid), "role": words[1], "service": service})
    return found


def _namespace(pid: str, root: Root) -> str:
    """The process namespace: a k0s in a container on this host is another host's."""
    try:
        return os.readlink(root.at(f"/proc/{pid}/ns/pid"))
    except OSError:
        return ""

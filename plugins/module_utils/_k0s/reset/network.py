# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links, routes, ipsets and virtual servers that network plugins and kube-proxy made.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import errno
import re
from typing import Callable, List, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import rules
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.host import Host, Part
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.kernel import Link, NftTable, Route, have
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import Remain

_LINKS = re.compile(
    r"^(cni0|kube-bridge|kube-ipvs0|kube-dummy-if|nodelocaldns|flannel\.1|vxlan\.calico|vxlan-v6\.calico|wireguard\.cali"
    r"|wg-v6\.cali|bpfin\.cali|bpfout\.cali|cali[0-9a-f]{11})$"
)
# Modules make these, and no one can remove them while the module is loaded; the first one goes all the same.
_OF_MODULES = {"dummy0": "dummy", "tunl0": "ipip"}
_BY_CALICO = 80
_TABLES = ("kube-proxy", "calico", "cni_hostport", "cni_plugins_masquerade")
_GONE = (errno.ENODEV, errno.ESRCH, errno.ENOENT)
_SERVERS = "/proc/net/ip_vs"
_PROGRAM = 15.0


def _removed(kind: str, target: str, remove: Callable[[], None], host: Host) -> None:
    try:
        remove()
    except OSError as error:
        if error.errno not in _GONE:
            host.complain(kind, target, f"the kernel refused: {error.strerror}")


class Links(Part):
    """Those with names of Kubernetes', and what hangs on its bridges. Links that were there before stay."""

    def find(self, host: Host) -> List[Change]:
        return [Change("link", link.name, "is removed") for link in _links(host)]

    def clear(self, host: Host) -> None:
        for link in _links(host):
            _removed("link", link.name, lambda link=link: host.kernel.remove_link(link), host)  # type: ignore[misc]

    def notes(self, host: Host) -> List[Remain]:
        if not host.before.known:
            return []
        present = {link.name for link in have(host.kernel.links)} - set(host.before.links)
        return [
            Remain("link", name, f"belongs to the kernel's module {module}, which was loaded since", reboot=True)
            for name, module in _OF_MODULES.items()
            if name in present
        ]


def _links(host: Host) -> List[Link]:
    links = have(host.kernel.links)
    named = [link for link in links if _LINKS.match(link.name) and link.name not in host.before.links]
    own = {link.index for link in named}
    dummy = [
        link for link in links if link.name == "dummy0" and host.before.known and "dummy0" not in host.before.links
    ]
    return [link for link in links if link.master in own and link.index not in own] + named + dummy


class Routes(Part):
    """Calico's: those of other plugins go with their links."""

    def find(self, host: Host) -> List[Change]:
        return [Change("route", route.text, "is removed") for route in _routes(host)]

    def clear(self, host: Host) -> None:
        for route in _routes(host):
            _removed("route", route.text, lambda route=route: host.kernel.remove_route(route), host)  # type: ignore[misc]


def _routes(host: Host) -> List[Route]:
    return [route for route in have(host.kernel.routes) if route.protocol == _BY_CALICO]


class Sets(Part):
    """ipsets. Rules that use them have to be gone before."""

    def find(self, host: Host) -> List[Change]:
        return [Change("ipset", name, "is removed") for name in _sets(host)]

    def clear(self, host: Host) -> None:
        # A set of sets keeps those in it from being removed.
        for _turn in range(2):
            for name in _sets(host):
                _removed("ipset", name, lambda name=name: host.kernel.remove_ipset(name), host)  # type: ignore[misc]


def _sets(host: Host) -> List[str]:
    return [name for name in have(host.kernel.ipsets) if rules.is_set(name)]


class Tables(Part):
    """Whole tables of nf_tables: kube-proxy's nftables mode, Calico's, and those of CNI's plugins."""

    def find(self, host: Host) -> List[Change]:
        return [Change("rules", str(table), "the table of nf_tables is removed") for table in _tables(host)]

    def clear(self, host: Host) -> None:
        for table in _tables(host):
            _removed("rules", str(table), lambda table=table: host.kernel.remove_nft_table(table), host)  # type: ignore[misc]


def _tables(host: Host) -> List[NftTable]:
    return [table for table in have(host.kernel.nft_tables) if table.name in _TABLES]


class Servers(Part):
    """Virtual servers of kube-proxy's ipvs mode: those of the addresses that it gave its own link.

    Only `ipvsadm` can remove one of many, and only a host that has it. A reboot removes them all.
    """

    def find(self, host: Host) -> List[Change]:
        servers = _servers(host)
        return [Change("ipvs", f"{kind} {address}", "the virtual server is removed") for kind, address in servers]

    def clear(self, host: Host) -> None:
        for kind, address in _servers(host):
            if not command.find("ipvsadm"):
                host.complain("ipvs", f"{kind} {address}", "there is no ipvsadm on the host")
                continue
            result = host.run(["ipvsadm", "--delete-service", _FLAGS[kind], address], _PROGRAM, "")
            if result.rc != 0:
                host.complain("ipvs", f"{kind} {address}", f"`{result.line}` failed: {result.complaint}")


_FLAGS = {"TCP": "--tcp-service", "UDP": "--udp-service", "SCTP": "--sctp-service"}


def _servers(host: Host) -> List[Tuple[str, str]]:
    """The servers that are there while kube-proxy's link is, or while none is known to have been there before."""
    table = host.root.text(_SERVERS)
    if not table or not (_proxy_link(host) or (host.before.known and "ip_vs" not in host.before.modules)):
        return []
    found: Set[Tuple[str, str]] = set()
    for line in table.splitlines():
        words = line.split()
        if len(words) > 1 and words[0] in _FLAGS:
            found.add((words[0], _address(words[1])))
    return sorted(found)


def _proxy_link(host: Host) -> bool:
    return any(link.name == "kube-ipvs0" for link in have(host.kernel.links))


def _address(text: str) -> str:
    """`0A600001:01BB` as 10.96.0.1:443; addresses of IPv6 are readable already."""
    address, _mark, port = text.rpartition(":")
    if re.fullmatch(r"[0-9A-Fa-f]{8}", address):
        address = ".".join(str(int(address[place : place + 2], 16)) for place in range(0, 8, 2))
    return f"{address}:{int(port, 16)}"

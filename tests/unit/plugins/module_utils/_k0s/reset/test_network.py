# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import socket
import struct

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import kernel, netlink
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.before import Before
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.network import Links, Routes, Servers, Sets, Tables
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.reset.fakes import FakeHost, names

LINKS = {
    1: ("lo", 0), 2: ("eth0", 0), 3: ("cni0", 0), 4: ("veth12345678", 3), 5: ("vethmine", 6), 6: ("br-mine", 0),
    7: ("vxlan.calico", 0), 8: ("cali0123456789a", 0), 9: ("calistoga", 0), 10: ("dummy0", 0),
}  # fmt: skip


def route(protocol: int, address: str = "", length: int = 0, table: int = 254) -> bytes:
    body = struct.pack("=BBBBBBBBI", socket.AF_INET, length, 0, 0, table, protocol, 0, 6, 0)
    if address:
        body += netlink.attribute(1, socket.inet_aton(address))
    return body + netlink.attribute(4, struct.pack("=I", 2)) + netlink.attribute(15, struct.pack("=I", table))


def test_links_of_kubernetes_go_with_what_hangs_on_them_and_those_of_others_stay(fake: FakeHost) -> None:
    fake.kernel.links = dict(LINKS)
    assert names(Links().find(fake.host)) == ["veth12345678", "cni0", "vxlan.calico", "cali0123456789a"]
    Links().clear(fake.host)
    assert [name for name, _master in fake.kernel.links.values()] == [
        "lo", "eth0", "vethmine", "br-mine", "calistoga", "dummy0",
    ]  # fmt: skip


def test_a_link_that_was_there_before_k0s_stays_and_one_of_a_module_that_came_with_it_goes(fake: FakeHost) -> None:
    fake.kernel.links = {3: ("cni0", 0), 10: ("dummy0", 0), 11: ("tunl0", 0)}
    fake.before = Before(known=True, links=("cni0",))
    assert names(Links().find(fake.host)) == ["dummy0"]
    assert [(note.target, note.reboot) for note in Links().notes(fake.host)] == [("dummy0", True), ("tunl0", True)]


def test_a_link_that_the_kernel_keeps_is_told_and_one_that_is_gone_is_not(fake: FakeHost) -> None:
    fake.kernel.links = {3: ("cni0", 0)}
    fake.kernel.refuses[17] = errno.EBUSY
    Links().clear(fake.host)
    assert "the kernel refused: Device or resource busy" in fake.complaints[("link", "cni0")]
    fake.complaints.clear()
    fake.kernel.refuses[17] = errno.ENODEV
    Links().clear(fake.host)
    assert fake.complaints == {}


def test_only_routes_of_calico_are_removed(fake: FakeHost) -> None:
    own, other, default = route(80, "192.168.5.64", 26), route(4, "10.0.0.0", 8), route(80)
    fake.kernel.routes = [own, other, default]
    assert names(Routes().find(fake.host)) == ["192.168.5.64/26 in table 254", "default in table 254"]
    Routes().clear(fake.host)
    assert fake.kernel.routes == [other]


def test_only_sets_of_kubernetes_are_removed(fake: FakeHost) -> None:
    fake.kernel.sets = ["KUBE-CLUSTER-IP", "blocklist", "cali40all-ipam-pools"]
    assert names(Sets().find(fake.host)) == ["KUBE-CLUSTER-IP", "cali40all-ipam-pools"]
    Sets().clear(fake.host)
    assert fake.kernel.sets == ["blocklist"]


def test_whole_tables_of_kubernetes_go(fake: FakeHost) -> None:
    fake.kernel.tables = [(2, "kube-proxy"), (10, "kube-proxy"), (1, "firewalld"), (2, "filter")]
    assert names(Tables().find(fake.host)) == ["ip kube-proxy", "ip6 kube-proxy"]
    Tables().clear(fake.host)
    assert fake.kernel.tables == [(1, "firewalld"), (2, "filter")]


def test_a_kernel_without_a_subsystem_has_nothing_of_it(fake: FakeHost) -> None:
    fake.kernel.lacks = True
    assert Sets().find(fake.host) == Tables().find(fake.host) == []


def test_another_failure_of_the_kernel_is_no_empty_answer() -> None:
    def refuse() -> list[str]:
        raise OSError(errno.EPERM, "Operation not permitted")

    with pytest.raises(OSError, match="not permitted"):
        kernel.have(refuse)


SERVERS = """\
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  0A600001:01BB rr
  -> 0A4D000B:192B      Masq    1      0          0
UDP  [fd00::a]:0035 rr
"""


def test_virtual_servers_of_kube_proxy_go_by_ipvsadm(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find", lambda program: f"/usr/sbin/{program}")
    fake.write("/proc/net/ip_vs", SERVERS)
    fake.kernel.links = {9: ("kube-ipvs0", 0)}
    assert names(Servers().find(fake.host)) == ["TCP 10.96.0.1:443", "UDP [fd00::a]:53"]
    Servers().clear(fake.host)
    assert fake.programs.calls == [
        ["ipvsadm", "--delete-service", "--tcp-service", "10.96.0.1:443"],
        ["ipvsadm", "--delete-service", "--udp-service", "[fd00::a]:53"],
    ]


def test_without_ipvsadm_they_wait_for_a_reboot(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find", lambda _program: None)
    fake.write("/proc/net/ip_vs", SERVERS)
    fake.before = Before(known=True)
    Servers().clear(fake.host)
    assert fake.complaints[("ipvs", "TCP 10.96.0.1:443")] == "there is no ipvsadm on the host"
    assert all(Servers().goes_with_reboot(change) for change in Servers().find(fake.host))


def test_virtual_servers_of_others_stay(fake: FakeHost) -> None:
    fake.write("/proc/net/ip_vs", SERVERS)
    assert Servers().find(fake.host) == []


def test_a_virtual_server_that_stays_is_told(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find", lambda program: f"/usr/sbin/{program}")
    fake.programs.answers[("ipvsadm",)] = (1, "", "Memory allocation problem")
    fake.write("/proc/net/ip_vs", SERVERS)
    fake.kernel.links = {9: ("kube-ipvs0", 0)}
    Servers().clear(fake.host)
    assert "Memory allocation problem" in fake.complaints[("ipvs", "TCP 10.96.0.1:443")]


def test_messages_of_the_kernel_are_read_whole() -> None:
    body = netlink.attribute(1, b"abc\0") + netlink.attribute(0x8002, b"x")
    message = struct.pack("=IHHII", 16 + len(body), 99, 0, 1, 0) + body
    [(kind, found)] = list(netlink.messages(message + b"\0" * 16))
    assert kind == 99
    assert {number: netlink.text(value) for number, value in netlink.attributes(found).items()} == {1: "abc", 2: "x"}


def test_the_kernel_that_runs_tells_its_links() -> None:
    assert "lo" in [link.name for link in kernel.Kernel().links()]


def test_a_request_that_the_kernel_refuses_is_an_error() -> None:
    with pytest.raises(OSError, match=r"."):
        kernel.Kernel().remove_link(kernel.Link(index=0x7FFFFFF0, name="none"))


def test_a_table_that_is_not_there_is_an_error_of_the_kernel() -> None:
    with pytest.raises(OSError, match=r"."):
        kernel.Kernel().remove_nft_table(kernel.NftTable(2, "mke4k-never-there"))


def test_a_broken_attribute_ends_the_reading() -> None:
    assert netlink.attributes(netlink.attribute(1, b"a\0\0\0") + b"\2\0\3\0") == {1: b"a\0\0\0"}

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import socket
import struct
from typing import Any, Dict, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe import (
    disks,
    host,
    leftovers,
    netlink,
    network,
    ports,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.node_state import Places
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.service import parse_show
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.hosts import OtherHost, recorded

OS_RELEASE = """\
# made up
PRETTY_NAME="Rocky Linux 9.4 (Blue Onyx)"
ID="rocky"
ID_LIKE="rhel centos fedora"
VERSION_ID=9.4
BROKEN="no end
"""


def test_routes_are_read_with_the_default_one_of_the_lowest_metric() -> None:
    routes = network.parse_routes(recorded("net_route.txt"))
    assert [(item["destination"], item["gateway"], item["interface"]) for item in routes] == [
        ("0.0.0.0/0", "192.168.1.1", "eth0"),
        ("0.0.0.0/0", "10.0.0.1", "eth1"),
        ("192.168.1.0/24", "", "eth0"),
        ("10.0.0.0/16", "", "eth1"),
    ]
    default = network.default_route(routes)
    assert default is not None
    assert default["interface"] == "eth0"


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ([("eth0", "172.16.0.5", 24), ("eth0", "192.168.1.20", 24), ("eth1", "10.0.0.5", 16)], "192.168.1.20"),
        ([("eth0", "fd00::1", 64), ("eth0", "172.16.0.5", 24)], "172.16.0.5"),
        ([("eth1", "10.0.0.5", 16)], ""),
    ],
)
def test_the_default_address_is_the_one_in_the_gateways_network(addresses: List[Any], expected: str) -> None:
    own = [dict(zip(("interface", "address", "prefix"), item)) for item in addresses]
    default = {"destination": "0.0.0.0/0", "gateway": "192.168.1.1", "interface": "eth0", "metric": 0}
    assert network.default_address(default, own) == expected
    assert network.default_address(None, own) == ""


def test_this_hosts_own_addresses_are_told() -> None:
    found = netlink.read_addresses()
    assert {"interface": "lo", "address": "127.0.0.1", "prefix": 8} in found


def _message(kind: int, body: bytes) -> bytes:
    return struct.pack("=IHHII", 16 + len(body), kind, 0, 1, 0) + body + b"\0" * (-len(body) % 4)


def test_the_kernels_answer_is_read_up_to_what_makes_sense() -> None:
    local = struct.pack("=HH", 8, 2) + socket.inet_aton("10.77.0.11")
    peer = struct.pack("=HH", 8, 1) + socket.inet_aton("10.77.0.1")
    label = struct.pack("=HH", 9, 3) + b"eth0\0" + b"\0" * 3
    body = struct.pack("=BBBBI", socket.AF_INET, 24, 0, 0, 7) + label + peer + local
    part = _message(20, body) + _message(20, body[:8]) + _message(3, b"\0" * 4) + b"\0" * 16
    assert list(netlink.parse(part)) == [(7, "10.77.0.11", 24)]
    assert list(netlink._attributes(b"\0" * 4)) == []


def test_an_interface_that_went_has_no_name() -> None:
    def gone(_index: int) -> str:
        raise OSError(6, "No such device or address")

    assert netlink._named(7, "10.0.0.1", 24, gone)["interface"] == ""


def test_a_kernel_without_netlink_has_no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any) -> None:
        raise OSError(97, "Address family not supported by protocol")

    monkeypatch.setattr(socket, "socket", refuse)
    assert netlink.read_addresses() == []


def test_only_lasting_hardware_addresses_count(other: OtherHost) -> None:
    for name, kind, address in (
        ("eth0", "0", "02:FC:00:00:00:01"), ("lo", "0", "00:00:00:00:00:00"), ("cni0", "1", "aa:aa:aa:aa:aa:aa"),
    ):  # fmt: skip
        other.write(f"/sys/class/net/{name}/addr_assign_type", f"{kind}\n")
        other.write(f"/sys/class/net/{name}/address", f"{address}\n")
    assert network.macs(other.root) == ["02:fc:00:00:00:01"]


def test_name_servers_are_read() -> None:
    assert network.nameservers("# x\nsearch a b\nnameserver 10.0.0.2\nnameserver\nnameserver fd00::2\n") == [
        "10.0.0.2",
        "fd00::2",
    ]


def test_a_name_resolves_or_not() -> None:
    assert network.resolves("127.0.0.1")
    assert not network.resolves("no.such.name.invalid")


def test_listening_ports_are_told_with_their_process(other: OtherHost) -> None:
    for name in ("tcp", "tcp6", "udp"):
        other.copy(f"/proc/net/{name}", f"net_{name}.txt")
    for pid, comm, inode in (("811", "haproxy", "41001"), ("812", "etcd", "41002"), ("900", "gone", "x")):
        other.write(f"/proc/{pid}/comm", f"{comm}\n")
        folder = other.path(f"/proc/{pid}/fd")
        folder.mkdir()
        (folder / "3").symlink_to(f"socket:[{inode}]")
        (folder / "4").symlink_to("/dev/null")
        (folder / "5").write_text("no link")
    found = ports.read_listening(other.root)
    assert [(item["protocol"], item["port"], item["address"], item["process"]) for item in found] == [
        ("tcp", 2379, "127.0.0.1", "etcd"),
        ("tcp", 6443, "0.0.0.0", "haproxy"),
        ("tcp", 8080, "::1", ""),
        ("tcp", 10250, "::", ""),
        ("udp", 4789, "0.0.0.0", ""),
    ]
    assert {item["process"] for item in ports.read_listening(other.root, with_processes=False)} == {""}


def test_a_port_of_this_process_is_found() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        found = [item for item in ports.read_listening() if item["port"] == port]
    assert [(item["address"], bool(item["process"])) for item in found] == [("127.0.0.1", True)]


def test_disks_are_those_of_the_deepest_folder_that_is_there(other: OtherHost) -> None:
    other.write("/var/lib/.keep")
    found = disks.read_disks(["/var/lib/k0s", "/tmp"], other.root)
    assert found["/var/lib/k0s"]["size_bytes"] >= found["/var/lib/k0s"]["free_bytes"] > 0
    assert disks.existing("/var/lib/k0s/bin", other.root) == "/var/lib"
    assert disks.existing("/no/such", other.root) == "/"


def test_a_disk_that_cannot_be_asked_is_left_out(other: OtherHost, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: str) -> None:
        raise OSError(107, "Transport endpoint is not connected")

    monkeypatch.setattr(os, "statvfs", refuse)
    assert disks.read_disks(["/"], other.root) == {}


@pytest.mark.parametrize(
    ("path", "mount", "kind"),
    [
        ("/var/lib/k0s/bin", "/var/lib/k0s", "xfs"),
        ("/var/lib", "/", "ext4"),
        ("/mnt/with space/x", "/mnt/with space", "ext4"),
        ("/tmp", "/tmp", "tmpfs"),
    ],
)
def test_the_mount_of_a_path_is_known(path: str, mount: str, kind: str) -> None:
    assert disks.mount_of(path, disks.parse_mounts(recorded("mountinfo.txt"))) == (mount, kind)


def test_leftovers_are_told_with_what_they_belong_to(other: OtherHost) -> None:
    other.write("/etc/kubernetes/manifests/kube-apiserver.yaml")
    other.write("/etc/cni/net.d/10-flannel.conflist")
    other.write("/var/lib/docker/volumes/ucp-controller-server-certs/x")
    other.write("/etc/rancher/k3s/k3s.yaml")
    found = leftovers.read_leftovers(parse_show(recorded("systemctl_show.txt")), other.root)
    assert {(item["path"], item["what"]) for item in found} == {
        ("/etc/kubernetes/manifests/kube-apiserver.yaml", "kubeadm"),
        ("/etc/rancher/k3s", "k3s"),
        ("/var/lib/docker/volumes/ucp-controller-server-certs", "MKE 3"),
        ("/etc/cni/net.d/10-flannel.conflist", "a network plugin"),
        ("kubelet.service", "a kubelet of another Kubernetes"),
    }


def test_the_distribution_is_read() -> None:
    assert host.parse_os_release(OS_RELEASE) == {
        "id": "rocky",
        "version_id": "9.4",
        "id_like": ["rhel", "centos", "fedora"],
        "pretty_name": "Rocky Linux 9.4 (Blue Onyx)",
    }


def test_memory_and_swap_are_in_bytes() -> None:
    text = "MemTotal:        2048 kB\nSwapTotal:       1024 kB\n"
    assert host.parse_memory(text) == {"memory_bytes": 2097152, "swap_bytes": 1048576}
    assert host.parse_memory("") == {"memory_bytes": 0, "swap_bytes": 0}


def test_an_active_ufw_that_is_switched_off_filters_nothing(other: OtherHost) -> None:
    units = parse_show(recorded("systemctl_show.txt"))
    other.write("/etc/ufw/ufw.conf", "# x\nENABLED=no\n")
    assert host.firewall(units, other.root) == {"firewalld": True, "ufw": False, "nftables": False}
    other.write("/etc/ufw/ufw.conf", "ENABLED=yes\n")
    assert host.firewall(units, other.root)["ufw"]


def test_modules_are_loaded_or_built_in(other: OtherHost) -> None:
    other.write("/proc/modules", "overlay 151552 1 - Live 0x0\nsnd 1 0 - Live 0x0\n")
    other.write("/lib/modules/6.1/modules.builtin", "kernel/net/bridge/br_netfilter.ko\nkernel/fs/ext4/ext4.ko\n")
    assert host.modules("6.1", other.root) == ["br_netfilter", "overlay"]


def test_k0s_processes_are_told_with_their_service(other: OtherHost) -> None:
    for pid, comm, line, group, namespace in (
        ("10", "k0s", "k0s\0controller\0--x", "0::/system.slice/k0scontroller.service", "pid:[1]"),
        ("11", "k0s", "/opt/k0s\0worker", "0::/user.slice", "pid:[1]"),
        ("12", "k0s", "k0s\0kubectl", "0::/user.slice", "pid:[1]"),
        ("13", "k0s", "k0s\0worker", "0::/docker", "pid:[2]"),
        ("14", "bash", "bash\0worker", "0::/", "pid:[1]"),
        ("self", "x", "x", "x", "pid:[1]"),
    ):
        other.write(f"/proc/{pid}/comm", f"{comm}\n")
        other.write(f"/proc/{pid}/cmdline", line)
        other.write(f"/proc/{pid}/cgroup", group)
        other.path(f"/proc/{pid}/ns").mkdir()
        other.path(f"/proc/{pid}/ns/pid").symlink_to(namespace)
    other.path("/proc/14/ns/pid").unlink()
    assert host.k0s_processes("/usr/local/bin/k0s", other.root) == [
        {"pid": 10, "role": "controller", "service": "k0scontroller"},
        {"pid": 11, "role": "worker", "service": ""},
    ]


def test_every_fact_is_there_on_a_bare_host(other: OtherHost) -> None:
    facts: Dict[str, Any] = host.read_host(Places(), {}, root=other.root)
    assert set(facts) == {
        "hostname", "machine_id", "boot_id", "time", "os", "init", "architecture", "kernel", "cgroup", "python", "cpus",
        "memory_bytes", "swap_bytes", "selinux", "apparmor", "modules", "firewall", "disks", "addresses", "routes",
        "default_interface", "default_address", "macs", "nameservers", "resolves_localhost", "listening", "leftovers",
        "k0s_processes",
    }  # fmt: skip
    assert facts["selinux"] == "disabled"
    assert facts["cgroup"] == 1


def test_facts_of_a_host_with_systemd(other: OtherHost) -> None:
    other.write("/run/systemd/system/.keep")
    other.write("/sys/fs/selinux/enforce", "1")
    other.write("/sys/fs/cgroup/cgroup.controllers", "cpu memory")
    other.write("/sys/module/apparmor/parameters/enabled", "Y\n")
    other.write("/etc/machine-id", "abc\n")
    facts = host.read_host(Places(), parse_show(recorded("systemctl_show.txt")), root=other.root)
    assert (facts["init"], facts["selinux"], facts["cgroup"], facts["apparmor"]) == ("systemd", "enforcing", 2, True)
    assert facts["firewall"]["firewalld"]
    assert facts["machine_id"] == "abc"

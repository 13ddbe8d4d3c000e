# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import MappingProxyType, SimpleNamespace
from typing import Any, Dict, List, Mapping, Tuple

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.checks.subject import ClusterView
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.preflight import host_findings, view_of

GIBIBYTE = 2**30
VIEW = ClusterView(
    roles={"n1": "controller", "n2": "worker"},
    addresses={"n1": "10.0.0.1", "n2": "10.0.0.2"},
    pod_cidr="192.168.0.0/16",
    service_cidr="10.96.0.0/12",
    k0s_version="v1.32.6+k0s.0",
    release="v4.1.2",
)


def disk(**values: Any) -> Dict[str, Any]:
    return {
        "mount": "/", "type": "ext4", "size_bytes": 100 * GIBIBYTE, "free_bytes": 50 * GIBIBYTE, "read_only": False,
        "noexec": False, **values,
    }  # fmt: skip


def facts(number: int, **values: Any) -> Dict[str, Any]:
    """A host that nothing can be said against."""
    return {
        "hostname": f"n{number}",
        "machine_id": f"id{number}",
        "macs": [f"02:00:00:00:00:0{number}"],
        "time": 1000.0 + number,
        "reference_time": 999.0 + number,
        "os": {"id": "ubuntu", "version_id": "22.04", "id_like": ["debian"], "pretty_name": "Ubuntu 22.04"},
        "init": "systemd",
        "architecture": "x86_64",
        "kernel": "5.15.0-100-generic",
        "cgroup": 2,
        "memory_bytes": 8 * GIBIBYTE,
        "swap_bytes": 0,
        "selinux": "disabled",
        "firewall": {"firewalld": False, "ufw": False, "nftables": False},
        "disks": {path: disk() for path in ("/var/lib/k0s", "/usr/local/bin", "/tmp", "/var/log")},
        "addresses": [
            {"interface": "lo", "address": "127.0.0.1", "prefix": 8},
            {"interface": "eth0", "address": f"10.0.0.{number}", "prefix": 24},
        ],
        "routes": [
            {"destination": "0.0.0.0/0", "gateway": "10.0.0.254", "interface": "eth0"},
            {"destination": "10.0.0.0/24", "gateway": "", "interface": "eth0"},
        ],
        "default_interface": "eth0",
        "nameservers": ["10.0.0.253", "fe80::1%eth0"],
        "resolves_localhost": True,
        "listening": [{"protocol": "tcp", "port": 22, "address": "0.0.0.0", "process": "sshd"}],
        "leftovers": [],
        "k0s_processes": [],
        **values,
    }


RUNNING = {"version": "v1.32.6+k0s.0", "role": "controller", "pid": 812, "data_dir": "/var/lib/k0s"}
SERVICE = {"name": "k0scontroller", "active": True, "arguments": ["--data-dir=/var/lib/k0s"]}
NOTHING: Mapping[str, Any] = MappingProxyType({})
RUNS = {"running": RUNNING, "service": SERVICE, "joined": True}


def cluster(
    n1: Mapping[str, Any] = NOTHING,
    n2: Mapping[str, Any] = NOTHING,
    node1: Mapping[str, Any] = NOTHING,
    node2: Mapping[str, Any] = NOTHING,
) -> Dict[str, Any]:
    """Two hosts, with facts and states of each that differ from those of a good bare host."""
    return {
        "n1": {"host": facts(1, **n1), "node": {"hostname": "n1", **node1}},
        "n2": {"host": facts(2, **n2), "node": {"hostname": "n2", **node2}},
    }


def found(hosts: Mapping[str, Any], view: ClusterView = VIEW) -> List[Tuple[str, str, str]]:
    return [(item.severity, item.name, item.path) for item in host_findings(view, hosts)]


def test_good_hosts_have_no_findings_neither_bare_nor_running() -> None:
    assert found(cluster()) == []
    assert found(cluster(node1=RUNS)) == []


def test_hosts_that_were_not_read_are_left_to_others() -> None:
    assert found({"n1": {"unreachable": True}, "n3": cluster()["n1"]}) == []


ONE_HOST: List[Tuple[Dict[str, Any], str, str]] = [
    # facts of n1, severity, name
    ({"hostname": "localhost.localdomain"}, "error", "hostname-localhost"),
    ({"hostname": "my_host"}, "error", "hostname-invalid"),
    ({"addresses": [{"interface": "eth0", "address": "10.0.0.9", "prefix": 24}]}, "error", "node-address-missing"),
    ({"architecture": "riscv64"}, "error", "architecture-unknown"),
    ({"architecture": "aarch64"}, "warning", "architecture-not-supported"),
    ({"init": "runit"}, "error", "service-manager-unknown"),
    ({"kernel": "3.10.0-1160.el7"}, "warning", "kernel-old"),
    ({"os": {"id": "debian", "version_id": "12", "pretty_name": "Debian 12"}}, "warning", "os-not-supported"),
    ({"memory_bytes": GIBIBYTE // 2}, "warning", "memory-low"),
    ({"disks": {"/var/lib/k0s": disk(read_only=True)}}, "error", "file-system-read-only"),
    ({"disks": {"/var/lib/k0s": disk(noexec=True)}}, "error", "file-system-noexec"),
    ({"disks": {"/usr/local/bin": disk(noexec=True)}}, "error", "file-system-noexec"),
    ({"disks": {"/var/lib/k0s": disk(free_bytes=GIBIBYTE // 2)}}, "error", "disk-space"),
    ({"disks": {"/usr/local/bin": disk(free_bytes=100 * 2**20)}}, "error", "disk-space"),
    ({"disks": {"/var/lib/k0s": disk(free_bytes=3 * GIBIBYTE)}}, "warning", "disk-space-low"),
    ({"listening": [{"protocol": "tcp", "port": 6443, "address": "::", "process": "haproxy"}]}, "error", "port-in-use"),
    ({"listening": [{"protocol": "tcp", "port": 2380, "address": "::1", "process": ""}]}, "error", "port-in-use"),
    ({"firewall": {"firewalld": True}}, "warning", "firewall-active"),
    ({"routes": [{"destination": "192.168.7.0/24", "gateway": "10.0.0.254", "interface": "eth0"}]}, "error",
     "cidr-overlap"),
    ({"nameservers": ["192.168.1.1"]}, "error", "nameserver-in-cluster-network"),
    ({"resolves_localhost": False}, "error", "localhost-unresolved"),
    ({"default_interface": ""}, "warning", "default-route-missing"),
    ({"leftovers": [{"path": "k3s.service", "what": "k3s"}]}, "error", "other-kubernetes-runs"),
    ({"leftovers": [{"path": "/etc/kubernetes/admin.conf", "what": "kubeadm"}]}, "warning", "other-kubernetes-left"),
    ({"k0s_processes": [{"pid": 7, "role": "worker", "service": ""}]}, "error", "k0s-without-service"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "severity", "name"), ONE_HOST)
def test_what_is_in_the_way_on_a_bare_host_is_found(values: Dict[str, Any], severity: str, name: str) -> None:
    assert found(cluster(n1=values)) == [(severity, name, "host n1")]


@pytest.mark.parametrize(
    "values",
    [values for values, severity, name in ONE_HOST
     if name in ("port-in-use", "cidr-overlap", "firewall-active", "other-kubernetes-left", "memory-low",
                 "default-route-missing", "os-not-supported", "nameserver-in-cluster-network", "disk-space-low")],
)  # fmt: skip
def test_what_only_concerns_new_hosts_is_not_said_of_members(values: Dict[str, Any]) -> None:
    assert found(cluster(n1=values, node1=RUNS)) == []
    stopped = {"joined": True, "service": {**SERVICE, "active": False}}
    assert found(cluster(n1=values, node1=stopped)) == [("warning", "k0s-not-running", "host n1")]


WORKERS: List[Tuple[Dict[str, Any], str, str]] = [
    ({"swap_bytes": GIBIBYTE}, "warning", "swap-on"),
    ({"selinux": "enforcing"}, "warning", "selinux-enforcing"),
    ({"leftovers": [{"path": "/etc/cni/net.d/10-x.conf", "what": "a network plugin"}]}, "warning",
     "network-plugin-left"),
    ({"listening": [{"protocol": "tcp", "port": 10250, "address": "::", "process": ""}]}, "error", "port-in-use"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "severity", "name"), WORKERS)
def test_what_concerns_workloads_is_only_found_where_they_run(values: Dict[str, Any], severity: str, name: str) -> None:
    assert found(cluster(n2=values)) == [(severity, name, "host n2")]
    assert found(cluster(n1=values)) == []


def test_every_finding_says_what_to_do() -> None:
    for values, _severity, _name in [*ONE_HOST, *WORKERS]:
        for finding in host_findings(VIEW, cluster(n2=values)):
            assert finding.remedy
            assert finding.message[0].islower() or finding.message[0] == "k"


@pytest.mark.parametrize(("version", "severity"), [("v1.29.3+k0s.0", "error"), ("v1.32.6+k0s.0", "warning")])
def test_one_machine_id_on_two_hosts_is_found(version: str, severity: str) -> None:
    view = ClusterView(**{**vars(VIEW), "k0s_version": version})
    assert found(cluster(n2={"machine_id": "id1"}), view) == [(severity, "machine-id-duplicate", "host n2")]


def test_one_hardware_address_on_two_hosts_is_found() -> None:
    same = {"macs": ["02:00:00:00:00:01", "02:00:00:00:00:01"]}
    (finding,) = host_findings(VIEW, cluster(n1=same, n2={"macs": ["02:00:00:00:00:01"]}))
    assert (finding.name, finding.path) == ("mac-duplicate", "host n2")
    assert "n1" in finding.message


def test_a_wrong_clock_is_found_however_late_a_host_was_read() -> None:
    late = {"time": 5000.0, "reference_time": 4999.0}
    assert found(cluster(n2=late)) == []
    (finding,) = host_findings(VIEW, cluster(n2={"time": 1100.0, "reference_time": 1000.0}))
    assert (finding.name, finding.path) == ("clock-skew", "host n2")
    assert "99 s ahead of" in finding.message


def test_of_three_clocks_the_odd_one_is_named() -> None:
    hosts = {**cluster(), "n3": {"host": facts(3, time=900.0, reference_time=1000.0), "node": {"hostname": "n3"}}}
    view = ClusterView(**{**vars(VIEW), "roles": {**VIEW.roles, "n3": "worker"}})
    (finding,) = host_findings(view, hosts)
    assert finding.path == "host n3"
    assert "101 s behind" in finding.message


@pytest.mark.parametrize(("version", "names"), [("v1.35.1+k0s.0", ["cgroup-too-old"]), ("v1.34.4+k0s.0", [])])
def test_old_control_groups_stop_a_new_kubelet(version: str, names: List[str]) -> None:
    view = ClusterView(**{**vars(VIEW), "k0s_version": version})
    assert [item[1] for item in found(cluster(n1={"cgroup": 1}, n2={"cgroup": 1}), view)] == names


def test_routes_to_pods_of_other_nodes_are_no_overlap() -> None:
    routes = [
        {"destination": "192.168.5.0/24", "gateway": "10.0.0.2", "interface": "eth0"},
        {"destination": "192.168.9.0/26", "gateway": "192.168.9.1", "interface": "vxlan.calico"},
        {"destination": "not a network", "gateway": "", "interface": "eth0"},
    ]
    addresses = [*facts(1)["addresses"], {"interface": "cni0", "address": "192.168.5.1", "prefix": 24}]
    assert found(cluster(n1={"routes": routes, "addresses": addresses})) == []


def test_an_address_in_the_service_network_is_an_overlap() -> None:
    addresses = [*facts(1)["addresses"], {"interface": "docker0", "address": "10.97.0.1", "prefix": 16}]
    (finding,) = host_findings(VIEW, cluster(n1={"addresses": addresses}))
    assert finding.message == (
        "has the address 10.97.0.1/16 on docker0, which overlaps with the cluster's service network 10.96.0.0/12"
    )


def test_a_full_disk_of_a_running_worker_is_told_before_the_kubelet_evicts() -> None:
    full = {"disks": {"/var/lib/k0s": disk(free_bytes=10 * GIBIBYTE)}}
    worker = {"running": {**RUNNING, "role": "worker"}, "joined": True}
    (finding,) = host_findings(VIEW, cluster(n2=full, node2=worker))
    assert (finding.name, finding.path) == ("disk-space-low", "host n2")
    assert "10 %" in finding.message


def test_ports_of_parts_that_are_switched_off_may_be_in_use() -> None:
    listening = [{"protocol": "tcp", "port": 8132, "address": "::", "process": "x"}]
    assert [item[1] for item in found(cluster(n1={"listening": listening}))] == ["port-in-use"]
    view = ClusterView(**{**vars(VIEW), "disabled_components": ("konnectivity-server", "kube-proxy")})
    assert found(cluster(n1={"listening": listening}), view) == []


def test_a_port_on_two_addresses_is_one_finding() -> None:
    listening = [{"protocol": "tcp", "port": 6443, "address": text, "process": ""} for text in ("0.0.0.0", "::")]
    assert len(found(cluster(n1={"listening": listening}))) == 1


def test_a_failed_service_is_told_with_the_reason() -> None:
    node = {"service": {**SERVICE, "active": False, "failed": True}, "ready_message": "the status socket hangs"}
    (finding,) = host_findings(VIEW, cluster(node1=node))
    assert finding.name == "k0s-not-running"
    assert "has failed: the status socket hangs" in finding.message


def test_a_prepared_host_is_not_said_to_be_down() -> None:
    assert found(cluster(node1={"service": {**SERVICE, "active": False}})) == []


def test_data_without_a_service_is_told() -> None:
    assert found(cluster(node1={"joined": True})) == [("warning", "k0s-data-left", "host n1")]


@pytest.mark.parametrize(
    "node",
    [
        {**RUNS, "running": {**RUNNING, "data_dir": "/data/k0s"}},
        {"service": {"name": "k0scontroller", "arguments": ["--data-dir=/data/k0s"]}},
    ],
)
def test_another_data_dir_is_refused(node: Dict[str, Any]) -> None:
    assert found(cluster(node1=node)) == [("error", "data-dir-changed", "host n1")]


def test_certificates_that_end_soon_are_told() -> None:
    names = ["a", "b", "c", "d"]
    ending = [{"path": name, "subject": name, "not_after": "1970-01-05T00:00:00Z"} for name in names]
    lasting = {"path": "e", "subject": "e", "not_after": "2036-01-01T00:00:00Z"}
    (finding,) = host_findings(VIEW, cluster(node1={**RUNS, "certificates": [*ending, lasting]}))
    assert finding.name == "certificate-ends"
    assert "c (1970-01-05T00:00:00Z) and 1 more" in finding.message


def test_the_view_is_made_of_a_cluster() -> None:
    host = SimpleNamespace(name="n1", role="single")
    given = SimpleNamespace(
        hosts=[host], pod_cidr="192.168.0.0/16", service_cidr="10.96.0.0/12", k0s_version="v1.32.6+k0s.0",
        release=SimpleNamespace(name="v4.1.2"), data_dir="/var/lib/k0s", api_port=6443,
    )  # fmt: skip
    view = view_of(given, {"n1": "10.0.0.1"}, ["kube-proxy"])
    assert view.roles == {"n1": "single"}
    assert found({"n1": cluster()["n1"]}, view) == []

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that several fields have to keep together: one table for each part of the file."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import release
from ansible_collections.mke4k.core.plugins.module_utils._config.resolve import host_name
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.all import RULES
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.draft import Draft, HostDraft
from ansible_collections.mke4k.core.plugins.module_utils._config.validate import Validator

from .support import document, host, names

PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
TWO = [host("10.0.0.11"), host("10.0.0.21", "worker")]


class Case(NamedTuple):
    """A finding that is expected: its name and path, and what of the file leads to it."""

    name: str
    path: str
    spec: Dict[str, Any] = {}
    hosts: Optional[List[Any]] = None
    version: str = "v4.1.2"
    severity: str = "error"
    words: str = ""
    overrides: Optional[Dict[str, str]] = None


def provider(name: str = "calico", **extra: Any) -> Dict[str, Any]:
    return {"network": {"providers": [{"provider": name, "enabled": True, "extraConfig": extra}]}}


HOST_CASES = [
    Case("hosts-missing", "spec.hosts", hosts=[], words="use an inventory"),
    Case("controller-missing", "spec.hosts", hosts=[host("10.0.0.21", "worker")], words="none of the 1 hosts"),
    Case("host-address-missing", "spec.hosts[0].ssh.address", hosts=[{"role": "controller"}]),
    Case("field-missing", "spec.hosts[0].role", hosts=[{"ssh": {"address": "n1"}}], words="controller+worker"),
    Case(
        "field-missing",
        "spec.hosts[0].ssh.bastion.address",
        hosts=[host("n1", ssh={"address": "n1", "bastion": {"user": "x"}})],
    ),
    Case(
        "controllers-even",
        "spec.hosts",
        hosts=[host("10.0.0.11"), host("10.0.0.12")],
        severity="warning",
        words="etcd needs 2 of 2 controllers to go on, so 2 survive the loss of 0",
    ),
    Case(
        "controllers-even",
        "spec.hosts",
        hosts=[host(f"10.0.0.1{n}") for n in range(4)],
        severity="warning",
        words="use 3 or 5 controllers",
    ),
    Case("single-not-alone", "spec.hosts[0].role", hosts=[host("10.0.0.11", "single"), host("10.0.0.12", "worker")]),
    Case(
        "single-removed",
        "spec.hosts[0].role",
        hosts=[host("10.0.0.11", "single")],
        version="v4.1.3",
        severity="warning",
    ),
    Case(
        "no-taints-role",
        "spec.hosts[1].noTaints",
        hosts=[host("10.0.0.11"), host("10.0.0.21", "worker", noTaints=True)],
    ),
    Case(
        "host-address-duplicate",
        "spec.hosts[1]",
        hosts=[host("N1.example.com"), host("n1.example.com", "worker")],
        words="so has spec.hosts[0]",
    ),
    Case(
        "host-private-address-duplicate",
        "spec.hosts[1]",
        words="10.0.0.1",
        hosts=[host("n1", privateAddress="10.0.0.1"), host("n2", "worker", privateAddress="10.0.0.1")],
    ),
    Case("hostname-duplicate", "spec.hosts[1]", hosts=[host("n1", hostname="a"), host("n2", "worker", hostname="a")]),
    Case("private-address-unusable", "spec.hosts[0].privateAddress", hosts=[host("n1", privateAddress="127.0.0.1")]),
]

FLAG_CASES = [
    Case(
        "install-flag-reserved",
        "spec.hosts[0].installFlags",
        hosts=[host("n1", installFlags=["-c", "/x"])],
        words="--config",
    ),
    Case(
        "install-flag-reserved",
        "spec.hosts[0].installFlags",
        hosts=[host("n1", installFlags=["--enable-worker"])],
        words="choose the role controller+worker",
    ),
    Case(
        "install-flag-reserved",
        "spec.hosts[0].installFlags",
        hosts=[host("n1", installFlags=["--enable-dynamic-config"])],
        words="later changes would be lost",
    ),
    Case(
        "install-flag-role",
        "spec.hosts[1].installFlags",
        hosts=[host("n1"), host("n2", "worker", installFlags=["--no-taints"])],
    ),
    Case(
        "install-flag-unknown",
        "spec.hosts[0].installFlags",
        hosts=[host("n1", installFlags=["--no-taint"])],
        severity="warning",
        words="did you mean --no-taints?",
    ),
    Case(
        "install-flag-unknown",
        "spec.hosts[0].installFlags",
        hosts=[host("n1", installFlags=["--zzzzzzzzzzz"])],
        severity="warning",
        words="k0s install --help",
    ),
    Case(
        "profile-unknown",
        "spec.hosts[0].installFlags",
        hosts=[host("n1", installFlags=["--profile", "gpuu"])],
        spec={"kubelet": {"customProfiles": [{"name": "gpu"}]}},
        words="did you mean gpu?",
    ),
    Case(
        "profile-unknown",
        "spec.hosts[0].installFlags",
        hosts=[host("n1", installFlags=["--profile=xyz"])],
        words="spec.kubelet.customProfiles",
    ),
    Case(
        "install-flag-value",
        "spec.hosts[0].installFlags",
        hosts=[host("n1", installFlags=["--labels=zone"])],
        words="zone=a",
    ),
    Case(
        "install-flag-value",
        "spec.hosts[0].installFlags",
        hosts=[host("n1", installFlags=["--taints=a=b"])],
        words="NoSchedule",
    ),
    Case(
        "install-flag-value",
        "spec.hosts[0].installFlags",
        hosts=[host("n1", installFlags=["--kubelet-extra-args=v=4"])],
    ),
    Case("host-mark", "spec.hosts[0].labels", hosts=[host("n1", labels={"zo ne": True})], words="'zo ne=true'"),
    Case("host-mark", "spec.hosts[0].annotations", hosts=[host("n1", annotations={"": "x"})]),
    Case("host-mark", "spec.hosts[0].taints", hosts=[host("n1", taints=["gpu"])], words="dedicated=gpu:NoSchedule"),
    Case("field-value", "spec.hosts[0].installFlags", hosts=[host("n1", installFlags="--a='b")], words="quotes"),
    Case(
        "field-value", "spec.hosts[0].installFlags", hosts=[host("n1", installFlags=["no-taints"])], words="is no flag"
    ),
    Case(
        "field-value", "spec.hosts[0].installFlags", hosts=[host("n1", installFlags={"a": 1})], words="a list of flags"
    ),
    Case(
        "kubelet-root-dir-conflict",
        "spec.hosts[0].installFlags",
        hosts=[host("n1", installFlags=["--kubelet-root-dir=/data/kubelet"])],
        words="/var/lib/kubelet",
    ),
]

FLAG_CASES += [
    Case(
        "controllers-differ",
        "spec.hosts[1].installFlags",
        hosts=[host("n1"), host("n2", installFlags=["--disable-components=coredns"]), host("n3")],
        severity="warning",
        words="--disable-components=coredns",
    ),
]

NETWORK_CASES = [
    Case(
        "cni-provider-count",
        "spec.network.providers",
        {"network": {"providers": [{"provider": "calico", "enabled": True}, {"provider": "custom", "enabled": "yes"}]}},
        words="2 enabled providers (calico, custom)",
    ),
    Case(
        "cni-provider-count",
        "spec.network.providers",
        {"network": {"providers": [{"provider": "calico"}]}},
        words="0 enabled",
    ),
    Case("cni-provider-release", "spec.network.providers[0].provider", provider("kuberouter"), words="custom"),
    Case("cni-provider-release", "spec.network.providers[0].provider", provider("cilium"), version="v4.1.0"),
    Case(
        "cni-option-unused", "spec.network.providers", provider("custom", linuxDataplane="Iptables"), severity="warning"
    ),
    Case(
        "calico-values-first-line",
        'spec.network.providers[0].extraConfig["values.yaml"]',
        provider(**{"values.yaml": "installation: {}\n"}),
        words="kubeletVolumePluginPath: /var/lib/kubelet",
    ),
    Case(
        "calico-values",
        'spec.network.providers[0].extraConfig["values.yaml"]',
        provider(**{"values.yaml": "kubeletVolumePluginPath: /var/lib/kubelet\ninstallation: [\n"}),
        words="no YAML",
    ),
    Case(
        "nllb-external-address",
        "spec.network.nllb.disabled",
        {"network": {"nllb": {"disabled": "false"}}, "apiServer": {"externalAddress": "mke.example.com"}},
    ),
    Case(
        "nllb-single", "spec.network.nllb.disabled", {"network": {"nllb": {"disabled": False}}}, [host("n1", "single")]
    ),
    Case(
        "cplb-single",
        "spec.network.cplb",
        {"network": {"cplb": {"disabled": False, "virtualIPs": "10.9.9.9/24"}}},
        [host("n1", "single")],
    ),
    Case("cplb-addresses", "spec.network.cplb.virtualIPs", {"network": {"cplb": {"disabled": False}}}),
    Case(
        "cplb-addresses",
        "spec.network.controlPlaneLoadBalancing.virtualIPs",
        {"network": {"controlPlaneLoadBalancing": {"enabled": True}}},
        version="v4.2.0",
    ),
    Case(
        "virtual-address-taken",
        "spec.network.cplb.virtualIPs",
        {"network": {"cplb": {"disabled": False, "virtualIPs": ["10.0.0.11/24"]}}},
        words="spec.hosts[0]",
    ),
]

RANGE_CASES = [
    Case(
        "network-overlap",
        "spec.network.providers[0].extraConfig.cidrV4",
        provider(cidrV4="10.96.0.0/20"),
        words="the pod CIDR 10.96.0.0/20 and the service CIDR 10.96.0.0/16 overlap",
    ),
    Case("network-overlap", "spec.network.providers", hosts=[host("192.168.1.5")], words="spec.hosts[0] 192.168.1.5"),
    Case("network-overlap", "spec.network.serviceCIDR", {"network": {"serviceCIDR": "10.0.0.0/16"}}, words="10.0.0.11"),
    Case(
        "network-overlap",
        "spec.network.serviceCIDR",
        {"network": {"serviceCIDR": "172.16.0.0/16"}, "apiServer": {"externalAddress": "172.16.0.9:443"}},
        words="apiServer.externalAddress 172.16.0.9",
    ),
    Case(
        "network-overlap",
        "spec.network.serviceCIDR",
        {"network": {"serviceCIDR": "172.16.0.0/16", "cplb": {"disabled": False, "virtualIPs": "172.16.0.9/24"}}},
        words="virtual address 172.16.0.9",
    ),
    Case(
        "network-overlap",
        "spec.network.providers",
        hosts=[host(f"192.168.1.{n}") for n in range(1, 8)],
        words="and 2 more",
    ),
    Case(
        "network-overlap",
        "spec.network.providers",
        hosts=[host("n1", privateAddress="192.168.7.7")],
        words="192.168.7.7",
    ),
    Case(
        "pod-cidr-small",
        "spec.network.providers[0].extraConfig.cidrV4",
        provider(cidrV4="172.20.0.0/24"),
        TWO,
        words="room for 1 nodes with a /24 each, and there are 2",
    ),
    Case(
        "pod-cidr-small",
        "spec.network.providers[0].extraConfig.cidrV4",
        provider(cidrV4="172.20.0.0/26"),
        words="room for 0",
    ),
    Case("pod-cidr-large", "spec.network.providers[0].extraConfig.cidrV4", provider(cidrV4="128.0.0.0/4")),
    Case(
        "service-cidr-size",
        "spec.network.serviceCIDR",
        {"network": {"serviceCIDR": "172.16.0.0/30"}},
        words="/12 to /28",
    ),
    Case("service-cidr-size", "spec.network.serviceCIDR", {"network": {"serviceCIDR": "172.0.0.0/8"}}),
]

PORT_CASES = [
    Case(
        "node-port-range-taken",
        "spec.network.nodePortRange",
        {"network": {"nodePortRange": "10000-40000"}},
        words="10250 (kubelet)",
    ),
    Case(
        "ingress-port-range",
        "spec.ingressController.nodePorts",
        {"network": {"nodePortRange": "30000-32767"}},
        words="is not set and thus has http 33000 and https 33001",
    ),
    Case(
        "ingress-port-range",
        "spec.ingressController.nodePorts",
        {"ingressController": {"nodePorts": {"http": 33000, "https": 443}}},
        words="has https 443",
    ),
    Case(
        "ingress-port-range",
        "spec.gatewayMKEIngress.nodePorts",
        {"network": {"nodePortRange": "30000-32767"}},
        version="v4.1.5",
    ),
    Case(
        "ingress-port-duplicate",
        "spec.ingressController.nodePorts",
        {"ingressController": {"nodePorts": {"http": 33001, "https": 33001}}},
    ),
]

CONTROL_PLANE_CASES = [
    Case(
        "external-address-unusable",
        "spec.apiServer.externalAddress",
        {"apiServer": {"externalAddress": "localhost:6443"}},
    ),
    Case(
        "external-address-missing",
        "spec.apiServer.externalAddress",
        hosts=[host(f"10.0.0.1{n}") for n in range(3)],
        severity="warning",
        words="it cannot be cleared later",
    ),
    Case(
        "audit-log-path",
        "spec.apiServer.audit.logPath",
        {"apiServer": {"audit": {"logPath": "/tmp/a/b.log"}}},
        words="/var/log/k0s/audit/mke4_audit.log",
    ),
    Case(
        "audit-policy-file", "spec.apiServer.audit.policyFile", {"apiServer": {"audit": {"policyFile": "/etc/p.yaml"}}}
    ),
    Case(
        "audit-policy-content",
        "spec.apiServer.audit.customPolicyYaml",
        {"apiServer": {"audit": {"customPolicyYaml": "kind: Policy\n"}}},
        words="audit.k8s.io/",
    ),
    Case(
        "audit-webhook-file",
        "spec.apiServer.audit.webhookConfigPath",
        {"apiServer": {"audit": {"enabled": True, "webhookConfigPath": "/etc/hook.yaml"}}},
        severity="warning",
    ),
    Case(
        "audit-log-directory",
        "spec.apiServer.audit.logPath",
        {"apiServer": {"audit": {"enabled": True}}},
        version="v4.0.0",
        words="others use too",
    ),
    Case(
        "event-rate-limits-missing",
        "spec.apiServer.eventRateLimit.limits",
        {"apiServer": {"eventRateLimit": {"enabled": True}}},
    ),
    Case(
        "event-rate-limit-burst",
        "spec.apiServer.eventRateLimit.limits[0].limitBurst",
        {
            "apiServer": {
                "eventRateLimit": {"enabled": True, "limits": [{"limit": "User", "limitQPS": 5, "limitBurst": 1}]}
            }
        },
    ),
    Case("request-timeout-short", "spec.apiServer.requestTimeout", {"apiServer": {"requestTimeout": "5ms"}}),
    Case(
        "extra-argument-owned",
        "spec.apiServer.extraArgs.etcd-servers",
        {"apiServer": {"extraArgs": {"etcd-servers": "x"}}},
    ),
    Case(
        "extra-argument-owned",
        "spec.kubelet.extraArgs.root-dir",
        {"kubelet": {"extraArgs": {"root-dir": "/x"}}},
        words="use spec.kubelet.kubeletRootDir",
    ),
    Case(
        "extra-argument-overrides",
        "spec.apiServer.extraArgs.service-node-port-range",
        {"apiServer": {"extraArgs": {"service-node-port-range": "1-2"}}},
        severity="warning",
        words="network.nodePortRange",
    ),
    Case(
        "extra-argument-space",
        "spec.kubelet.extraArgs.v",
        {"kubelet": {"extraArgs": {"v": "a b"}}},
        words="customProfiles",
    ),
    Case("etcd-quota-small", "spec.etcd.storageQuota", {"etcd": {"storageQuota": "1MB"}}),
    Case("etcd-quota-large", "spec.etcd.storageQuota", {"etcd": {"storageQuota": "20GB"}}, severity="warning"),
    Case(
        "data-dir-name",
        "spec.k8sProviderSpecs.dataDir",
        {"k8sProviderSpecs": {"dataDir": "/data"}},
        words="write /data/k0s",
    ),
    Case(
        "kubelet-root-dir-place",
        "spec.kubelet.kubeletRootDir",
        {"k8sProviderSpecs": {"dataDir": "/data/k0s"}, "kubelet": {"kubeletRootDir": "/data"}},
    ),
    Case("profile-name", "spec.kubelet.customProfiles[0].name", {"kubelet": {"customProfiles": [{"name": "a b"}]}}),
    Case("profile-name", "spec.kubelet.customProfiles[0].name", {"kubelet": {"customProfiles": [{"name": "default"}]}}),
    Case(
        "profile-duplicate",
        "spec.kubelet.customProfiles[1].name",
        {"kubelet": {"customProfiles": [{"name": "a"}, {"name": "a"}]}},
    ),
    Case(
        "profile-locked-field",
        "spec.kubelet.customProfiles[0].values.clusterDNS",
        {"kubelet": {"customProfiles": [{"name": "a", "values": {"clusterDNS": []}}]}},
    ),
    Case(
        "k0s-version-other-minor",
        "mke4k_k0s_version",
        severity="warning",
        overrides={"k0s_version": "v1.33.13+k0s.0"},
        words="v1.32.6+k0s.0",
    ),
    Case(
        "kubelet-root-dir-k0s",
        "spec.kubelet.kubeletRootDir",
        overrides={"k0s_version": "v1.32.0+k0s.0"},
        words="write kubeletRootDir: /var/lib/k0s/kubelet",
    ),
]

SERVICE_CASES = [
    Case(
        "airgap-registry",
        "spec.registries.imageRegistry.url",
        {"airgap": {"enabled": "true"}},
        words="cannot be changed later",
    ),
    Case(
        "airgap-registry",
        "spec.registries.chartRegistry.url",
        {"airgap": {"enabled": True}, "registries": {"imageRegistry": {"url": "r.example.com/mke"}}},
    ),
    Case(
        "airgap-cloud-provider",
        "spec.cloudProvider.enabled",
        {"airgap": {"enabled": True}, "cloudProvider": {"enabled": True}},
    ),
    Case(
        "certificates-incomplete", "spec.certificates.key", {"certificates": {"enabled": True, "ca": PEM, "cert": PEM}}
    ),
    Case(
        "certificates-incomplete", "spec.certificates.cert", {"certificates": {"enabled": True, "ca": PEM, "key": PEM}}
    ),
    Case("certificates-incomplete", "spec.certificates.ca", {"certificates": {"enabled": True}}),
    Case("ingress-disabled", "spec.ingressController.enabled", {"ingressController": {"enabled": "false"}}),
    Case("login-incomplete", "spec.authentication.ldap.host", {"authentication": {"ldap": {"enabled": True}}}),
    Case(
        "login-incomplete",
        "spec.authentication.oidc.clientID",
        {"authentication": {"oidc": {"enabled": True, "issuer": "x"}}},
    ),
    Case(
        "login-nobody", "spec.authentication.localUsers", {"authentication": {"localUsers": False}}, severity="warning"
    ),
    Case(
        "backup-incomplete",
        "spec.backup.storage_provider.external_options.bucket",
        {"backup": {"storage_provider": {"type": "External", "external_options": {"provider": "aws", "region": "x"}}}},
    ),
]

CASES = [*HOST_CASES, *FLAG_CASES, *NETWORK_CASES, *RANGE_CASES, *PORT_CASES, *CONTROL_PLANE_CASES, *SERVICE_CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}: {case.path} {case.words}".strip())
def test_a_broken_rule_is_told_where_it_is_broken(case: Case) -> None:
    loaded = load(document(case.version, case.hosts, **case.spec), overrides=case.overrides)
    wanted = (case.name, case.path, case.severity)
    found = [item for item in loaded.findings if (item.name, item.path, item.severity) == wanted]
    assert len(found) == 1, [item.text() for item in loaded.findings]
    assert case.words.lower() in found[0].text().lower()
    assert found[0].remedy or found[0].allowed


def test_every_rule_has_a_case() -> None:
    """A rule that no case breaks may be wrong without anybody seeing it."""
    unbroken = set(RULES)
    for case in CASES:
        validator = Validator(release(case.version), ("spec",))
        spec = validator.spec(document(case.version, case.hosts, **case.spec)["spec"])
        hosts = tuple(
            HostDraft(f"spec.hosts[{place}]", host_name(item), item) for place, item in enumerate(spec.get("hosts", ()))
        )
        overridden = validator.release.with_components({"k0s": (case.overrides or {}).get("k0s_version", "")})
        draft = Draft(overridden, spec, ("spec",), hosts)
        unbroken -= {rule for rule in unbroken if any(True for _finding in rule(draft))}
    assert {rule.__name__ for rule in unbroken} == set()


TEN_MISTAKES: Dict[str, Any] = {
    "hosts": [
        {"role": "controler", "ssh": {"address": "10.0.0.11", "port": 222222}},
        {"role": "controller+worker", "ssh": {"address": "10.0.0.12"}, "privateAddress": "10.0.0.300"},
        {"role": "worker", "ssh": {"address": "10.0.0.12"}, "installFlags": ["--profile=missing"]},
    ],
    "apiServer": {"externalAddress": "https://mke.example.com", "requestTimeout": 60},
    "network": {"serviceCIDR": "10.96.0.0/33", "nodePortRange": "30000-31000"},
    "k8sProviderSpecs": {"dataDir": "/data"},
}


def test_ten_mistakes_give_ten_messages() -> None:
    loaded = load(document(**TEN_MISTAKES))
    assert [(item.name, item.path) for item in loaded.errors] == [
        ("field-value", "spec.hosts[0].role"),
        ("field-value", "spec.hosts[0].ssh.port"),
        ("field-value", "spec.hosts[1].privateAddress"),
        ("field-value", "spec.apiServer.externalAddress"),
        ("field-value", "spec.apiServer.requestTimeout"),
        ("field-value", "spec.network.serviceCIDR"),
        ("host-address-duplicate", "spec.hosts[2]"),
        ("profile-unknown", "spec.hosts[2].installFlags"),
        ("ingress-port-range", "spec.ingressController.nodePorts"),
        ("data-dir-name", "spec.k8sProviderSpecs.dataDir"),
    ]
    assert loaded.cluster is None


def test_a_wrong_value_is_not_told_a_second_time_as_a_missing_one() -> None:
    hosts = [host(f"10.0.0.1{place}") for place in range(3)]
    spec: Dict[str, Any] = {
        "apiServer": {"externalAddress": "a b", "eventRateLimit": {"enabled": True, "limits": "x"}},
        "authentication": {"oidc": {"enabled": True, "issuer": ["x"], "clientID": "y"}},
        "network": {"cplb": {"disabled": False, "virtualIPs": ["x"]}},
    }
    loaded = load(document(hosts=hosts, **spec))
    assert names(loaded) == ["field-value"] * 4
    assert names(loaded, "warning") == []


def test_hosts_with_one_address_and_different_ports_are_different() -> None:
    hosts = [host("127.0.0.1", ssh={"address": "127.0.0.1", "port": port}) for port in (2201, 2202, 2203)]
    assert "host-address-duplicate" not in names(load(document(hosts=hosts)))


def test_an_address_for_ssh_alone_may_lie_in_the_pods_range() -> None:
    hosts = [host("192.168.1.5", privateAddress="10.0.0.1"), host("192.168.1.6", "worker", privateInterface="eth1")]
    assert load(document(hosts=hosts)).errors == ()


def test_a_sound_file_has_no_finding() -> None:
    spec: Dict[str, Any] = {
        "apiServer": {"externalAddress": "mke.example.com"},
        "certificates": {"enabled": True, "ca": PEM},
        "authentication": {"localUsers": False, "saml": {"enabled": True}},
        "airgap": {"enabled": True},
        "registries": {"imageRegistry": {"url": "r.io/mke"}, "chartRegistry": {"url": "oci://r.io/mke"}},
        "backup": {"enabled": False, "storage_provider": {"type": "External"}},
        "kubelet": {"customProfiles": [{"name": "gpu", "values": {"maxPods": 10}}]},
        **provider(**{"values.yaml": "kubeletVolumePluginPath: '/var/lib/kubelet'\ninstallation: {}\n"}),
    }
    hosts = [host(f"10.0.0.1{place}", noTaints=True, installFlags=["--profile=gpu"]) for place in range(3)]
    assert load(document(hosts=hosts, **spec)).findings == ()


def test_hosts_of_an_inventory_have_their_own_paths() -> None:
    hosts: List[Dict[str, Any]] = [
        {"name": "n1", "role": "controller", "ssh": {"address": "10.0.0.11"}},
        {"name": "n2", "role": "boss", "path": "spec.hosts[3]"},
        {"name": "n3", "role": "worker", "installFlags": ["--no-taints"], "roel": 1},
    ]
    loaded = load(document(hosts=["ignored"]), inventory_hosts=hosts)
    assert [item.path for item in loaded.findings] == ["spec.hosts[3].role", "host n3.roel", "host n3.installFlags"]


def test_hosts_of_an_inventory_need_no_ssh() -> None:
    loaded = load(document(hosts=[]), inventory_hosts=[{"name": "n1", "role": "controller"}])
    (found,) = loaded.require().hosts
    assert (found.name, found.address, found.connection) == ("n1", "n1", {})


def test_an_inventory_without_names_is_told() -> None:
    odd: List[Any] = [{"role": "controller"}, 7]
    loaded = load(document(hosts=[]), inventory_hosts=odd)
    assert names(loaded)[:2] == ["host-name-missing", "host-name-missing"]

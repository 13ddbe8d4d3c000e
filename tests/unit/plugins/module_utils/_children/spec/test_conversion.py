# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a child takes over from an MkeConfig (MKE's documentation, "MKE 4k child clusters")."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Dict, List, Sequence

import pytest
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._children.engines import engine
from ansible_collections.mke4k.core.plugins.module_utils._children.rules.before import check
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.build import build_children
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.conversion import Converted, converted
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.wishes import built, mothership, refused

CALICO = {"provider": "calico", "enabled": True, "extraConfig": {"cidrV4": "192.168.0.0/16"}}


def convert(version: str = "v4.1.2", **spec: Any) -> Converted:
    return converted({"kind": "MkeConfig", "spec": spec}, version, "mke")


def told(result: Converted) -> List[str]:
    return [one.path for one in result.findings]


def host(role: str, *flags: str) -> Dict[str, Any]:
    return {"role": role, "installFlags": list(flags)}


SAME: Dict[str, Any] = {
    "apiServer": {"audit": {"enabled": True, "maxAge": 30}, "requestTimeout": "1m0s", "extraArgs": {"v": "2"}},
    "authentication": {"oidc": {"enabled": True, "issuer": "https://login.example.com"}},
    "ingressController": {"replicaCount": 2, "nodePorts": {}},
    "kubelet": {"maxPods": 110, "customProfiles": [{"name": "fast", "values": {}}]},
    "license": {"secretRef": {"name": "mke-license"}},
    "monitoring": {"prometheus": {}},
    "network": {"serviceCIDR": "10.96.0.0/16", "kubeProxy": {"mode": "iptables"}},
    "services": [{"template": "x-1-0-0", "name": "x"}],
    "tracking": {"enabled": True},
}


def test_sections_that_are_the_same_are_taken_over_as_they_are() -> None:
    before = deepcopy(SAME)
    result = convert(**SAME)
    assert result.spec == SAME == before
    assert not result.findings


def test_the_body_of_a_file_serves_as_well() -> None:
    assert converted(SAME, "v4.1.2", "mke") == convert(**SAME)


def test_the_enabled_network_provider_is_the_provider() -> None:
    others = [{"provider": "custom", "enabled": False}, {"provider": "kuberouter"}]
    result = convert(network={"providers": [CALICO, *others]})
    assert result.spec == {"network": {"provider": CALICO}}
    assert not result.findings
    assert convert(network={"providers": others}).spec == {}
    assert convert(network={"providers": None, "serviceCIDR": "10.96.0.0/16"}).spec["network"].keys() == {"serviceCIDR"}


def test_two_enabled_network_providers_are_refused() -> None:
    providers = [CALICO, {"provider": "custom", "enabled": "true"}]
    (found,) = refused({"name": "a", "from_mke_config": {"network": {"providers": providers}}})
    assert found.path == "children[0].from_mke_config.network.providers"
    assert "calico, custom" in found.message


NOT_FOR_CHILDREN = [
    ("hosts", [host("worker")], "control_plane_number"),
    ("apiServer.externalAddress", "mke.example.com", "load balancer"),
    ("apiServer.encryptionProvider", "/etc/mine.cfg", "encryptionConfigSecret"),
    ("apiServer.audit.webhookConfigPath", "/etc/hook.yaml", "webhookConfigSecret"),
    ("apiServer.audit.policyFile", "/etc/policy.yaml", "customPolicyYaml"),
    ("apiServer.audit.logPath", "/var/log/mine.log", "mke4_audit.log"),
    ("backup.storage_provider.external_options.credentials_file_path", "/root/aws", "external_credentials_secret_name"),
    ("backup.storage_provider.external_options.credentials_file_profile", "x", "external_credentials_secret_name"),
    ("network.nodePortRange", "32768-35535", "30000-32767"),
    ("network.cplb", {"disabled": False, "virtualIPs": ["10.0.0.9/24"]}, "load balancer"),
    ("network.controlPlaneLoadBalancing", {"enabled": True}, "load balancer"),
    ("cloudProvider", {"enabled": True, "provider": "external"}, "always have"),
    ("k8sProviderSpecs", {"dataDir": "/data/k0s"}, "/var/lib/k0s"),
    ("metallb", {"enabled": True}, "LoadBalancer"),
    ("authentication.localUsers", True, "oidc"),
    ("airgap", {"enabled": "true"}, "registries"),
    ("registries", {"imageRegistry": {"url": "reg.example.com/mke"}}, "registries of MKE"),
    ("certificates", {"enabled": True, "key": "x"}, "spec.certificates"),
    ("k0rdent", {"enabled": True, "providers": [{"name": "cluster-api-provider-aws"}]}, "leave it out"),
    ("license.token", "t0ken", "license_secret"),
    ("ingressController.nodePorts", {"http": 33000, "tcp": {"1": "30100"}}, "30000 and 30001"),
    ("gatewayMKEIngress.nodePorts", {"https": "33001"}, "30000 and 30001"),
    ("addons", [{"name": "metallb"}, {"chart": {"name": "MetalLB"}}], "LoadBalancer"),
]


def nested(path: str, value: Any) -> Dict[str, Any]:
    for step in reversed(path.split(".")):
        value = {step: value}
    return dict(value)


@pytest.mark.parametrize(("path", "value", "remedy"), NOT_FOR_CHILDREN, ids=[path for path, *_rest in NOT_FOR_CHILDREN])
def test_what_children_cannot_have_is_left_out_and_named(path: str, value: Any, remedy: str) -> None:
    result = convert(**nested(path, value))
    assert result.spec == {}
    assert told(result) == [f"mke.{path}"]
    assert remedy in result.findings[0].remedy
    assert not result.findings[0].is_error
    assert "t0ken" not in result.findings[0].text()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("apiServer.externalAddress", ""),
        ("apiServer.encryptionProvider", "/var/lib/k0s/encryption.cfg"),
        ("apiServer.audit.logPath", "/var/log/k0s/audit/mke4_audit.log"),
        ("network.cplb", {"disabled": True}),
        ("cloudProvider", {"enabled": False, "provider": "aws"}),
        ("k8sProviderSpecs", {"dataDir": "/var/lib/k0s"}),
        ("authentication.localUsers", False),
        ("airgap", {"enabled": False}),
        ("k0rdent", {"enabled": True}),
        ("license.token", ""),
        ("registries", {"chartRegistry": {"url": "oci://registry.mirantis.com/mke"}}),
        ("version", "v4.1.0"),
    ],
)
def test_what_is_so_anyway_is_left_out_without_a_word(path: str, value: Any) -> None:
    assert convert(**nested(path, value)) == Converted({})


def test_registries_are_taken_over_since_v4_2_0() -> None:
    registries = {"imageRegistry": {"url": "reg.example.com/mke"}}
    result = convert("v4.2.0", registries=registries)
    assert (result.spec, result.findings) == ({"registries": registries}, ())


def test_addons_other_than_metallb_stay() -> None:
    mine = {"name": "mine", "kind": "chart"}
    result = convert(addons=[{"name": "metallb"}, mine])
    assert result.spec == {"addons": [mine]}


@pytest.mark.parametrize(
    ("hosts", "kubelet"),
    [
        ([host("controller+worker", "--no-taints", "--profile=big"), host("worker", "--profile small")],
         {"managerProfile": "big", "workerProfile": "small"}),
        ([host("controller+worker"), host("worker", "--profile=small")], {"workerProfile": "small"}),
        ([host("single", "'oops"), "nonsense", {"role": "worker", "installFlags": 7}], {}),
        ([{"role": "worker", "installFlags": "--profile=small --no-taints"}], {"workerProfile": "small"}),
    ],
)  # fmt: skip
def test_profiles_in_the_flags_of_hosts_become_those_of_the_child(
    hosts: Sequence[Any], kubelet: Dict[str, str]
) -> None:
    result = convert(hosts=hosts, kubelet={"maxPods": 50})
    assert result.spec["kubelet"] == {"maxPods": 50, **kubelet}
    assert told(result) == ["mke.hosts"]


def test_different_profiles_of_workers_are_named() -> None:
    result = convert(hosts=[host("worker", "--profile=a"), host("worker", "--profile=b"), host("worker")])
    assert "kubelet" not in result.spec
    assert "(a, b)" in result.findings[0].message
    assert "workerProfile" in result.findings[0].remedy


def test_a_section_nobody_knows_is_passed_on_and_named() -> None:
    result = convert(monitorin={"enableGrafana": False})
    assert result.spec == {"monitorin": {"enableGrafana": False}}
    assert "did you mean monitoring?" in result.findings[0].remedy
    assert "check it" in convert(zzzzzzzzz=1).findings[0].remedy


def test_what_is_no_mke_config_is_refused() -> None:
    wrong = [{"kind": "MkeChildConfig", "spec": {}}, {"kind": "MkeConfig", "spec": "x"}]
    found = refused(*({"name": "a", "from_mke_config": document} for document in wrong))
    assert [one.path for one in found] == ["children[0].from_mke_config.kind", "children[1].from_mke_config.spec"]


def test_options_and_the_raw_spec_win_over_it() -> None:
    document = {"monitoring": {"enableGrafana": True, "enableCAdvisor": True}, "version": "v4.0.0"}
    child = built(from_mke_config=document, spec={"monitoring": {"enableGrafana": False}})
    assert child.spec["monitoring"] == {"enableGrafana": False, "enableCAdvisor": True}
    assert child.version == "v4.1.2"


def test_warnings_are_told_with_those_of_the_rules_and_once_for_the_defaults() -> None:
    document = {"hosts": [host("worker")]}
    children = [{"name": name, "region": "eu-west-3"} for name in "abc"]
    facts = mothership()
    made = build_children(children, {"from_mke_config": document}, facts)
    found = [one.path for one in check(made, facts, {}, engine("mke-operator")) if one.name == "not-for-children"]
    assert found == ["defaults.from_mke_config.hosts"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 40000) | st.sampled_from(["", "true", "x"]),
    lambda inside: (
        st.lists(inside, max_size=2)
        | st.dictionaries(st.sampled_from(["enabled", "providers", "nodePorts", "token", "audit"]), inside, max_size=3)
    ),
    max_leaves=8,
)
SECTIONS = ["hosts", "apiServer", "network", "addons", "airgap", "license", "ingressController", "k0rdent", "kubelet"]


@given(st.dictionaries(st.sampled_from(SECTIONS), VALUES))
def test_converting_twice_changes_nothing_more(document: Dict[str, Any]) -> None:
    before = deepcopy(document)
    once = converted(document, "v4.1.2", "mke")
    assert document == before
    again = converted(once.spec, "v4.1.2", "mke")
    assert again.spec == once.spec
    assert not again.findings

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is fixed once the cluster exists."""

from __future__ import annotations

import copy
from typing import Any, Dict, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.immutable import compare
from ansible_collections.mke4k.core.plugins.module_utils._config.load import load

from .support import cluster, document, host, merged, nested, rendered


def live_config(**spec: Any) -> Dict[str, Any]:
    """The ClusterConfig of a running cluster that was made from the default file."""
    (node,) = rendered(cluster()).values()
    config = copy.deepcopy(node["config"])
    config["spec"]["network"]["clusterDomain"] = "cluster.local"
    found: Dict[str, Any] = merged(config, {"spec": spec})
    return found


def told(findings: List[Any]) -> List[Any]:
    return [(finding.severity, finding.name, finding.path) for finding in findings]


def test_the_same_file_again_changes_nothing_that_is_fixed() -> None:
    assert compare(cluster(), live_config(), data_dir="/var/lib/k0s/", kubelet_root_dir="/var/lib/kubelet") == []


@pytest.mark.parametrize(
    ("live", "path", "words"),
    [
        ({"network": {"podCIDR": "10.244.0.0/16"}}, "spec.network.providers", "10.244.0.0/16"),
        ({"network": {"serviceCIDR": "10.96.0.0/12"}}, "spec.network.serviceCIDR", "spec.network.serviceCIDR of k0s"),
        ({"network": {"provider": "calico"}}, "spec.network.providers", "'calico'"),
        ({"network": {"clusterDomain": "k8s.example"}}, "the running cluster", "'k8s.example'"),
        ({"storage": {"type": "kine"}}, "the running cluster", "'kine'"),
        (
            {"api": {"extraArgs": {"encryption-provider-config": "/etc/x"}}},
            "spec.apiServer.encryptionProvider",
            "'/etc/x'",
        ),
    ],
)
def test_a_fixed_setting_of_k0s_is_refused(live: Dict[str, Any], path: str, words: str) -> None:
    findings = compare(cluster(), live_config(**live))
    assert told(findings) == [("error", "immutable-field", path)]
    assert words in findings[0].message
    assert "needs a reset" in findings[0].remedy


def test_directories_of_a_running_k0s_are_fixed() -> None:
    findings = compare(cluster(), {}, data_dir="/data/k0s", kubelet_root_dir="/data/kubelet")
    assert [finding.path for finding in findings] == ["spec.k8sProviderSpecs.dataDir", "spec.kubelet.kubeletRootDir"]


def test_ranges_are_compared_as_ranges() -> None:
    assert compare(cluster(), live_config(network={"serviceCIDR": "10.96.1.0/16"})) == []


@pytest.mark.parametrize("live", [{}, {"spec": None}, {"spec": {"network": 3, "api": []}}, {"kind": "MkeConfig"}])
def test_what_is_not_known_of_the_cluster_is_not_compared(live: Any) -> None:
    assert compare(cluster(), live) == []


def test_an_external_address_cannot_be_cleared() -> None:
    (finding,) = compare(cluster(), live_config(api={"externalAddress": "mke.example.com"}))
    assert told([finding]) == [("error", "immutable-field", "spec.apiServer.externalAddress")]
    assert finding.remedy == "write externalAddress: mke.example.com"


def test_another_external_address_is_a_warning() -> None:
    wanted = cluster(apiServer={"externalAddress": "new.example.com:443"})
    (finding,) = compare(wanted, live_config(api={"externalAddress": "old.example.com"}))
    assert told([finding]) == [("warning", "external-address-changed", "spec.apiServer.externalAddress")]
    assert compare(wanted, live_config(api={"externalAddress": "new.example.com"})) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("registries.imageRegistry.url", "old.example.com/mke"),
        ("registries.chartRegistry.url", "oci://old.example.com/mke"),
        ("network.serviceCIDR", "10.96.0.0/12"),
        ("k8sProviderSpecs.dataDir", "/data/k0s"),
        ("kubelet.kubeletRootDir", "/data/kubelet"),
        ("apiServer.encryptionProvider", "/etc/x"),
    ],
)
def test_a_fixed_field_of_the_live_mke_config_is_refused(path: str, value: str) -> None:
    live = {"kind": "MkeConfig", "spec": nested(path, value)}
    assert told(compare(cluster(), live)) == [("error", "immutable-field", f"spec.{path}")]


def test_the_live_mke_config_of_the_same_file_is_the_same() -> None:
    wanted = cluster(apiServer={"externalAddress": "mke.example.com"})
    assert compare(wanted, {"kind": "MkeConfig", "spec": dict(wanted.spec)}) == []


def test_the_network_plugin_cannot_be_switched() -> None:
    live = {"kind": "MkeConfig", "spec": {"network": {"providers": [{"provider": "custom", "enabled": True}]}}}
    (finding,) = compare(cluster(), live)
    assert finding.path == "spec.network.providers"


def test_paths_of_flat_files_have_no_spec() -> None:
    flat = load({"hosts": [host("10.0.0.11")]}).require()
    findings = compare(flat, {"spec": {"network": {"podCIDR": "192.168.0.0/16"}}})
    assert [finding.path for finding in findings] == ["network.providers"]


def test_growing_a_cluster_changes_nothing_on_its_controllers() -> None:
    small = document(hosts=[host("10.0.0.11")])
    large = document(hosts=[host(f"10.0.0.1{place}") for place in range(1, 4)] + [host("10.0.0.21", "worker")])
    before, after = (rendered(load(written).require())["10.0.0.11"] for written in (small, large))
    assert before == after


def test_what_holds_for_the_cluster_is_the_same_on_every_controller() -> None:
    hosts = [host("10.0.0.11"), host("10.0.0.12", "controller"), host("10.0.0.13", installFlags=["--debug"])]
    configs = [spec["config"]["spec"] for spec in rendered(cluster(hosts=hosts)).values()]
    for config in configs:
        del config["api"]["address"], config["api"]["sans"], config["storage"]["etcd"]["peerAddress"]
    assert configs[0] == configs[1] == configs[2]


@pytest.mark.parametrize(
    ("present", "wanted", "refused"),
    [
        ("v4.1.1", "v4.1.2", False),
        ("v4.1.2", "v4.1.2", False),
        ("v9.9.9", "v4.1.2", False),
        (None, "v4.1.2", False),
        ("v4.1.2", "v4.1.3", True),
        ("v4.1.5", "v4.1.2", True),
    ],
)
def test_an_upgrade_that_upstream_does_not_support_is_refused(present: Any, wanted: str, refused: bool) -> None:
    findings = compare(cluster(wanted), {"kind": "MkeConfig", "spec": {"version": present}})
    assert told(findings) == ([("error", "upgrade-refused", "spec.version")] if refused else [])

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The statements of the document "MKE Architecture" of Alpha.1, one test each."""

from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.layers import layers
from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Host
from ansible_collections.mke4k.core.plugins.module_utils._config.render.arguments import install_arguments
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import (
    calico_expectations,
    network_engine,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.differences import differences
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.seen import Seen

from .clusters import HOSTS, alpha1, k0s_config


def test_alpha_1_runs_on_k0s_v1_29_3() -> None:
    assert alpha1().k0s_version == "v1.29.3+k0s.0"


def test_mke_is_deployed_with_a_configuration_file() -> None:
    assert [host.address for host in alpha1().hosts] == ["10.0.0.11", "10.0.0.21"]


def test_control_plane_components_run_on_one_machine_beside_or_without_containers_of_users() -> None:
    def arguments(role: str) -> list[str]:
        cluster = load({"hosts": [{**HOSTS[0], "role": role}]}, overrides={"release": "Alpha.1"}).require()
        host: Host = cluster.controllers[0]
        return install_arguments(cluster, host, host.address)

    assert "--enable-worker" in arguments("controller+worker")
    assert "--enable-worker" not in arguments("controller")


def test_calico_is_installed_by_the_network_provider_field_of_the_k0s_config() -> None:
    cluster = alpha1()
    assert k0s_config(cluster)["network"]["provider"] == "calico"
    assert network_engine(cluster) == "k0s-calico"


def test_nothing_but_k0s_and_its_network_is_installed() -> None:
    assert layers(alpha1().release) == ("k0s", "calico")


def test_the_pod_cidr_is_fixed_to_10_244_0_0_16_and_ipv4_only() -> None:
    network = k0s_config(alpha1())["network"]
    assert network["podCIDR"] == "10.244.0.0/16"
    assert "dualStack" not in network


def test_the_datastore_mode_is_kdd() -> None:
    """k0s' Calico has no other, so that there is nothing to write, and its pools are objects of the Kubernetes API."""
    assert "datastore" not in str(k0s_config(alpha1())).lower()
    assert [pool.cidr for pool in calico_expectations(alpha1()).pools] == ["10.244.0.0/16"]


def test_kube_proxy_is_in_iptables_mode() -> None:
    assert k0s_config(alpha1())["network"]["kubeProxy"]["mode"] == "iptables"
    assert calico_expectations(alpha1()).proxy_mode == "iptables"


def test_the_vxlan_backend_uses_port_4789_and_the_virtual_network_id_4096() -> None:
    expected = {"mode": "vxlan", "overlay": "Always", "vxlanPort": 4789, "vxlanVNI": 4096}
    assert k0s_config(alpha1())["network"]["calico"] == expected


def test_what_k0s_made_of_it_is_held_against_it() -> None:
    variables = [{"name": "FELIX_VXLANPORT", "value": "4789"}, {"name": "FELIX_VXLANVNI", "value": "10000"}]
    daemon = {"spec": {"template": {"spec": {"containers": [{"env": variables}]}}}}
    pool = {"spec": {"cidr": "10.244.0.0/16", "blockSize": 26, "vxlanMode": "Always", "ipipMode": "Never"}}
    found = differences(calico_expectations(alpha1()), Seen(node_daemon=daemon, pools=(pool,)))
    assert found == ["DaemonSet kube-system/calico-node: FELIX_VXLANVNI is 10000, not 4096"]


@pytest.mark.parametrize("provider", ["kuberouter", "custom", "calico"])
def test_there_is_no_option_for_another_cni_plugin_or_for_other_settings_of_calico(provider: str) -> None:
    network = {"providers": [{"provider": provider, "enabled": True, "vxlanVNI": 10000}]}
    loaded = load({"hosts": HOSTS, "network": network}, overrides={"release": "Alpha.1"})
    assert any(finding.path.startswith("network") for finding in loaded.errors)
    assert "cannot be changed" in str([finding.text() for finding in loaded.errors])

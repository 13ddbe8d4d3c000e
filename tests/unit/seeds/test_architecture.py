# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The statements of the document "Architecture" of MKE 4k, one test each."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.layers import layers
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import (
    calico_chart,
    calico_expectations,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.charts import (
    k0rdent_chart,
    operator_chart,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.mke_config import mke_objects
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.seen import FELIX, IP_POOL
from ansible_collections.mke4k.core.plugins.module_utils._kube.mke.services import Seen, services

from .clusters import OPERATOR_RELEASES, k0s_config, mke4k

every_release = pytest.mark.parametrize("version", OPERATOR_RELEASES)


def test_the_entire_cluster_is_managed_through_the_mke4_yaml_file() -> None:
    written: dict[str, Any] = {"monitoring": {"enableGrafana": False}}
    cluster = mke4k(**written)
    config = mke_objects(cluster, written, {}).config
    assert (config["kind"], config["metadata"]["name"]) == ("MkeConfig", "mke")
    assert config["spec"]["monitoring"] == written["monitoring"]
    assert config["spec"]["hosts"]
    assert config["spec"]["version"] == "v4.1.2"


@every_release
def test_a_cluster_is_made_of_k0s_calico_the_control_plane_and_services(version: str) -> None:
    assert layers(mke4k(version).release) == ("k0s", "calico", "k0rdent", "mke_operator")


@every_release
def test_k0s_is_the_kubernetes_distribution(version: str) -> None:
    assert "+k0s." in mke4k(version).k0s_version


@every_release
def test_networking_is_provided_through_the_calico_cni(version: str) -> None:
    cluster = mke4k(version)
    assert calico_chart(cluster)["values"]["installation"]["cni"] == {"type": "Calico"}
    assert k0s_config(cluster)["network"]["provider"] == "custom"


@every_release
def test_calico_is_ipv4_only_with_the_pod_cidr_192_168_0_0_16(version: str) -> None:
    cluster = mke4k(version)
    (pool,) = calico_chart(cluster)["values"]["installation"]["calicoNetwork"]["ipPools"]
    assert pool["cidr"] == "192.168.0.0/16"
    network = k0s_config(cluster)["network"]
    assert network["podCIDR"] == "192.168.0.0/16"
    assert not network.get("dualStack", {}).get("enabled")


def test_the_pod_cidr_of_a_cluster_is_fixed() -> None:
    """Held against the cluster by tests/unit/plugins/module_utils/_kube/calico; here is what is held against it."""
    assert [pool.cidr for pool in calico_expectations(mke4k()).pools] == ["192.168.0.0/16"]


@every_release
def test_the_datastore_mode_is_kdd(version: str) -> None:
    """Pools and settings are objects of the Kubernetes API, which is what kdd means, and the operator has no other."""
    assert IP_POOL.api_version == FELIX.api_version == "crd.projectcalico.org/v1"
    values = calico_chart(mke4k(version))["values"]
    assert "datastore" not in str(values).lower()
    assert values["defaultFelixConfiguration"]["enabled"]


@every_release
def test_the_kube_proxy_mode_is_iptables(version: str) -> None:
    cluster = mke4k(version)
    assert k0s_config(cluster)["network"]["kubeProxy"]["mode"] == "iptables"
    assert calico_expectations(cluster).proxy_mode == "iptables"


@every_release
def test_the_vxlan_backend_uses_port_4789_and_the_virtual_network_id_4096(version: str) -> None:
    values = calico_chart(mke4k(version))["values"]
    (pool,) = values["installation"]["calicoNetwork"]["ipPools"]
    assert pool["encapsulation"] == "VXLAN"
    assert values["installation"]["calicoNetwork"]["bgp"] == "Disabled"
    felix = values["defaultFelixConfiguration"]
    assert (felix["vxlanPort"], felix["vxlanVNI"]) == (4789, 4096)


@every_release
def test_the_control_plane_is_mke_operator_and_k0rdent(version: str) -> None:
    cluster = mke4k(version)
    operator, k0rdent = operator_chart(cluster), k0rdent_chart(cluster, {})
    assert (operator["release"], operator["version"]) == ("mke-operator", cluster.release.operator_chart)
    assert (k0rdent["release"], k0rdent["version"]) == ("kcm", cluster.release.k0rdent)


@every_release
def test_k0rdent_is_there_before_the_operator_that_uses_it(version: str) -> None:
    cluster = mke4k(version)
    order = [chart["order"] for chart in (calico_chart(cluster), k0rdent_chart(cluster, {}), operator_chart(cluster))]
    assert order == sorted(order)


def test_services_are_system_services_and_those_that_users_define() -> None:
    listed = [{"name": name, "ready": True} for name in ("monitoring", "mine")]
    rows = services(Seen(mke_config={"status": {"services": listed}}), ["mine"])
    assert [(row.name, row.kind) for row in rows] == [("monitoring", "system"), ("mine", "user")]

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The charts of the platform: a golden file for each release, and what fields and options do."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Dict

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ConfigError
from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import with_registries
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import (
    calico_chart,
    calico_expectations,
    network_engine,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.charts import (
    k0rdent_chart,
    operator_chart,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.values import (
    BadValues,
    merged,
    parse_values,
)

from .support import UPDATE, cluster, document, dump, host
from .test_golden import RELEASE_FOLDERS, release_input

FIRST_LINE = "kubeletVolumePluginPath: /var/lib/kubelet\n"
MIRROR = {
    "imageRegistry": {"url": "registry.example.com:5000/mke"},
    "chartRegistry": {"url": "oci://registry.example.com:5000/mke"},
}


def provider(name: str, **options: Any) -> Dict[str, Any]:
    return {"providers": [{"enabled": True, "provider": name, "extraConfig": options}]}


def calico(version: str = "v4.1.2", **options: Any) -> Cluster:
    return cluster(version, network=provider("calico", **options))


def platform(item: Cluster) -> Dict[str, Any]:
    found: Dict[str, Any] = {"network": asdict(calico_expectations(item))}
    if network_engine(item) == "tigera":
        found["calico"] = calico_chart(item)
    if item.release.k0rdent:
        found["k0rdent"] = k0rdent_chart(item, {})
    if item.release.operator_chart:
        found["mke_operator"] = operator_chart(item)
    return found


@pytest.mark.parametrize("folder", RELEASE_FOLDERS, ids=lambda folder: str(folder.name))
def test_the_charts_of_each_release_are_as_recorded(folder: Path) -> None:
    found = dump(platform(load(release_input(folder)).require()))
    path = folder / "platform.yaml"
    if UPDATE:
        path.write_text(found, encoding="utf-8")
    assert yaml.safe_load(path.read_text(encoding="utf-8")) == yaml.safe_load(found)


def test_every_field_of_the_provider_reaches_the_chart() -> None:
    chart = calico_chart(calico(cidrV4="10.8.0.0/14", linuxDataplane="Iptables", loglevel="Debug"))
    installation, felix = chart["values"]["installation"], chart["values"]["defaultFelixConfiguration"]
    assert installation["calicoNetwork"]["ipPools"][0]["cidr"] == "10.8.0.0/14"
    assert installation["calicoNetwork"]["linuxDataplane"] == "Iptables"
    assert installation["logging"]["cni"]["logSeverity"] == "Debug"
    assert felix["logSeveritySys"] == "Debug"


def test_levels_that_only_felix_knows_become_the_nearest_of_the_cni_plugin() -> None:
    values = calico_chart(calico(loglevel="Trace"))["values"]
    assert values["defaultFelixConfiguration"]["logSeveritySys"] == "Trace"
    assert values["installation"]["logging"]["cni"]["logSeverity"] == "Debug"


def test_the_values_of_the_user_win_and_leave_the_others() -> None:
    text = FIRST_LINE + (
        "installation:\n  calicoNetwork:\n    mtu: 1400\n    ipPools:\n"
        "    - {cidr: 192.168.0.0/16, encapsulation: VXLANCrossSubnet, blockSize: 24}\n"
        "defaultFelixConfiguration: {vxlanVNI: 10000}\n"
    )
    item = calico(**{"values.yaml": text})
    network = calico_chart(item)["values"]["installation"]["calicoNetwork"]
    assert (network["mtu"], network["bgp"], len(network["ipPools"])) == (1400, "Disabled", 1)
    expected = calico_expectations(item)
    assert expected.felix["vxlanVNI"] == 10000
    assert expected.felix["vxlanPort"] == 4789
    (pool,) = expected.pools
    assert (pool.vxlan_mode, pool.ipip_mode, pool.block_size) == ("CrossSubnet", "Never", 24)
    assert pool.encapsulation == "VXLANCrossSubnet"


def test_the_vni_of_mke_s_own_file_is_one_argument_away() -> None:
    item = calico()
    assert calico_chart(item)["values"]["defaultFelixConfiguration"]["vxlanVNI"] == 4096
    assert calico_chart(item, vni=10000)["values"]["defaultFelixConfiguration"]["vxlanVNI"] == 10000
    assert calico_expectations(item, 10000).felix["vxlanVNI"] == 10000


def test_calico_mounts_where_kubelet_keeps_its_volumes() -> None:
    item = cluster(kubelet={"kubeletRootDir": "/data/kubelet"})
    assert calico_chart(item)["values"]["kubeletVolumePluginPath"] == "/data/kubelet"


def test_images_and_charts_come_from_the_registries_of_the_file() -> None:
    item = cluster(registries=MIRROR)
    chart = calico_chart(item)
    assert chart["chart"] == "oci://registry.example.com:5000/mke/mirrored-chart-tigera-operator"
    assert chart["values"]["installation"]["registry"] == "registry.example.com:5000/mke/"
    assert chart["values"]["tigeraOperator"]["registry"] == "registry.example.com:5000/mke"
    assert calico_chart(item, "oci://example.org/calico")["chart"] == "oci://example.org/calico"
    assert operator_chart(item)["values"]["image"] == {"repository": "registry.example.com:5000/mke/mke-operator"}


def test_another_operator_image_reaches_its_chart() -> None:
    item = load(document(), overrides={"operator_image": "v1.4.16"}).require()
    assert operator_chart(item)["values"] == {"image": {"tag": "v1.4.16"}}
    assert operator_chart(item, "oci://example.org/x", {"replicas": 2})["values"]["replicas"] == 2


@pytest.mark.parametrize(
    ("version", "name", "engine"),
    [
        ("v4.1.2", "calico", "tigera"),
        ("v4.1.2", "custom", "custom"),
        ("v4.1.0", "kuberouter", "kuberouter"),
        ("v4.0.0", "calico", "k0s-calico"),
        ("v4.0.0", "custom", "custom"),
    ],
)
def test_the_release_and_the_provider_say_who_brings_the_network(version: str, name: str, engine: str) -> None:
    item = cluster(version, network=provider(name))
    assert network_engine(item) == engine
    assert calico_expectations(item).engine == engine


def test_a_cluster_without_kube_proxy_expects_none() -> None:
    flat = {"hosts": [{"role": "single", "ssh": {"address": "10.0.0.1"}}], "network": {"kubeProxy": {"disabled": True}}}
    item = load(flat, overrides={"release": "rc.1"}).require()
    assert calico_expectations(item).proxy_mode == ""


def test_components_that_the_user_leaves_out_are_not_expected() -> None:
    flags: Dict[str, Any] = {"installFlags": ["--disable-components=kube-proxy,network-provider"]}
    left_out = [host("10.0.0.11", **flags)]
    expected = calico_expectations(cluster("v4.0.0", left_out))
    assert (expected.engine, expected.proxy_mode, expected.pools) == ("custom", "", ())
    assert network_engine(cluster("v4.0.0", left_out, network=provider("kuberouter"))) == "custom"
    assert network_engine(cluster("v4.1.2", left_out)) == "tigera"


def test_calico_of_k0s_is_expected_as_its_settings_say() -> None:
    item = cluster("v4.0.0", network=provider("calico", mode="ipip", overlay="CrossSubnet", vxlanVNI="77"))
    expected = calico_expectations(item)
    assert expected.felix == {"vxlanPort": 4789, "vxlanVNI": 77}
    assert expected.pools[0].encapsulation == "IPIPCrossSubnet"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- 1", "is list, and not a mapping"),
        ("a: [", "is no YAML: "),
        ("a: 2026-01-01", "a value that cannot be handed on (a is a date"),
    ],
)
def test_values_that_no_chart_can_take_are_refused(text: str, problem: str) -> None:
    with pytest.raises(BadValues) as caught:
        parse_values(text)
    assert problem in str(caught.value)


def test_a_file_with_values_that_are_no_yaml_is_refused_with_its_path() -> None:
    with pytest.raises(ConfigError, match=r'providers\[0\].extraConfig\["values.yaml"\]: is no YAML.*line 3'):
        calico_chart(calico(**{"values.yaml": FIRST_LINE + "a: [\n"}))


def test_no_values_are_no_values() -> None:
    assert parse_values("\n# nothing\n") == {}


def test_merging_leaves_both_sides_as_they_are() -> None:
    base: Dict[str, Any] = {"a": {"b": [1]}, "c": 1}
    over: Dict[str, Any] = {"a": {"d": [2]}, "c": {"e": 1}}
    found = merged(base, over)
    assert found == {"a": {"b": [1], "d": [2]}, "c": {"e": 1}}
    found["a"]["b"].append(3)
    found["a"]["d"].append(3)
    assert base == {"a": {"b": [1]}, "c": 1}
    assert over["a"] == {"d": [2]}


def test_k0rdent_s_ui_never_runs_with_the_password_that_everybody_knows() -> None:
    item = cluster()
    assert k0rdent_chart(item, {})["values"]["k0rdent-ui"] == {"enabled": False}
    ui = k0rdent_chart(item, {"ui_secret": {"name": "ui"}})["values"]["k0rdent-ui"]
    assert ui == {"enabled": True, "auth": {"basic": {"secretKeyRef": {"name": "ui", "key": "password"}}}}
    off = k0rdent_chart(item, {"ui_secret": {"name": "ui", "key": "k"}, "ui_enabled": False})["values"]["k0rdent-ui"]
    assert off == {"enabled": False}


def test_the_open_source_k0rdent_is_its_own_chart_in_its_own_namespace() -> None:
    chart = k0rdent_chart(cluster(), {"edition": "oss", "version": "1.9.0"})
    assert chart["chart"] == "oci://ghcr.io/k0rdent/kcm/charts/kcm"
    assert (chart["namespace"], chart["release"], chart["version"], chart["values"]) == (
        "kcm-system",
        "kcm",
        "1.9.0",
        {},
    )


def test_a_mirror_serves_all_images_and_templates_of_k0rdent() -> None:
    chart = k0rdent_chart(cluster(registries=MIRROR), {"k0s_url": "https://files.example.com/k0s"})
    base = "registry.example.com:5000/k0rdent-enterprise"
    assert chart["chart"] == f"oci://{base}/charts/k0rdent-enterprise"
    assert chart["values"]["controller"] == {
        "templatesRepoURL": f"oci://{base}/charts",
        "globalRegistry": base,
        "globalK0sURL": "https://files.example.com/k0s",
    }
    assert chart["values"]["image"] == {"repository": f"{base}/kcm-controller"}
    assert chart["values"]["k0rdent-ui"] == {"enabled": False, "image": {"repository": f"{base}/k0rdent-ui"}}
    assert chart["values"]["flux2"]["sourceController"] == {"image": f"{base}/fluxcd/source-controller"}
    assert "regional" not in chart["values"]


def test_a_mirror_with_a_login_and_an_authority_names_the_secrets_that_hold_them() -> None:
    authority = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    login = {"host": "registry.example.com:5000", "username": "u", "password": "p"}
    loaded = with_registries(load(document(registries=MIRROR)), [login])
    controller = k0rdent_chart(loaded.require(), {})["values"]["controller"]
    assert controller["registryCredsSecret"] == "mke4k-registry-credentials"
    assert "registryCertSecret" not in controller
    withca = {**login, "ca": authority}
    controller = k0rdent_chart(with_registries(load(document(registries=MIRROR)), [withca]).require(), {})["values"]
    assert controller["controller"]["registryCertSecret"] == "mke4k-registry-ca"


def test_newer_k0rdents_get_the_mirror_where_their_parts_have_moved_to() -> None:
    chart = k0rdent_chart(cluster("v4.1.5", registries=MIRROR), {})
    assert chart["version"] == "1.2.3"
    assert set(chart["values"]["regional"]) == {"cert-manager", "cluster-api-operator", "velero"}
    values = k0rdent_chart(cluster(), {"edition": "oss", "registry": "example.org/k", "version": "1.4.0"})["values"]
    assert "regional" in values
    assert "k0rdent-ui" not in values


def test_the_options_of_the_user_win_over_everything() -> None:
    options = {"chart": "oci://example.org/x", "namespace": "kcm", "values": {"replicas": 2}}
    chart = k0rdent_chart(cluster(), options)
    assert (chart["chart"], chart["namespace"], chart["values"]["replicas"]) == ("oci://example.org/x", "kcm", 2)

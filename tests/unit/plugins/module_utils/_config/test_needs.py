# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cluster needs of its registries, and what has to be brought behind an air gap."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.k0s_images import k0s_images
from ansible_collections.mke4k.core.plugins.module_utils._config.layers import LAYERS
from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import with_registries
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import ENVELOPE, RELEASES
from ansible_collections.mke4k.core.plugins.module_utils._config.render.needs import (
    is_own,
    k0s_image_names,
    platform_charts,
    registry_probes,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.render.shopping import shopping_list, shopping_text

from .support import document, host

HOSTS = [host("10.0.0.11"), host("10.0.0.12", "controller"), host("10.0.0.21", "worker")]
OWN = {
    "imageRegistry": {"url": "r.example.com:5000/mke"},
    "chartRegistry": {"url": "oci://r.example.com:5000/mke"},
}
DISABLED = ("konnectivity-server",)


def cluster(version: str = "v4.1.2", login: bool = True, **spec: Any) -> Cluster:
    loaded = load(document(version, HOSTS, **spec))
    return with_registries(loaded, None, *(("puller", "s3cret-pull") if login else ())).require()


def probes(made: Cluster, name: str, layers: Any = LAYERS, **references: str) -> List[Dict[str, Any]]:
    return registry_probes(made, made.host(name), DISABLED, platform_charts(made, layers, references))


def test_public_registries_are_not_asked() -> None:
    assert not is_own(cluster(login=False))
    assert probes(cluster(login=False), "10.0.0.11") == []


@pytest.mark.parametrize(
    "spec",
    [
        {"registries": OWN},
        {"registries": {"imageRegistry": OWN["imageRegistry"]}},
        {"registries": {"chartRegistry": OWN["chartRegistry"]}},
    ],
)
def test_registries_of_ones_own_are_asked(spec: Dict[str, Any]) -> None:
    assert is_own(cluster(login=False, **spec))


def test_a_worker_looks_for_images_and_a_controller_for_charts() -> None:
    made = cluster(registries=OWN)
    (worker,), (controller,) = probes(made, "10.0.0.21"), probes(made, "10.0.0.12")
    assert worker["k0s_images"]["pause"] == "mke/k0sproject/pause"
    assert (worker["charts"], controller["k0s_images"]) == ([], {})
    assert controller["charts"] == [
        "mke/mirrored-chart-tigera-operator:v3.30.200",
        "k0rdent-enterprise/charts/k0rdent-enterprise:1.1.0",
        "mke/mke-operator:3.11.2",
    ]
    assert (worker["host"], worker["username"], worker["password"]) == ("r.example.com:5000", "puller", "s3cret-pull")


def test_only_charts_of_the_layers_of_the_run_are_looked_for() -> None:
    (found,) = probes(cluster(registries=OWN), "10.0.0.11", layers=("k0s", "calico"))
    assert found["charts"] == ["mke/mirrored-chart-tigera-operator:v3.30.200"]
    custom = {"providers": [{"provider": "custom", "enabled": True}]}
    (found,) = probes(cluster(registries=OWN, network=custom), "10.0.0.11", layers=("k0s", "calico"))
    assert found["charts"] == []


def test_a_reference_of_the_user_is_looked_for_where_it_is() -> None:
    made = cluster(registries=OWN)
    (found,) = probes(made, "10.0.0.11", ("mke_operator",), mke_operator="oci://r.example.com:5000/x/op")
    assert found["charts"] == ["x/op:3.11.2"]
    (found,) = probes(made, "10.0.0.11", ("mke_operator",), mke_operator="oci://elsewhere.example.com/x/op")
    assert found["charts"] == []


@pytest.mark.parametrize(
    ("spec", "disabled", "names"),
    [
        ({}, DISABLED, {"pause", "kube-proxy", "coredns", "metrics-server", "pushgateway-ttl"}),
        (
            {},
            (),
            {"pause", "kube-proxy", "coredns", "metrics-server", "pushgateway-ttl", "apiserver-network-proxy-agent"},
        ),
        ({}, (*DISABLED, "coredns", "kube-proxy", "metrics-server"), {"pause", "pushgateway-ttl"}),
        (
            {"network": {"nllb": {"disabled": False}}},
            DISABLED,
            {"pause", "kube-proxy", "coredns", "metrics-server", "pushgateway-ttl", "envoy-distroless"},
        ),
    ],
)
def test_images_of_components_that_do_not_run_are_not_needed(spec: Any, disabled: Any, names: set[str]) -> None:
    assert set(k0s_image_names(cluster(**spec), disabled)) == names


def test_the_table_has_the_k0s_of_every_release_with_registries() -> None:
    for release in RELEASES:
        if release.form == ENVELOPE:
            found = k0s_images(release.k0s)
            assert set(k0s_image_names(cluster(release.name, login=False), ())) <= set(found), release.name
            assert found["kube-proxy"].endswith(release.k0s.partition("+")[0])
    assert k0s_images("v1.99.0+k0s.0") == {}


def test_the_list_says_where_everything_comes_from_and_goes_to() -> None:
    found = shopping_list(cluster(registries=OWN), LAYERS, {})
    assert found["k0s"]["url"].endswith("/v1.32.6%2Bk0s.0/k0s-v1.32.6%2Bk0s.0-amd64")
    assert found["bundle"]["url"] == "https://packages.mirantis.com/caas/mke_bundle_v4.1.2_amd64.tar.gz"
    assert {
        "source": "registry.k8s.io/pause:3.9",
        "target": "r.example.com:5000/mke/k0sproject/pause:3.9",
    } in found["images"]
    assert found["charts"] == [
        {
            "source": "oci://registry.mirantis.com/mke/mirrored-chart-tigera-operator",
            "target": "oci://r.example.com:5000/mke/mirrored-chart-tigera-operator",
            "version": "v3.30.200",
        },
        {
            "source": "oci://registry.mirantis.com/k0rdent-enterprise/charts/k0rdent-enterprise",
            "target": "oci://r.example.com:5000/k0rdent-enterprise/charts/k0rdent-enterprise",
            "version": "1.1.0",
        },
        {
            "source": "oci://registry.mirantis.com/mke/mke-operator",
            "target": "oci://r.example.com:5000/mke/mke-operator",
            "version": "3.11.2",
        },
    ]
    text = "\n".join(shopping_text(found))
    assert "mke_bundle_v4.1.2_amd64_checksum.txt" in text
    assert "s3cret" not in text


def test_without_own_registries_everything_stays_where_it_is() -> None:
    found = shopping_list(cluster(login=False), LAYERS, {"mke_operator": "oci://elsewhere.example.com/x/op"})
    assert all(item["source"] == item["target"] for item in [*found["images"], *found["charts"]])


def test_what_k0s_lists_wins_over_the_table_and_an_unknown_k0s_is_told() -> None:
    made = cluster(registries=OWN)
    found = shopping_list(made, ("k0s",), {}, ["quay.io/k0sproject/pause:9.9"], "arm64")
    assert [item["source"] for item in found["images"]] == ["quay.io/k0sproject/pause:9.9"]
    assert found["bundle"]["url"].endswith("_arm64.tar.gz")
    loaded = load(document("v4.1.2", HOSTS), overrides={"k0s_version": "v1.32.99+k0s.0"})
    found = shopping_list(loaded.require(), ("k0s",), {})
    assert not found["images_known"]
    assert "v1.32.99+k0s.0 are not known here" in shopping_text(found)[-1]


@pytest.mark.parametrize(
    ("version", "name"),
    [("v4.1.0", "mke_bundle_v4.1.0.tar.gz"), ("v4.0.0", ""), ("v4.1.5", "mke_bundle_v4.1.5_amd64.tar.gz")],
)
def test_the_bundle_has_the_name_that_the_release_gave_it(version: str, name: str) -> None:
    found = shopping_list(cluster(version, login=False), ("k0s",), {})
    assert found["bundle"]["url"].rpartition("/")[2] == name
    assert ("bundle" in "".join(line.split(" ")[0] for line in shopping_text(found))) == bool(name)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe of the pods' network on a real API server; a thread plays the kubelets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.probe import Reached, run_probe
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.probe_objects import IMAGE, Probe
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from tests.integration.api.mothership.cluster import Mothership
from tests.integration.api.mothership.pods import POD, kubelets, names_of, node
from tests.lab.standin import kinds
from tests.lab.standin.api import Object

LABEL = "mke4k.core/network-probe"


@pytest.fixture
def there(mothership: Mothership) -> Iterator[Mothership]:
    for name in ("m1", "m2", "m3"):
        node(mothership.api, name, manager=True)
    for name in ("w1", "w2", "w3.example.com"):
        node(mothership.api, name, unschedulable=name == "w2")
    made = kinds.CONFIG_MAP.made("kube-proxy", "kube-system", data={"config.conf": "mode: iptables"})
    mothership.api.apply(kinds.CONFIG_MAP, made, "test")
    yield mothership
    for name in ("kube-proxy", "mke4k-network"):
        mothership.api.delete(kinds.CONFIG_MAP, name, "kube-system")
    for pod in mothership.api.list(POD):
        mothership.api.delete(POD, pod["metadata"]["name"], pod["metadata"]["namespace"])


def probe(mothership: Mothership, name: str, said: list[str] | None = None, seconds: float = 20) -> Reached:
    request = Probe(f"mke4k-network-probe-{name}", IMAGE, 80)
    report = said.append if said is not None else lambda _text: None
    return run_probe(mothership.bed.api(), request, "tigera", seconds, report)


def left_behind(mothership: Mothership) -> list[str]:
    found = [item for item in mothership.api.list(kinds.NAMESPACE) if LABEL in (item["metadata"].get("labels") or {})]
    return names_of([item for item in found if not item["metadata"].get("deletionTimestamp")])


def containers(pod: Object) -> dict[str, list[str]]:
    return {each["name"]: each["args"] for each in pod["spec"]["containers"]}


def test_pods_on_two_managers_and_two_workers_reach_each_other_and_a_service(there: Mothership) -> None:
    said: list[str] = []
    with kubelets(there.api) as played:
        found = probe(there, "all", said)
    assert found.nodes == ("m1", "m2", "w1", "w3.example.com")
    assert (found.ways, found.with_service, found.changed, found.warnings) == (20, True, True, ())
    assert left_behind(there) == []
    client = played.seen["client-on-m1"]
    assert sorted(containers(client)) == ["to-m1", "to-m2", "to-service", "to-w1", "to-w3-example-com"]
    assert containers(client)["to-service"][0:3:2] == ["connect", "--timeout=5s"]
    assert client["spec"]["tolerations"][0] == {"operator": "Exists"}
    assert said[0] == "using port 80 to verify networking"
    assert "to be established using calico CNI provider" in said[1]
    assert said[-2:] == ["Cleaning resources used for verifying networking", "Confirmed available networking"]


def test_it_is_remembered_that_the_network_was_confirmed(there: Mothership) -> None:
    with kubelets(there.api):
        assert probe(there, "first").changed
        assert not probe(there, "second").changed


def test_a_way_that_does_not_work_is_named_and_nothing_is_left_behind(there: Mothership) -> None:
    broken = {"client-on-w1/to-m2": "TIMEOUT", "client-on-w1/to-service": "REFUSED"}
    with kubelets(there.api, broken), pytest.raises(KubeError) as caught:
        probe(there, "broken", seconds=3)
    assert "client on w1: to-m2: TIMEOUT; to-service: REFUSED" in str(caught.value)
    assert "client on m1" not in str(caught.value)
    assert left_behind(there) == []
    assert there.api.get(kinds.CONFIG_MAP, "mke4k-network", "kube-system") is None


def test_an_image_that_no_node_can_pull_is_named(there: Mothership) -> None:
    with kubelets(there.api, no_image=True), pytest.raises(KubeError, match=f"image {IMAGE} can't be pulled"):
        probe(there, "image", seconds=2)
    assert left_behind(there) == []


def test_what_a_killed_run_has_left_behind_is_deleted_by_the_next(there: Mothership) -> None:
    old = kinds.NAMESPACE.made("mke4k-network-probe-old")
    old["metadata"]["labels"] = {LABEL: "true"}
    there.api.create(kinds.NAMESPACE, old)
    with kubelets(there.api):
        probe(there, "next")
    assert left_behind(there) == []


def test_without_kube_proxy_pods_are_tried_and_a_warning_says_so(there: Mothership) -> None:
    there.api.delete(kinds.CONFIG_MAP, "kube-proxy", "kube-system")
    with kubelets(there.api) as played:
        found = probe(there, "noproxy")
    assert (found.ways, found.with_service) == (16, False)
    assert "there is no kube-proxy" in found.warnings[0]
    assert "to-service" not in containers(played.seen["client-on-m1"])


def test_without_a_node_that_takes_pods_there_is_nothing_to_probe(there: Mothership) -> None:
    for item in there.api.list(kinds.NODE):
        node(there.api, item["metadata"]["name"], ready=False)
    with pytest.raises(KubeError, match="no node is ready"):
        probe(there, "none")

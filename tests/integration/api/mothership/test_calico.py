# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calico is installed, adopted, refused and held against mke4.yaml on a real API server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import (
    calico_chart,
    calico_expectations,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.network import Outcome, Request, bring
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.table import described, network_table
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, TimedOut
from tests.integration.api.mothership.cluster import Mothership
from tests.integration.api.mothership.pods import node
from tests.lab.standin import kinds
from tests.lab.standin.api import Object

PROXY = {
    "config.conf": 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: "iptables"\n'
}
ENVELOPE = {"apiVersion": "mke.mirantis.com/v1alpha1", "kind": "MkeConfig", "metadata": {"name": "mke"}}


def cluster(provider: str = "calico", version: str = "v4.1.2", **options: Any) -> Cluster:
    hosts = [{"role": "controller+worker", "ssh": {"address": "10.0.0.11"}}]
    network = {"providers": [{"enabled": True, "provider": provider, "extraConfig": options}]}
    return load({**ENVELOPE, "spec": {"hosts": hosts, "version": version, "network": network}}).require()


@pytest.fixture
def there(mothership: Mothership) -> Iterator[Mothership]:
    """A cluster with two nodes and kube-proxy."""
    node(mothership.api, "n1", manager=True)
    node(mothership.api, "n2")
    mothership.api.apply(kinds.CONFIG_MAP, kinds.CONFIG_MAP.made("kube-proxy", "kube-system", data=PROXY), "test")
    yield mothership
    for name in ("kube-proxy", "mke4k-network"):
        mothership.api.delete(kinds.CONFIG_MAP, name, "kube-system")


def run(mothership: Mothership, config: Cluster, *, vni: int = 4096, **changes: Any) -> tuple[Outcome, int]:
    """The outcome, and how many requests it took."""
    expected = calico_expectations(config, vni)
    chart = calico_chart(config, "", vni) if expected.engine == "tigera" else None
    asked: dict[str, Any] = {"timeout": 20.0, "chart_timeout": 20, "dry_run": False, **changes}
    api = mothership.bed.api()
    outcome = bring(api, Request(expected, chart, **asked), lambda _text: None)
    return outcome, api.requests


def daemon_set(mothership: Mothership, name: str, namespace: str, **variables: str) -> None:
    labels = {"k8s-app": name}
    environment = [{"name": key, "value": value} for key, value in variables.items()]
    container = {"name": name, "image": "quay.io/calico/node:v3.27.3", "env": environment}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    mothership.bed.ensure_namespace(namespace)
    mothership.api.apply(kinds.DAEMON_SET, kinds.DAEMON_SET.made(name, namespace, spec=spec), "test")


def pool(mothership: Mothership, cidr: str) -> None:
    spec = {"cidr": cidr, "blockSize": 26, "vxlanMode": "Always", "ipipMode": "Never"}
    mothership.api.apply(kinds.IP_POOL, kinds.IP_POOL.made("default-ipv4-ippool", spec=spec), "test")


def felix(mothership: Mothership) -> Object:
    found = mothership.api.get(kinds.FELIX, "default")
    assert found is not None
    return found


def test_calico_comes_up_as_the_file_says_and_the_second_run_changes_nothing(there: Mothership) -> None:
    config = cluster(cidrV4="10.20.0.0/16")
    first, _requests = run(there, config)
    assert (first.changed, first.chart_action, first.differing, first.lacking) == (True, "created", (), ())
    assert felix(there)["spec"]["vxlanVNI"] == 4096
    second, requests = run(there, config)
    assert (second.changed, second.chart_action, second.differing) == (False, "unchanged", ())
    assert requests <= 9
    network = described(calico_expectations(config), second.seen)
    assert network["pools"] == [{"cidr": "10.20.0.0/16", "encapsulation": "VXLAN", "block_size": 26}]
    assert (network["nodes_ready"], network["kube_proxy_mode"]) == (2, "iptables")
    assert {item["name"] for item in network["tigerastatus"] if item["available"]} >= {"calico", "apiserver"}
    text = network_table(network)
    assert any(line.split(None, 1) == ["VXLAN", "port 4789, VNI 4096"] for line in text)


def test_a_new_setting_is_waited_for_until_calico_has_it(there: Mothership) -> None:
    run(there, cluster())
    again, _requests = run(there, cluster(), vni=10000)
    assert (again.changed, again.chart_action, again.differing) == (True, "updated", ())
    assert felix(there)["spec"]["vxlanVNI"] == 10000


def test_check_mode_says_what_would_be_installed_and_installs_nothing(there: Mothership) -> None:
    outcome, _requests = run(there, cluster(), dry_run=True)
    assert (outcome.changed, outcome.chart_action) == (True, "created")
    assert outcome.lacking
    assert there.api.list(kinds.CHART) == []


def test_a_setting_that_somebody_has_changed_in_the_cluster_is_an_error(there: Mothership) -> None:
    run(there, cluster())
    there.api.patch(kinds.FELIX, felix(there), {"spec": {"vxlanVNI": 77}})
    with pytest.raises(KubeError, match="vxlanVNI is 77, not 4096"):
        run(there, cluster())
    shown, _requests = run(there, cluster(), dry_run=True)
    assert shown.differing == ("FelixConfiguration default: vxlanVNI is 77, not 4096",)


def test_another_range_is_refused_before_anything_changes(there: Mothership) -> None:
    run(there, cluster(cidrV4="10.20.0.0/16"))
    before = there.api.list(kinds.CHART)
    with pytest.raises(KubeError, match=r"have addresses of 10\.20\.0\.0/16, and mke4\.yaml asks for 10\.30"):
        run(there, cluster(cidrV4="10.30.0.0/16"))
    assert there.api.list(kinds.CHART)[0]["spec"] == before[0]["spec"]


def test_calico_of_mke_cannot_be_exchanged_for_a_plugin_of_one_s_own(there: Mothership) -> None:
    run(there, cluster())
    with pytest.raises(KubeError, match=r"asks for a network plugin of the user's own.*\n.*fixed once it exists"):
        run(there, cluster("custom"))


@pytest.mark.parametrize(
    ("name", "words"), [("cilium", "Cilium"), ("kube-router", "kube-router"), ("calico-node", "Calico without")]
)
def test_calico_is_not_installed_over_another_plugin(there: Mothership, name: str, words: str) -> None:
    daemon_set(there, name, "kube-system")
    with pytest.raises(KubeError, match=f"This cluster has {words}"):
        run(there, cluster())
    assert there.api.list(kinds.CHART) == []


def test_calico_of_mkectl_is_adopted_and_left_as_it_is(there: Mothership) -> None:
    values = calico_chart(cluster(), "", 10000)["values"]
    there.chart(
        "k0s-addon-chart-tigera-operator", "mke/mirrored-chart-tigera-operator", "v3.30.200", "tigera-operator", values
    )
    there.until(lambda item: bool(item.get("status")), kinds.TIGERA_STATUS, "calico")
    outcome, _requests = run(there, cluster())
    assert (outcome.changed, outcome.chart_action) == (False, "adopted")
    assert outcome.differing == ("FelixConfiguration default: vxlanVNI is 10000, not 4096",)
    with pytest.raises(KubeError, match=r"mke4\.yaml asks for 10\.30\.0\.0/16"):
        run(there, cluster(cidrV4="10.30.0.0/16"))


def test_a_calico_that_does_not_come_up_is_explained_by_its_own_words(there: Mothership) -> None:
    there.fault(calico__calico={"error": "Pod calico-system/calico-node-x failed to pull container image"})
    with pytest.raises(TimedOut, match=r"TigeraStatus calico: .*Degraded is True.*failed to pull container image"):
        run(there, cluster(), timeout=3.0)


def test_with_a_plugin_of_one_s_own_it_waits_for_the_nodes(there: Mothership) -> None:
    node(there.api, "n2", ready=False)
    with pytest.raises(TimedOut, match=r"Node n2: .*cni plugin not initialized"):
        run(there, cluster("custom"), timeout=1.0)
    node(there.api, "n2")
    outcome, requests = run(there, cluster("custom"))
    assert (outcome.changed, outcome.chart_action, requests) == (False, "", 3)
    assert there.api.list(kinds.CHART) == []


def test_calico_of_k0s_is_only_looked_at(there: Mothership) -> None:
    config = cluster(version="v4.0.0")
    daemon_set(there, "calico-node", "kube-system", FELIX_VXLANPORT="4789", FELIX_VXLANVNI="10000")
    pool(there, "192.168.0.0/16")
    outcome, _requests = run(there, config)
    assert (outcome.changed, outcome.chart_action, outcome.differing) == (False, "", ())
    network = described(calico_expectations(config), outcome.seen)
    assert (network["version"], network["vxlan_vni"]) == ("v3.27.3", 10000)
    daemon_set(there, "calico-node", "kube-system", FELIX_VXLANPORT="4789", FELIX_VXLANVNI="5")
    with pytest.raises(KubeError, match="FELIX_VXLANVNI is 5, not 10000"):
        run(there, config)


def test_another_mode_of_kube_proxy_is_an_error(there: Mothership) -> None:
    data = yaml.safe_load(yaml.safe_dump(PROXY).replace("iptables", "ipvs"))
    there.api.apply(kinds.CONFIG_MAP, kinds.CONFIG_MAP.made("kube-proxy", "kube-system", data=data), "test")
    with pytest.raises(KubeError, match="kube-proxy: mode is ipvs, not iptables"):
        run(there, cluster())

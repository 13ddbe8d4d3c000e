# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Optional

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import Expectations, Pool
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico import checks
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.differences import differences, same_range
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.guard import refusals
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.network import chart_result, is_tigera, waiting
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.seen import Seen, pool_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.table import described, network_table

from .networks import (
    CUSTOM,
    INSTALLATION,
    K0S,
    KUBEROUTER,
    POOL,
    TIGERA,
    condition,
    daemon,
    named,
    pool,
    proxy,
    seen,
    status,
)


def test_a_network_that_is_as_asked_has_no_differences() -> None:
    assert differences(TIGERA, seen()) == []


@pytest.mark.parametrize(
    ("expected", "found", "line"),
    [
        (
            TIGERA,
            seen(felix=named("default", spec={"vxlanPort": 4789})),
            "FelixConfiguration default: vxlanVNI is not set, not 4096",
        ),
        (TIGERA, seen(pools=()), "there is no IPPool for 10.20.0.0/16 (there: none)"),
        (TIGERA, seen(pools=(pool("10.9.0.0/16"),)), "there is no IPPool for 10.20.0.0/16 (there: 10.9.0.0/16)"),
        (
            TIGERA,
            seen(pools=(pool(vxlanMode="Never", ipipMode="Always"),)),
            "IPPool for 10.20.0.0/16: encapsulation is IPIP, not VXLAN",
        ),
        (TIGERA, seen(pools=(pool(blockSize=24),)), "IPPool for 10.20.0.0/16: blockSize is 24, not 26"),
        (TIGERA, seen(proxy=proxy("ipvs")), "kube-proxy: mode is ipvs, not iptables"),
        (
            TIGERA,
            seen(installation=named("default", spec={**INSTALLATION, "registry": "quay.io/"})),
            "Installation default: registry is quay.io/, not registry.example.com/mke/",
        ),
        (
            K0S,
            seen(installation=None, felix=None, node_daemon=daemon("calico-node", "kube-system", FELIX_VXLANVNI="1")),
            "DaemonSet kube-system/calico-node: FELIX_VXLANVNI is 1, not 4096",
        ),
    ],
)
def test_each_setting_that_is_another_one_is_told(expected: Expectations, found: Seen, line: str) -> None:
    assert differences(expected, found) == [line]


def test_lists_are_compared_item_by_item() -> None:
    asked = replace(TIGERA, installation={"imagePullSecrets": [{"name": "a"}], "calicoNetwork": {}})
    there = named("default", spec={"imagePullSecrets": [{"name": "a", "more": 1}]})
    assert differences(asked, seen(installation=there)) == []
    there = named("default", spec={"imagePullSecrets": [{"name": "b"}]})
    assert differences(asked, seen(installation=there)) != []


def test_a_cluster_without_kube_proxy_differs_in_nothing() -> None:
    assert differences(TIGERA, seen(proxy=None)) == []
    assert differences(replace(TIGERA, proxy_mode=""), seen()) == []


@pytest.mark.parametrize(
    ("data", "mode"),
    [
        ({"config.conf": 'mode: "nftables"\n'}, "nftables"),
        ({"config.conf": "  mode: x\n"}, "iptables"),
        ({"config.conf": 'mode: ""'}, "iptables"),
        ({}, "iptables"),
    ],
)
def test_kube_proxy_s_mode_is_read_from_its_settings(data: Dict[str, str], mode: str) -> None:
    assert seen(proxy=named("kube-proxy", data=data)).proxy_mode == mode


def test_ranges_are_the_same_however_they_are_written() -> None:
    assert same_range("10.0.0.0/8", "10.1.2.3/8")
    assert not same_range("10.0.0.0/8", "words")


def test_what_is_asked_for_may_be_made_on_a_cluster_without_a_network() -> None:
    for expected in (TIGERA, K0S, KUBEROUTER, CUSTOM):
        assert refusals(expected, Seen(), our_chart=False) == []


@pytest.mark.parametrize(
    ("expected", "live", "our_chart", "words"),
    [
        (CUSTOM, Seen(), True, "has Calico run by the Tigera operator, and mke4.yaml asks for a network plugin of"),
        (K0S, seen(), False, "has Calico run by the Tigera operator, and mke4.yaml asks for Calico run by k0s"),
        (KUBEROUTER, Seen(), True, "mke4.yaml asks for kube-router run by k0s"),
        (TIGERA, Seen(daemon_sets=(named("cilium", "x"),)), False, "has Cilium (DaemonSet x/cilium)"),
        (TIGERA, Seen(daemon_sets=(named("calico-node", "kube-system"),)), False, "Calico without the Tigera operator"),
        (K0S, Seen(daemon_sets=(named("kube-router", "kube-system"),)), False, "has kube-router"),
        (TIGERA, seen(pools=(pool("10.9.0.0/16"),)), True, "addresses of 10.9.0.0/16, and mke4.yaml asks for 10.20"),
        (TIGERA, seen(pools=(pool(blockSize=24),)), True, "in blocks of /24, and mke4.yaml asks for /26"),
    ],
)
def test_another_network_than_the_live_one_is_refused(
    expected: Expectations, live: Seen, our_chart: bool, words: str
) -> None:
    (line,) = refusals(expected, live, our_chart=our_chart)
    assert words in line


@pytest.mark.parametrize(
    ("expected", "live", "our_chart"),
    [
        (TIGERA, seen(daemon_sets=(named("calico-node", "calico-system"), named("node-exporter", "mke"))), True),
        (K0S, Seen(daemon_sets=(named("calico-node", "kube-system"),), pools=(pool(),)), False),
        (CUSTOM, Seen(daemon_sets=(named("cilium", "kube-system"),)), False),
        (
            TIGERA,
            seen(installation=named("d", spec={"calicoNetwork": {"ipPools": []}}), pools=(pool("1.0.0.0/8"),)),
            True,
        ),
    ],
)
def test_the_network_that_is_there_already_is_not_refused(expected: Expectations, live: Seen, our_chart: bool) -> None:
    assert refusals(expected, live, our_chart=our_chart) == []


@pytest.mark.parametrize(
    ("manifest", "generation", "state", "words"),
    [
        (None, 0, "pending", "does not exist"),
        (status("calico", condition("Available")), 7, "met", ""),
        (status("calico", condition("Available", observedGeneration=2)), 2, "met", ""),
        (status("calico", condition("Available", observedGeneration=1)), 2, "pending", "not yet about 2"),
        (
            status(
                "calico",
                condition("Available", "False"),
                condition("Degraded", reason="PodFailure", message="no image"),
                condition("Progressing", "False"),
            ),
            0,
            "pending",
            "Available is False; Degraded is True (PodFailure): no image",
        ),
    ],
)
def test_a_part_of_calico_is_available_when_it_says_so_of_the_newest_installation(
    manifest: Optional[Dict[str, Any]], generation: int, state: str, words: str
) -> None:
    verdict = checks.available(generation)(manifest)
    assert verdict.state == state
    assert words in verdict.message


@pytest.mark.parametrize(
    ("expected", "names"),
    [
        (TIGERA, {"Installation default", "TigeraStatus calico", "IPPool objects", "FelixConfiguration default"}),
        (replace(TIGERA, pools=(), felix={}), {"Installation default", "TigeraStatus calico"}),
        (K0S, {"DaemonSet kube-system/calico-node", "IPPool objects"}),
        (KUBEROUTER, {"DaemonSet kube-system/kube-router"}),
        (CUSTOM, set()),
    ],
)
def test_every_network_is_waited_for_by_what_brings_it(expected: Expectations, names: Any) -> None:
    common = {"Node objects", "ConfigMap kube-system/kube-proxy", "ConfigMap kube-system/mke4k-network"}
    found = {str(item) for item in checks.wanted(expected)} - {"TigeraStatus objects"}
    assert found == names | common


def test_the_table_shows_what_the_cluster_has() -> None:
    installation = named("default", spec=INSTALLATION, status={"calicoVersion": "v3.30.2"})
    statuses = (
        status("calico", condition("Available")),
        status("apiserver", condition("Available", "False"), condition("Degraded", message="no")),
        status("ippools", condition("Available", "False")),
    )
    nodes = (named("n1", status={"conditions": [condition("Ready")]}), named("n2"))
    network = described(TIGERA, seen(installation=installation, statuses=statuses, nodes=nodes))
    assert [" ".join(line.split()) for line in network_table(network)] == [
        "NETWORK VALUE",
        "provider calico",
        "version v3.30.2",
        "pods 10.20.0.0/16, VXLAN, blocks of /26",
        "VXLAN port 4789, VNI 4096",
        "dataplane Iptables",
        "kube-proxy iptables",
        "nodes ready 1 of 2",
        "tigerastatus calico available",
        "tigerastatus apiserver Degraded is True: no",
        "tigerastatus ippools not available",
    ]


def test_calico_of_k0s_is_shown_by_its_daemon_set() -> None:
    node = daemon("calico-node", "kube-system", FELIX_VXLANPORT="4789", FELIX_VXLANVNI="4096")
    network = described(K0S, Seen(node_daemon=node))
    assert (network["version"], network["vxlan_vni"], network["vxlan_port"]) == ("v3.27.3", 4096, 4789)
    assert "kube-proxy   none" in network_table(network)


def test_a_network_of_which_nothing_is_known_has_a_table_too() -> None:
    assert [line.split() for line in network_table(described(CUSTOM, Seen()))][1:3] == [
        ["provider", "custom"],
        ["kube-proxy", "none"],
    ]


def test_a_pool_is_read_with_what_it_leaves_out() -> None:
    assert pool_of(named("x", spec={"cidr": "10.0.0.0/8"})) == Pool("10.0.0.0/8", "Never", "Never", 26)
    assert pool_of(pool()) == POOL


@pytest.mark.parametrize(
    ("engine", "seconds", "text"),
    [
        ("custom", 600, "waiting 10 minutes for cluster networking to be established using custom CNI provider"),
        ("tigera", 90, "waiting 90 seconds for cluster networking to be established using calico CNI provider"),
        ("kuberouter", 60, "waiting 1 minutes for cluster networking to be established using kuberouter CNI provider"),
    ],
)
def test_it_says_what_mkectl_says(engine: str, seconds: float, text: str) -> None:
    assert waiting(engine, seconds) == text


def test_a_chart_is_told_only_where_there_is_one() -> None:
    chart = {"name": "tigera-operator", "chart": "oci://r/x", "version": "v1", "values": {}}
    assert chart_result(None, "") == {}
    assert chart_result(chart, "created") == {
        "name": "tigera-operator",
        "reference": "oci://r/x",
        "version": "v1",
        "action": "created",
    }
    assert is_tigera(named("x", spec={"chartName": "oci://r/mirrored-chart-tigera-operator"}))
    assert not is_tigera(named("x", spec={"chartName": "oci://r/kcm"}))

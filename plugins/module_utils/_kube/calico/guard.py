# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a live cluster cannot have the network that mke4.yaml asks for. Pure.

Pods keep the addresses and the plugin that they were started with, so neither can be changed under them.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Iterator, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.releases import K0S_CALICO, TIGERA
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import (
    CUSTOM,
    KUBEROUTER,
    SYSTEM_NAMESPACE,
    Expectations,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.differences import pool_for
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.seen import (
    Seen,
    name_of,
    namespace_of,
    pool_of,
    spec_of,
)

REMEDY = (
    "The network of a cluster is fixed once it exists: write in mke4.yaml what the cluster has, or reset the cluster"
    " and install it anew."
)
WORDS: Mapping[str, str] = {
    TIGERA: "Calico run by the Tigera operator",
    K0S_CALICO: "Calico run by k0s",
    KUBEROUTER: "kube-router run by k0s",
    CUSTOM: "a network plugin of the user's own",
}

# DaemonSets by name and namespace (empty: any), and the network that each belongs to.
_PLUGINS: Tuple[Tuple[str, str, str, str], ...] = (
    ("calico-node", SYSTEM_NAMESPACE, TIGERA, WORDS[TIGERA]),
    ("calico-node", "", K0S_CALICO, "Calico without the Tigera operator"),
    ("kube-router", "", KUBEROUTER, "kube-router"),
    ("cilium", "", CUSTOM, "Cilium"),
    ("kube-flannel-ds", "", CUSTOM, "Flannel"),
    ("canal", "", CUSTOM, "Canal"),
    ("weave-net", "", CUSTOM, "Weave Net"),
    ("antrea-agent", "", CUSTOM, "Antrea"),
)


def refusals(expected: Expectations, seen: Seen, *, our_chart: bool) -> List[str]:
    """`our_chart`: the chart of the Tigera operator is one that this collection, or mkectl, has installed."""
    found = list(_other_network(expected, seen, our_chart))
    return found or list(_other_range(expected, seen))


def _other_network(expected: Expectations, seen: Seen, our_chart: bool) -> Iterator[str]:
    if expected.engine == CUSTOM:
        # The user's own plugin may be Calico too, but not the one of this chart.
        if our_chart:
            yield _changes(WORDS[TIGERA], WORDS[CUSTOM])
        return
    if expected.engine != TIGERA and (our_chart or seen.installation is not None):
        yield _changes(WORDS[TIGERA], WORDS[expected.engine])
        return
    for item in seen.daemon_sets:
        engine, words = _plugin(name_of(item), namespace_of(item))
        if engine and engine != expected.engine:
            yield _changes(
                f"{words} (DaemonSet {namespace_of(item)}/{name_of(item)})", WORDS.get(expected.engine, expected.engine)
            )


def _plugin(name: str, namespace: str) -> Tuple[str, str]:
    for known, place, engine, words in _PLUGINS:
        if known == name and place in ("", namespace):
            return engine, words
    return "", ""


def _other_range(expected: Expectations, seen: Seen) -> Iterator[str]:
    """Calico of the operator is asked by its Installation: the IPPools follow that a moment later."""
    if not seen.pools:
        return
    listed = (spec_of(seen.installation).get("calicoNetwork") or {}).get("ipPools")
    if expected.engine == TIGERA and listed == []:
        # The user makes the pools.
        return
    for pool in expected.pools:
        found = pool_for(pool, seen)
        there = ", ".join(pool_of(item).cidr for item in seen.pools)
        if found is None:
            yield f"The pods of this cluster have addresses of {there}, and mke4.yaml asks for {pool.cidr}."
        elif found.block_size != pool.block_size:
            yield (
                f"The addresses of {pool.cidr} are handed out in blocks of /{found.block_size}, and mke4.yaml asks for"
                f" /{pool.block_size}."
            )


def _changes(there: str, wanted: str) -> str:
    return f"This cluster has {there}, and mke4.yaml asks for {wanted}."

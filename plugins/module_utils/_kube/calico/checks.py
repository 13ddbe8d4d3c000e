# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the network must have before pods can use it, as checks for a wait. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._config.releases import K0S_CALICO, TIGERA
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import (
    KUBEROUTER,
    NAMESPACE,
    SYSTEM_NAMESPACE,
    Expectations,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico import seen
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Selection, Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import (
    MET,
    PENDING,
    Check,
    Manifest,
    Verdict,
    condition,
    exists,
    find_condition,
    in_words,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.workloads import daemonset_ready, node_ready

# Where the pods are whose troubles explain a network that does not come up.
NAMESPACES: Mapping[str, List[str]] = {
    TIGERA: [NAMESPACE, SYSTEM_NAMESPACE, "calico-apiserver"],
    K0S_CALICO: ["kube-system"],
    KUBEROUTER: ["kube-system"],
}
_CALICO = Ref(seen.TIGERA_STATUS.api_version, seen.TIGERA_STATUS.kind, "calico")


def wanted(expected: Expectations, generation: int = 0) -> List[Wanted]:
    """`generation`: that of the Installation which the status has to be about, where it was changed just now."""
    found = [*_of_engine(expected, generation), Wanted(Selection(seen.NODE), node_ready())]
    # Read along with the others; whether they are there does not matter here.
    return [*found, Wanted(seen.PROXY_CONFIG, _anyhow), Wanted(seen.CONFIRMED, _anyhow)]


def _of_engine(expected: Expectations, generation: int) -> List[Wanted]:
    if expected.engine == TIGERA:
        found = [
            Wanted(seen.INSTALLATION, exists()),
            Wanted(_CALICO, available(generation)),
            Wanted(Selection(seen.TIGERA_STATUS), available()),
        ]
        if expected.pools:
            found.append(Wanted(Selection(seen.IP_POOL), exists()))
        return [*found, Wanted(seen.FELIX, exists())] if expected.felix else found
    if expected.engine == K0S_CALICO:
        return [Wanted(seen.K0S_CALICO_NODE, daemonset_ready(1)), Wanted(Selection(seen.IP_POOL), exists())]
    if expected.engine == KUBEROUTER:
        return [Wanted(seen.KUBE_ROUTER, daemonset_ready(1))]
    return []


def available(generation: int = 0) -> Check:
    """A TigeraStatus that is available; else with what its Degraded or Progressing condition says."""
    plain = condition("Available", generation=False)

    def check(manifest: Optional[Manifest]) -> Verdict:
        verdict = plain(manifest)
        if manifest is None:
            return verdict
        told = int((find_condition(manifest, "Available") or {}).get("observedGeneration") or generation)
        if verdict.state == MET and told >= generation:
            return verdict
        if verdict.state == MET:
            return Verdict(PENDING, f"it is about generation {told} of the Installation, not yet about {generation}")
        why = [find_condition(manifest, kind) for kind in ("Degraded", "Progressing")]
        words = [in_words(item) for item in why if item and item.get("status") == "True"]
        return Verdict(verdict.state, "; ".join([verdict.message, *words]))

    return check


def _anyhow(_manifest: Optional[Manifest]) -> Verdict:
    return Verdict(MET)

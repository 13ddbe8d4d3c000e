# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between the network that is there and the one that mke4.yaml asks for, in words. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import ipaddress
from typing import Any, Iterator, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._config.releases import K0S_CALICO
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import Expectations, Pool
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.seen import (
    Seen,
    environment_of,
    pool_of,
    spec_of,
)

_K0S_SETTINGS = {"vxlanPort": "FELIX_VXLANPORT", "vxlanVNI": "FELIX_VXLANVNI"}


def differences(expected: Expectations, seen: Seen) -> List[str]:
    """A line for each setting that is another one."""
    return [
        *_fields("Installation default", _without_pools(expected.installation), spec_of(seen.installation)),
        *(_fields("FelixConfiguration default", expected.felix, spec_of(seen.felix)) if _by_object(expected) else ()),
        *(_of_k0s(expected, seen) if expected.engine == K0S_CALICO else ()),
        *(line for pool in expected.pools for line in _pool(pool, seen)),
        *_proxy(expected, seen),
    ]


def same_range(left: str, right: str) -> bool:
    try:
        return ipaddress.ip_network(left, strict=False) == ipaddress.ip_network(right, strict=False)
    except ValueError:
        return left == right


def _by_object(expected: Expectations) -> bool:
    return expected.engine != K0S_CALICO


def _of_k0s(expected: Expectations, seen: Seen) -> Iterator[str]:
    """k0s sets Felix by variables of calico-node."""
    found = environment_of(seen.node_daemon)
    for name, wanted in expected.felix.items():
        variable = _K0S_SETTINGS[name]
        if variable in found and found[variable] != str(wanted):
            yield f"DaemonSet kube-system/calico-node: {variable} is {found[variable]}, not {wanted}"


def _without_pools(installation: Mapping[str, Any]) -> Mapping[str, Any]:
    """Pools are compared as IPPools, which is what counts."""
    network = {key: value for key, value in (installation.get("calicoNetwork") or {}).items() if key != "ipPools"}
    return {**installation, "calicoNetwork": network} if installation else {}


def _fields(name: str, wanted: Any, found: Any, path: str = "") -> Iterator[str]:
    if isinstance(wanted, Mapping):
        for key, value in wanted.items():
            inner = found.get(key) if isinstance(found, Mapping) else None
            yield from _fields(name, value, inner, f"{path}.{key}" if path else str(key))
    elif wanted is not None and not _same(wanted, found):
        there = "not set" if found is None else found
        yield f"{name}: {path} is {there}, not {wanted}"


def _same(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, str) and isinstance(found, str):
        return wanted.rstrip("/") == found.rstrip("/")
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(not list(_fields("", *pair)) for pair in zip(wanted, found))
    return bool(wanted == found)


def _pool(wanted: Pool, seen: Seen) -> Iterator[str]:
    found = pool_for(wanted, seen)
    if found is None:
        there = ", ".join(pool_of(item).cidr for item in seen.pools) or "none"
        yield f"there is no IPPool for {wanted.cidr} (there: {there})"
        return
    for name, want, have in (
        ("encapsulation", wanted.encapsulation, found.encapsulation),
        ("blockSize", wanted.block_size, found.block_size),
    ):
        if want != have:
            yield f"IPPool for {wanted.cidr}: {name} is {have}, not {want}"


def pool_for(wanted: Pool, seen: Seen) -> Optional[Pool]:
    return next((pool for pool in map(pool_of, seen.pools) if same_range(pool.cidr, wanted.cidr)), None)


def _proxy(expected: Expectations, seen: Seen) -> Iterator[str]:
    if seen.proxy_mode and expected.proxy_mode and seen.proxy_mode != expected.proxy_mode:
        yield f"kube-proxy: mode is {seen.proxy_mode}, not {expected.proxy_mode}"

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers that a cluster is made of, from the hosts up. Each is a role, and a run may end after any of them.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Iterable, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import nearest
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import Release

K0S = "k0s"
CALICO = "calico"
K0RDENT = "k0rdent"
MKE_OPERATOR = "mke_operator"
LAYERS = (K0S, CALICO, K0RDENT, MKE_OPERATOR)


class UnknownLayer(ValueError):
    """A name that no layer has."""


def layers(release: Release, wanted: Any = None) -> Tuple[str, ...]:
    """The layers of a run in their order: all that the release has, or those of them that are wanted.

    `wanted` is a list, or text with commas between the names as surveys of AWX give it; empty means all.
    Releases before 4.1.0 have neither k0rdent nor a chart of mke-operator.
    """
    names = _names(wanted)
    unknown = [name for name in names if name not in LAYERS]
    if unknown:
        hints = [f"{name!r}{_hint(name)}" for name in unknown]
        raise UnknownLayer(f"mke4k_layers has {', '.join(hints)}; the layers are {', '.join(LAYERS)}")
    return tuple(layer for layer in LAYERS if layer in (names or LAYERS) and _has(release, layer))


def _names(wanted: Any) -> List[str]:
    items: Iterable[Any] = wanted.split(",") if isinstance(wanted, str) else wanted or ()
    return [name for name in (str(item).strip() for item in items) if name]


def _hint(name: str) -> str:
    near = nearest(name, LAYERS)
    return f" (did you mean {near!r}?)" if near else ""


def _has(release: Release, layer: str) -> bool:
    if layer == K0RDENT:
        return bool(release.k0rdent)
    return layer != MKE_OPERATOR or bool(release.operator_chart)

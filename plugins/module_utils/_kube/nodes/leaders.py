# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sees that somebody makes new pods and somebody places them, before pods are taken away.

After the restart of a controller a lease can still look valid while nobody works: only a renewal proves that its holder
lives. That needs no two clocks to agree.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Dict, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import TimedOut
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.objects import metadata_of, spec_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

LEADERS: Tuple[Ref, ...] = tuple(
    Ref("coordination.k8s.io/v1", "Lease", name, "kube-system")
    for name in ("kube-controller-manager", "kube-scheduler")
)
# A holder renews every two seconds.
_PAUSE = 0.3

Seen = Dict[Ref, Tuple[str, str]]


def first_look(api: Api) -> Seen:
    """Who leads what, and when that was renewed. A component without a lease has nobody to share its work with."""
    found: Seen = {}
    for ref in LEADERS:
        lease = api.get(ref)
        if lease is not None:
            found[ref] = _renewal(lease)
    return found


def until_renewed(api: Api, before: Seen, timeout: float) -> None:
    """Returns when every lease was renewed since that look."""
    left = dict(before)
    until = api.clock.now() + timeout
    while left:
        for ref, renewal in list(left.items()):
            lease = api.get(ref)
            if lease is not None and _renewal(lease) != renewal and spec_of(lease).get("holderIdentity"):
                del left[ref]
        if not left:
            return
        if api.clock.now() >= until:
            raise _nobody(api, left, timeout)
        api.clock.sleep(_PAUSE)


def _renewal(lease: Dict[str, object]) -> Tuple[str, str]:
    spec = spec_of(lease)
    return str(spec.get("renewTime") or ""), str(metadata_of(lease).get("resourceVersion") or "")


def _nobody(api: Api, left: Seen, timeout: float) -> TimedOut:
    names: List[str] = [ref.name for ref in left]
    lines = [f"{ref.name} was renewed last at {renewal[0] or 'no time'}" for ref, renewal in left.items()]
    return TimedOut(
        f"For {timeout:.0f} s no {' and no '.join(names)} has renewed its lease in kube-system on {api.server}"
        f" ({'; '.join(lines)}). Without them pods that are evicted do not come back, so none was. Look at k0s on the"
        " controllers (journalctl -u k0scontroller), then run again.",
        lacking=lines,
    )

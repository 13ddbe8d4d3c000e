# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which process of CAPA does the work: one that has just started waits until the lease of the last one has run out.

Until then nobody calls AWS, so that nothing could be refused, and nothing be proven.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import TimedOut
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import Clock

# CAPA's own name for it (main.go). It lasts 15 s, and CAPA does not give it back when it ends.
LEASE = "controller-leader-elect-capa"
LEAD_SECONDS = 120.0
PAUSE = 1.0


def until_led(api: Api, namespace: str, clock: Clock, say: Callable[[str], None]) -> None:
    """Returns once the lease is held by a Pod that runs; at once where CAPA runs without a lease."""
    until = clock.now() + LEAD_SECONDS
    told = False
    while True:
        lease = api.get(Ref("coordination.k8s.io/v1", "Lease", LEASE, namespace))
        pod = _holder(lease)
        if lease is None or (pod and _runs(api.get(Ref("v1", "Pod", pod, namespace)))):
            return
        if clock.now() >= until:
            raise TimedOut(
                f"After {LEAD_SECONDS:.0f} s no process of CAPA has taken over the work: the Lease {namespace}/{LEASE}"
                f" is still held by {pod or 'nobody'}, which does not run. See the log of its Deployment, then run"
                " again.",
                lacking=[f"Lease {namespace}/{LEASE}"],
            )
        if not told:
            say("waiting until the new process of CAPA takes over from the last one")
            told = True
        clock.sleep(PAUSE)


def _holder(lease: Optional[Mapping[str, Any]]) -> str:
    """The name of the Pod: the identity is `<host name>_<uuid>`."""
    identity = str(((lease or {}).get("spec") or {}).get("holderIdentity") or "")
    return identity.rpartition("_")[0] or identity


def _runs(pod: Optional[Mapping[str, Any]]) -> bool:
    return pod is not None and not (pod.get("metadata") or {}).get("deletionTimestamp")

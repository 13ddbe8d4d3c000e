# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All probes of one host.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import List

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.binary import binary_findings
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.containerd import containerd_findings
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.network import name_findings, peer_findings
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.registry import registry_findings
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.request import Request


def probe(request: Request) -> List[Finding]:
    return [
        *binary_findings(request),
        *containerd_findings(request),
        *peer_findings(request),
        *name_findings(request),
        *registry_findings(request),
    ]

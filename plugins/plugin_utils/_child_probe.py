# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the API of a child answers from here, asked through its own kubeconfig.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.mke4k.core.plugins.module_utils._kube.access import Access
from ansible_collections.mke4k.core.plugins.module_utils._kube.client import connect
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError

AT_ONCE = 8


@dataclass(frozen=True)
class Reached:
    """`message` says what came back where it does not answer, and what that need not mean."""

    answers: bool
    version: str = ""
    message: str = ""


def probe_all(texts: Mapping[str, str], args: Mapping[str, Any]) -> dict[str, Reached]:
    """One request each, of all children at once."""
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        found = list(pool.map(lambda text: probe(text, float(args["probe_timeout"])), texts.values()))
    return dict(zip(texts, found, strict=True))


def probe(text: str, seconds: float) -> Reached:
    server = ""
    try:
        api = connect(Access(kubeconfig=text + "\n"), deadline=seconds)
        server = api.server
        return Reached(True, str(api.version().get("gitVersion") or ""))
    except KubeError as error:
        return Reached(False, message=f"{error}{private_hint(server)}")


def private_hint(server: str) -> str:
    """A child whose address is private may be well although nobody out here reaches it."""
    host = urlsplit(server).hostname or ""
    if host.startswith("internal-") or _is_private(host):
        return (
            f" {host} is an address inside of the child's network: it need not be reachable from this control node, and"
            " the child may be well. Go through its bastion, or a machine in that network."
        )
    return ""


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False

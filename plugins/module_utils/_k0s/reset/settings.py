# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the kernel that k0s and its parts changed, and modules that they loaded.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Dict, List

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.before import SETTINGS, loaded_modules, settings
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.host import Host, Part
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import Remain

_MODULES = re.compile(
    r"^(overlay|br_netfilter|bridge|stp|llc|veth|vxlan|ipip|dummy|nf_|nft_|xt_|ip_set|ip_vs|ip_tables|ip6_tables|iptable_"
    r"|ip6table_|x_tables|nfnetlink|ip6_udp_tunnel|udp_tunnel|tunnel|wireguard)"
)
_SYSTEM = "/proc/sys"


class Settings(Part):
    """Set back where it is known what they were, and where they still are what Kubernetes makes them."""

    def find(self, host: Host) -> List[Change]:
        return [
            Change("sysctl", name.replace("/", "."), f"is set back from {now} to {host.before.settings[name]}")
            for name, now in _changed(host).items()
        ]

    def clear(self, host: Host) -> None:
        # Those for all interfaces come first: writing them changes that of each interface.
        for name in sorted(_changed(host), key=lambda name: ("/conf/" in name and "/all/" not in name, name)):
            _write(name, host)

    def notes(self, host: Host) -> List[Remain]:
        if not host.before.known:
            text = "what they were before k0s is not known: this collection did not install it"
            return [Remain("sysctl", "settings of the kernel", text, reboot=True)]
        new = [name for name in loaded_modules(host.root) if _MODULES.match(name) and name not in host.before.modules]
        if not new:
            return []
        return [
            Remain("module", ", ".join(new), "were loaded since k0s came and stay until the host boots", reboot=True)
        ]


def _write(name: str, host: Host) -> None:
    try:
        with open(host.root.at(f"{_SYSTEM}/{name}"), "w", encoding="ascii") as stream:
            stream.write(host.before.settings[name])
    except OSError as error:
        host.complain("sysctl", name.replace("/", "."), f"it could not be written: {error.strerror}")


def _changed(host: Host) -> Dict[str, str]:
    found: Dict[str, str] = {}
    for name, now in settings(host.root).items():
        was = host.before.settings.get(name)
        wanted = SETTINGS.get(name, "1")
        if was is not None and was != now and wanted in (None, now):
            found[name] = now
    return found

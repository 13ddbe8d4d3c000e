# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things are on a host.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from ansible_collections.mke4k.core.plugins.module_utils._k0s.environment import ENVIRONMENT_PATH
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import CONFIG_PATH, RECEIPT_PATH, TOKEN_PATH


@dataclass(frozen=True)
class Paths:
    """Every fixed path that converging writes to or looks at."""

    config: str = CONFIG_PATH
    token: str = TOKEN_PATH
    receipt: str = RECEIPT_PATH
    environment: str = ENVIRONMENT_PATH
    configuration_folder: str = "/etc/k0s"
    run_folder: str = "/run/k0s"
    leftovers: str = "/usr/libexec/k0s"
    systemd_units: str = "/etc/systemd/system"
    systemd_running: str = "/run/systemd/system"
    openrc_scripts: str = "/etc/init.d"
    openrc_settings: str = "/etc/conf.d"
    logs: str = "/var/log"
    lock: str = "/run/mke4k-k0s.lock"
    share: str = "/run/mke4k-share.json"
    mounts: str = "/proc/self/mounts"

    @classmethod
    def under(cls, root: str) -> Paths:
        """The same paths below another root."""
        return cls(**{item.name: root.rstrip("/") + str(item.default) for item in fields(cls)})

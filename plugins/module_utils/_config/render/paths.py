# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The paths of a host that say whether it is as it should be.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import List

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Host
from ansible_collections.mke4k.core.plugins.module_utils._config.render.files import directories, files, shared_files


def managed_paths(cluster: Cluster, host: Host) -> List[str]:
    """The files and folders that a host gets beside k0s.yaml; known before anything was read on it."""
    items = [*files(cluster, host), *shared_files(cluster, host), *directories(cluster, host)]
    return sorted({str(item["path"]) for item in items})

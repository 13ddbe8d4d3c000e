# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chart registries that k0s' Helm has to be told of.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import registries_of
from ansible_collections.mke4k.core.plugins.module_utils._config.render.registries import chart_ca_path


def helm_repositories(cluster: Cluster) -> List[Dict[str, Any]]:
    """`spec.extensions.helm.repositories`, the same for every controller: those whose authority is a private one.

    Logins are not here: k0s' Helm reads them from the file that `DOCKER_CONFIG` leads to.
    """
    return [
        {
            "name": re.sub(r"[^a-z0-9]+", "-", item.host.lower()).strip("-"),
            "url": f"oci://{item.host}",
            "caFile": chart_ca_path(item),
        }
        for item in registries_of(cluster)
        if item.ca
    ]

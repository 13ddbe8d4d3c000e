# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which layers a run is about, from the variable `mke4k_layers`.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._config.layers import UnknownLayer, layers
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import InputError
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables


def layers_of(cluster: Cluster, variables: Variables) -> tuple[str, ...]:
    try:
        return layers(cluster.release, variables.get("mke4k_layers"))
    except UnknownLayer as error:
        raise InputError(f"{error}.") from error

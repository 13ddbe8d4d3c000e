# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All rules that several fields have to keep together.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.control_plane import CONTROL_PLANE_RULES
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.draft import Draft, Rule
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.hosts import HOST_RULES
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.install_flags import FLAG_RULES
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.network import NETWORK_RULES
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.ports import PORT_RULES
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.ranges import RANGE_RULES
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.release import RELEASE_RULES
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.services import SERVICE_RULES

RULES: Tuple[Rule, ...] = (
    *HOST_RULES,
    *FLAG_RULES,
    *NETWORK_RULES,
    *RANGE_RULES,
    *PORT_RULES,
    *CONTROL_PLANE_RULES,
    *SERVICE_RULES,
    *RELEASE_RULES,
)


def rule_findings(draft: Draft) -> List[Finding]:
    return [finding for rule in RULES for finding in rule(draft)]

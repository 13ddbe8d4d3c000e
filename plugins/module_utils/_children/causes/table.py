# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why children fail, and what a person can do about each. Nothing is final for Cluster API: what is lifted heals.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Dict, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table_access import ACCESS
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table_deletion import DELETION
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table_machines import MACHINES
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table_mothership import MOTHERSHIP
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table_quotas import QUOTAS
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Cause

# A text that nobody knows is no reason to stop: most of what AWS and Cluster API say passes.
UNKNOWN = Cause(
    "unknown",
    "It does not come further for a reason that is not known here",
    "See what the object says; it is waited for.",
    False,
    "Cluster API goes on by itself once the reason is gone.",
)
# Of several that need a person, the first is told first: causes before what they cause.
CAUSES: Tuple[Cause, ...] = (*DELETION, *ACCESS, *QUOTAS, *MACHINES, *MOTHERSHIP, UNKNOWN)
BY_NAME: Dict[str, Cause] = {cause.name: cause for cause in CAUSES}

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment that an action on the control node sees: that of Ansible, and above it that of the task.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any


def environment_of(task: Any) -> dict[str, str]:
    """`environment:` of the play, the block and the task counts more; Ansible has rendered and merged it by now."""
    found = dict(os.environ)
    given = task.environment or []
    for part in given if isinstance(given, list) else [given]:
        if isinstance(part, Mapping):
            found.update({str(name): str(value) for name, value in part.items() if value is not None})
    return found

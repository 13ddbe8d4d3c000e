# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the k0s layer.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict


class K0sError(Exception):
    """Something a person can act on: tried what, on what, what came back, what to do."""

    def report(self) -> Dict[str, Any]:
        """What a module fails with."""
        return {"msg": str(self)}

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the errors of all layers have in common.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict


class ReportedError(Exception):
    """Something a person can act on: tried what, on what, what came back, what to do.

    `details` are plain data for those who handle the failure with a program. They must hold no secret.
    """

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.details = details

    def report(self) -> Dict[str, Any]:
        """What a task fails with."""
        return {"msg": str(self), **self.details}

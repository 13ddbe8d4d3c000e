# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the k0s layer.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict


class K0sError(Exception):
    """Something a person can act on: tried what, on what, what came back, what to do.

    `details` are plain data for those who handle the failure with a program. They must hold no secret.
    """

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.details = details

    def report(self) -> Dict[str, Any]:
        """What a module fails with."""
        return {"msg": str(self), **self.details}


class NotReadable(K0sError):
    """A part of the host's state that only root can read."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} could not be read: permission denied. The state of k0s is only readable by root: run the task "
            "with `become: true`",
            path=path,
        )


class NoAnswer(K0sError):
    """A server on the host, or on a peer, that gave no usable answer. The message says which and why."""

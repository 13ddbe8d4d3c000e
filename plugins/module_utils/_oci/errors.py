# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of talking to an OCI registry. Their texts hold no login.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict


class OciError(Exception):
    """Something a person can act on."""

    def report(self) -> Dict[str, Any]:
        """What a module fails with."""
        return {"msg": str(self)}


class Unreachable(OciError):
    """No connection, or one that ended early: another attempt may work."""


class Untrusted(OciError):
    """The certificate of the registry is not one that we trust."""


class LoginRefused(OciError):
    """The registry wants a login, or another one."""


class Refused(OciError):
    """Any other answer than the one that was hoped for."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status

    @property
    def passes(self) -> bool:
        return self.status >= 500 or self.status in (408, 429)

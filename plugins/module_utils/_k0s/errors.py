# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the k0s layer.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._config.errors import ReportedError


class K0sError(ReportedError):
    """Every error of the k0s layer."""


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

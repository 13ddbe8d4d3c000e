# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the layers above the Kubernetes API.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.errors import ReportedError


class KubeError(ReportedError):
    """Every error of the layers above the API."""


class PackageMissing(KubeError):
    """The control node lacks the Python package by which the API is reached."""


class NoCluster(KubeError):
    """There is no API server to ask, because the cluster is not there yet."""


class NotReachable(KubeError):
    """The API server did not answer until the deadline."""


class NotServed(KubeError):
    """The server does not know the kind, because its CustomResourceDefinition is not there (yet)."""


class Refused(KubeError):
    """The server answered, and said no. `status` is the HTTP status, `reason` the one of the Status object.

    `in_doubt`: an earlier try of the same request may have been done, as its answer was lost. `causes`: what the server
    says behind its message.
    """

    in_doubt = False
    causes: Tuple[str, ...] = ()

    def __init__(self, message: str, status: int, reason: str = "", **details: Any) -> None:
        super().__init__(message, status=status, reason=reason, **details)
        self.status = status
        self.reason = reason


class TimedOut(KubeError):
    """Something did not become true in time. The message says what is missing, in the words of the objects."""


class WaitFailed(KubeError):
    """Something cannot become true any more without a person."""

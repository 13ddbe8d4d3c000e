# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong with child clusters.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Iterable

from ansible_collections.mke4k.core.plugins.module_utils._config.errors import ReportedError
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding, errors_of


class ChildrenError(ReportedError):
    """Something about child clusters that a person can act on."""


class BadChildren(ChildrenError):
    """Children that cannot be made as they were asked for. Nothing was sent; its text lists every error."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        errors = errors_of(self.findings)
        count = f"{len(errors)} error{'' if len(errors) == 1 else 's'}"
        lines = [f"{number}. {finding.text()}" for number, finding in enumerate(errors, 1)]
        super().__init__(
            "\n".join([f"Nothing was sent: the children have {count}.", *lines]),
            findings=[finding.to_dict() for finding in self.findings],
        )

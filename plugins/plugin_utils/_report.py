# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings as people read them: errors all together in one message, each warning as a warning.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding


def report(findings: Iterable[Finding], title: str) -> str:
    """All findings in one text, numbered."""
    listed = list(findings)
    width = len(str(len(listed)))
    lines = [title]
    for number, finding in enumerate(listed, start=1):
        lines.append(f"  {number:>{width}}. {_indented(finding.text(), width + 4)}")
    return "\n".join(lines)


def is_waived(finding: Finding, waive: Collection[str]) -> bool:
    return finding.name in waive


# An error in the file itself cannot be waived: there is no model without it.
WAIVABLE_ERRORS = frozenset(("ssh-key-missing",))


def stops(finding: Finding, waive: Collection[str] = (), strict: bool = False) -> bool:
    """Whether a run may not go on with it."""
    if finding.severity == "error":
        return not (finding.name in WAIVABLE_ERRORS and is_waived(finding, waive))
    return strict and not is_waived(finding, waive)


def show_warnings(display: Any, findings: Iterable[Finding], waive: Collection[str] = ()) -> None:
    for finding in findings:
        if finding.severity == "warning" and not is_waived(finding, waive):
            display.warning(finding.text())


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _indented(text: str, columns: int) -> str:
    return ("\n" + " " * columns).join(text.splitlines())

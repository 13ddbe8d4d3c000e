# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong in an mke4.yaml, told so that a person can put it right.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Dict, Iterable, Tuple

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One error or warning.

    `name` is stable and kebab-case, so that a finding can be waived by it. `path` is where it is in the file
    (`spec.hosts[2].role`), or `host n1`. `message` says what is wrong with the value that was found, but never with
    a secret one. `allowed` says what would be right, `remedy` what to do.
    """

    severity: str
    name: str
    path: str
    message: str
    remedy: str = ""
    allowed: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity == ERROR

    def text(self) -> str:
        """The finding in one line: where, what, what is allowed, what to do, and its name."""
        parts = [f"{self.path}: {self.message}" if self.path else self.message]
        if self.allowed:
            parts.append(f"Allowed: {self.allowed}")
        if self.remedy:
            parts.append(self.remedy[0].upper() + self.remedy[1:])
        return " ".join(part if part.endswith((".", "?")) else f"{part}." for part in parts) + f" [{self.name}]"

    def to_dict(self) -> Dict[str, str]:
        return asdict(self)


def errors_of(findings: Iterable[Finding]) -> Tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity == ERROR)


def warnings_of(findings: Iterable[Finding]) -> Tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity == WARNING)


class ConfigError(Exception):
    """An mke4.yaml that cannot be used. Its text lists every error."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings)

    def __str__(self) -> str:
        errors = errors_of(self.findings)
        count = f"{len(errors)} error{'' if len(errors) == 1 else 's'}"
        lines = [f"{number}. {finding.text()}" for number, finding in enumerate(errors, 1)]
        return "\n".join([f"mke4.yaml has {count}:", *lines])

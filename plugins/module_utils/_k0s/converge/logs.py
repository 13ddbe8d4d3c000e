# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the line of k0s' log that says why it ended, without secrets. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Iterable, List, Optional, Tuple

_LOGFMT = re.compile(r'level=(?P<level>\w+).*?\bmsg="(?P<message>(?:[^"\\]|\\.)*)"(?P<rest>.*)$')
_REASON = re.compile(r'\berror="((?:[^"\\]|\\.)*)"')
_COMPONENT = re.compile(r"\bcomponent=([\w.-]+)")
# What Kubernetes' programs print before they end by themselves.
_COMMAND_FAILED = re.compile(r'"command failed" err="((?:[^"\\]|\\.)*)"')
# k0s starts a component that ended again after five seconds.
KEEPS_ENDING = 4
_SECRETS = (
    (re.compile(r"\b[a-z0-9]{6}\.[a-z0-9]{16}\b"), "<token>"),
    (re.compile(r"(//)[^/@\s]+:[^/@\s]+@"), r"\1<credentials>@"),
    (re.compile(r"[A-Za-z0-9+/]{60,}={0,2}"), "<data>"),
    (re.compile(r"(?i)\b(password|token|secret|authorization)([=:]\s*)\S+"), r"\1\2<hidden>"),
)
LONGEST = 600


def without_secrets(text: str) -> str:
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _component_error(message: str, rest: str) -> Optional[Tuple[str, str]]:
    """Component and reason, where the line is the last word of a component that k0s runs."""
    component = _COMPONENT.search(rest)
    if component is None:
        return None
    text = _unescaped(message)
    failed = _COMMAND_FAILED.search(text)
    if failed:
        return component.group(1), _unescaped(failed.group(1))
    return (component.group(1), text) if text.startswith("Error: ") else None


class Log:
    """The complaints in some lines of k0s' log."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.final = ""
        self.logged = ""
        self.components: List[Tuple[str, str]] = []
        for line in lines:
            self._read(line.strip())

    def _read(self, line: str) -> None:
        if line.startswith("Error:"):
            self.final = line
            return
        match = _LOGFMT.search(line)
        if match is None:
            return
        ended = _component_error(match.group("message"), match.group("rest"))
        if ended is not None:
            self.components.append(ended)
        elif match.group("level") in ("error", "fatal", "panic"):
            reason = _REASON.search(match.group("rest"))
            text = match.group("message") + (f": {reason.group(1)}" if reason else "")
            self.logged = _unescaped(text)


def last_error(lines: Iterable[str]) -> str:
    """What the log says is wrong: k0s' final `Error:`, else why a component ended, else the last error line."""
    log = Log(lines)
    component = ": ".join(log.components[-1]) if log.components else ""
    return without_secrets(log.final or component or log.logged)[:LONGEST]


def component_that_keeps_ending(lines: Iterable[str]) -> str:
    """A component that has ended again and again for the same reason; empty where there is none."""
    counted = Counter(Log(lines).components)
    for (component, reason), times in counted.items():
        if times >= KEEPS_ENDING:
            return without_secrets(f"{component} has ended {times} times: {reason}")[:LONGEST]
    return ""

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads units of systemd and scripts of OpenRC, as k0s and people write them.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
import shlex
from typing import Dict, Iterable, List, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.environment import parse_systemd

_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|[0-7]{3}|.)", re.DOTALL)
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " "}
_WORD = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\.|[^\s"'\\])+""", re.DOTALL)
_QUOTED = re.compile(r""""((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'""", re.DOTALL)
# Marks before the program: systemd.service(5), "Special executable prefixes".
_PREFIXES = "@-:+!|"


class Unit:
    """What k0s' service is started with. Files are read in their order; later ones win (systemd.unit(5))."""

    def __init__(self) -> None:
        self.command: Tuple[str, ...] = ()
        self.environment: Dict[str, str] = {}
        self.environment_files: List[str] = []

    def read(self, text: str) -> None:
        section = ""
        for line in _joined(text):
            if line.startswith("["):
                section = line
            elif section == "[Service]":
                name, _equals, value = line.partition("=")
                self._set(name.strip(), value.strip())

    def _set(self, name: str, value: str) -> None:
        if name == "ExecStart":
            words = split_words(value.lstrip(_PREFIXES))
            self.command = tuple(word.replace("%%", "%").replace("$$", "$") for word in words)
        elif name == "Environment":
            if not value:
                self.environment.clear()
            pairs = (word.partition("=") for word in split_words(value))
            self.environment.update({key: content.replace("%%", "%") for key, _equals, content in pairs if key})
        elif name == "EnvironmentFile":
            if not value:
                self.environment_files.clear()
            else:
                self.environment_files.append(value.lstrip("-"))

    @property
    def arguments(self) -> Tuple[str, ...]:
        """The flags after `k0s controller` or `k0s worker`."""
        return self.command[2:]


def _joined(text: str) -> Iterable[str]:
    """The lines of a unit without comments, with continued ones in one."""
    pending = ""
    for raw in text.splitlines():
        if raw.strip()[:1] in ("#", ";"):
            continue
        if raw.endswith("\\"):
            pending += raw[:-1] + " "
            continue
        line = (pending + raw).strip()
        pending = ""
        if line:
            yield line
    if pending.strip():
        yield pending.strip()


def split_words(text: str) -> List[str]:
    """Words of a unit's value, without quotes and escapes (systemd.syntax(7), "Quoting")."""
    return [_unescaped(_unquoted(word)) for word in _WORD.findall(text)]


def _unquoted(word: str) -> str:
    return _QUOTED.sub(lambda found: found.group(1) if found.group(1) is not None else found.group(2), word)


def _unescaped(word: str) -> str:
    def letter(found: re.Match[str]) -> str:
        code = found.group(1)
        if len(code) == 3:
            return chr(int(code[1:], 16) if code[0] == "x" else int(code, 8))
        return _LETTERS.get(code, code)

    return _ESCAPE.sub(letter, word)


def environment_of(unit: Unit, files: Sequence[str]) -> Dict[str, str]:
    """The variables of the unit and of the texts of its environment files, which win."""
    found = dict(unit.environment)
    for text in files:
        found.update(parse_systemd(text))
    return found


def openrc_arguments(script: str) -> Tuple[str, ...]:
    """The flags in `command_args="'controller' '--config=...'"` of a script that k0s installed."""
    for line in script.splitlines():
        name, equals, value = line.strip().partition("=")
        if name == "command_args" and equals:
            try:
                return tuple(shlex.split(" ".join(shlex.split(value))))[1:]
            except ValueError:
                return ()
    return ()

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment of k0s' service, kept in files only root can read.

`k0s install --env` would put the values in a command line and in the unit, which every user of the host can read.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
import shlex
from typing import Dict, List, Mapping

ENVIRONMENT_PATH = "/etc/k0s/k0s.env"
DROP_IN_NAME = "mke4k.conf"
OPENRC_BEGIN = "# BEGIN mke4k.core"
OPENRC_END = "# END mke4k.core"

_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_SYSTEMD_ESCAPED = re.compile(r'\\(["\\$`])')


def problems(environment: Mapping[str, str]) -> List[str]:
    """What cannot be written to an environment file, without the values."""
    found = [f"{name!r} is not a variable name" for name in environment if not _NAME.match(name)]
    found += [f"the value of {name} has a line break" for name, value in environment.items() if "\n" in value]
    return found


def render_systemd(environment: Mapping[str, str]) -> str:
    """The text of an `EnvironmentFile=`."""
    lines = []
    for name in sorted(environment):
        value = re.sub(r'(["\\$`])', r"\\\1", environment[name])
        lines.append(f'{name}="{value}"\n')
    return "".join(lines)


def parse_systemd(text: str) -> Dict[str, str]:
    """Reads an `EnvironmentFile=`, ours or a plain one written by hand."""
    found: Dict[str, str] = {}
    for line in text.splitlines():
        stripped = line.strip()
        name, separator, value = stripped.partition("=")
        if not separator or stripped[0] in "#;" or not _NAME.match(name.strip()):
            continue
        value = value.strip()
        if len(value) >= 2 and value[0] == value[-1] == '"':
            value = _SYSTEMD_ESCAPED.sub(r"\1", value[1:-1])
        elif len(value) >= 2 and value[0] == value[-1] == "'":
            value = value[1:-1]
        found[name.strip()] = value
    return found


def render_drop_in() -> str:
    return f"[Service]\nEnvironmentFile={ENVIRONMENT_PATH}\n"


def render_openrc(environment: Mapping[str, str], present: str = "") -> str:
    """The text of `/etc/conf.d/<service>`: what others wrote there stays, our own lines are replaced."""
    kept = []
    ours = False
    for line in present.splitlines():
        if line == OPENRC_BEGIN:
            ours = True
        if not ours:
            kept.append(line)
        if line == OPENRC_END:
            ours = False
    if environment:
        exports = [f"export {name}={shlex.quote(environment[name])}" for name in sorted(environment)]
        kept += [OPENRC_BEGIN, *exports, OPENRC_END]
    return "".join(f"{line}\n" for line in kept)


def parse_openrc(text: str) -> Dict[str, str]:
    """Reads the variables that a `/etc/conf.d/<service>` exports."""
    found: Dict[str, str] = {}
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped.startswith("export "):
            continue
        try:
            words = shlex.split(stripped[len("export ") :], comments=True)
        except ValueError:
            continue
        for word in words:
            name, separator, value = word.partition("=")
            if separator and _NAME.match(name):
                found[name] = value
    return found

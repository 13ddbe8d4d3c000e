# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection has, by looking at it: its playbooks, and the variables that a user may set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ansible_collections.mke4k.core.plugins.module_utils._config.load import OVERRIDES

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"\bmke4k_[a-z0-9_]*[a-z0-9]\b")
# What plugins read from variables by name.
READ = re.compile(r"""(?:get|text|own|is_set)\(\s*["'](mke4k_[a-z0-9_]+)["']""")
# Set by the collection itself, for its own roles and for later jobs.
SET_BY_US = re.compile(r"mke4k_(api_host|management_cluster|child_clusters|child_credential|controllers|workers)\b")
# What holds for one host, and belongs into an inventory.
OF_A_HOST = ("mke4k_role", "mke4k_address", "mke4k_host")


def playbooks() -> Sequence[str]:
    """The names of the collection's playbooks."""
    return sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))


def user_variables() -> Sequence[str]:
    """The variables that a user may set for a run."""
    files = [*(ROOT / "playbooks").glob("*.yml"), *(ROOT / "roles").glob("*/defaults/main.yml")]
    named = {name for path in files for name in NAME.findall(path.read_text(encoding="utf-8"))}
    plugins = [path for folder in ("plugins", "roles") for path in (ROOT / folder).rglob("*.[py][ym]*")]
    read = {name for path in plugins for name in READ.findall(path.read_text(encoding="utf-8", errors="replace"))}
    tasks = {
        name
        for path in (ROOT / "roles").glob("*/tasks/*.yml")
        for name in NAME.findall(path.read_text(encoding="utf-8"))
    }
    overrides = {f"mke4k_{name}" for name in OVERRIDES}
    return sorted(
        name for name in named | read | tasks | overrides if not SET_BY_US.fullmatch(name) and name not in OF_A_HOST
    )


def role_options() -> Mapping[str, str]:
    """Every option of every role, and the role's name."""
    found = {}
    for path in (ROOT / "roles").glob("*/defaults/main.yml"):
        for name in re.findall(r"^([a-z0-9_]+):", path.read_text(encoding="utf-8"), re.MULTILINE):
            found[name] = path.parent.parent.name
    return found


def unanswered() -> dict[str, str]:
    """Every variable as an optional question of a survey that nobody answers gives it."""
    return dict.fromkeys(user_variables(), "")

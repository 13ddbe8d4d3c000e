# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the documentation that lists all causes; it is made from the table, and a test holds both equal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table import UNKNOWN
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table_access import ACCESS
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table_deletion import DELETION
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table_machines import MACHINES
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table_mothership import MOTHERSHIP
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table_quotas import QUOTAS
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Cause

PAGE = Path(__file__).resolve().parents[6] / "docs" / "children-causes.md"
INTRODUCTION = """\
# Why a child cluster is not further

`child_cluster` and `child_cluster_info` read the conditions and Warning events of everything a child becomes, and name
the cause with what to do about it. The names below are stable: they are in `causes` of each child in the result, so
that playbooks can decide by them.

Nothing is final for Cluster API: whatever is lifted heals by itself, and the child goes on where it was. So a child
only counts as failed when its cause needs a person and has lasted; what passes is waited for until the time is over,
and the others are never held up by one. Causes are told by the error code of AWS, whichever release of Cluster API
Provider AWS prints it.

Where Cluster API says nothing at all (an AWS identity that is missing, that does not allow the namespace, or whose
Secret is missing or not complete), the collection looks for itself after 10 seconds.
"""
SECTIONS = (
    ("Quotas of the account", QUOTAS),
    ("Keys, permissions, the account", ACCESS),
    ("Machines and their network", MACHINES),
    ("The mothership", MOTHERSHIP),
    ("Deletion", DELETION),
    ("Everything else", (UNKNOWN,)),
)


def text() -> str:
    return "\n".join([INTRODUCTION, *(_section(title, causes) for title, causes in SECTIONS)])


def _section(title: str, causes: Iterable[Cause]) -> str:
    rows = [f"| `{one.name}` | {one.title} | {_needs(one)} | {one.remedy} {one.heals} |" for one in causes]
    return "\n".join(
        [f"## {title}", "", "| name | what it is | needs a person | what to do |", "|---|---|---|---|", *rows, ""]
    )


def _needs(cause: Cause) -> str:
    return "yes" if cause.needs_person else "no"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a cluster differs from its file, put together from what each layer would change. Pure.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.text_table import text_table

SAME, DRIFTED, UNKNOWN = "same", "drifted", "unknown"
K0S = "k0s"
LINES = 20


@dataclass(frozen=True)
class Row:
    """One difference, or one thing that could not be compared (`unknown`)."""

    layer: str
    object: str
    what: str
    status: str = DRIFTED

    def to_dict(self) -> dict[str, str]:
        return asdict(self)


def host_rows(plan: Mapping[str, Any]) -> Iterator[Row]:
    """What an installation would change on hosts, and what forbids it, from the result of k0s_plan."""
    for name, host in (plan.get("plan") or {}).get("hosts", {}).items():
        for change in host.get("changes") or ():
            yield Row(K0S, name, f"{change['kind']} {change['target']}: {change['detail']}")
    for finding in plan.get("findings") or ():
        if finding.get("severity") == "error":
            unread = finding.get("name") == "host-not-read"
            where = str(finding.get("path") or "").removeprefix("host ") or "the cluster"
            yield Row(K0S, where, f"{finding['message']} [{finding['name']}]", UNKNOWN if unread else DRIFTED)


def stranger_rows(
    hosts: Sequence[str], states: Mapping[str, Mapping[str, Any]], nodes: Sequence[Mapping[str, Any]] | None
) -> Iterator[Row]:
    """Members of the cluster that no host of the file is. `nodes` is None where the API could not be asked."""
    known = {str(state.get("hostname") or "") for state in states.values()}
    known |= {str((state.get("node") or {}).get("name") or "") for state in states.values()}
    unread = [name for name in hosts if name not in states]
    # A host that could not be read may be the one that looks strange.
    status = UNKNOWN if unread else DRIFTED
    may_be = f"; it may be {' or '.join(unread)}, which could not be read" if unread else ""
    for node in nodes or ():
        name = str((node.get("metadata") or {}).get("name") or "")
        if name not in known:
            yield Row(K0S, name, f"is a Node of the cluster, but no host of mke4.yaml{may_be}", status)
    told: dict[str, str] = {}
    for state in states.values():
        for member in (state.get("etcd") or {}).get("members") or ():
            told[str(member.get("id"))] = str(member.get("name") or member.get("peer_url") or "")
    for name in sorted(set(told.values()) - known):
        yield Row(K0S, name, f"is a member of etcd, but no host of mke4.yaml{may_be}", status)


def layer_rows(layer: str, result: Mapping[str, Any] | None) -> Iterator[Row]:
    """What a layer would change, from the result of its module in check mode."""
    if not result or result.get("skipped"):
        return
    if result.get("failed") or result.get("unreachable"):
        yield Row(layer, layer, f"could not be compared: {' '.join(str(result.get('msg')).split())}", UNKNOWN)
        return
    named = [
        *(str(text) for text in result.get("differences") or ()),
        *(str(text) for text in result.get("lacking") or ()),
    ]
    for text in named:
        yield Row(layer, layer, text)
    diffs = _diffs(result.get("diff"))
    for diff in diffs:
        header = str(diff.get("after_header") or diff.get("before_header") or layer)
        yield Row(layer, header, _difference(diff))
    if result.get("changed") and not diffs and not named:
        yield Row(layer, layer, "would be changed")


def _diffs(diff: Any) -> list[Mapping[str, Any]]:
    found = [diff] if isinstance(diff, Mapping) else diff or []
    return [item for item in found if item.get("before") != item.get("after")]


def _difference(diff: Mapping[str, Any]) -> str:
    before, after = diff.get("before"), diff.get("after")
    if not before:
        return "is missing"
    if not after:
        return "would be removed"
    compared = list(difflib.unified_diff(_lines(before), _lines(after), lineterm="", n=0))
    lines = [line for line in compared if not line.startswith(("---", "+++", "@@"))]
    more = [f"({len(lines) - LINES} more lines)"] if len(lines) > LINES else []
    return "\n".join([*lines[:LINES], *more])


def _lines(value: Any) -> list[str]:
    """A text has its own lines; of an object each value is one, after the way to it."""
    return list(_leaves(value)) if isinstance(value, (Mapping, list)) else str(value).splitlines()


def _leaves(value: Any, way: str = "") -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        for name in sorted(value, key=str):
            yield from _leaves(value[name], f"{way}.{name}" if way else str(name))
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            yield from _leaves(item, f"{way}[{number}]")
    else:
        yield from f"{way}: {value}".splitlines()


def status_of(rows: Sequence[Row]) -> str:
    """A difference weighs more than what nobody knows."""
    return next((status for status in (DRIFTED, UNKNOWN) if any(row.status == status for row in rows)), SAME)


def text(rows: Sequence[Row]) -> list[str]:
    """The rows as a table; where something differs in several lines, they stand below each other."""
    if not rows:
        return ["Everything is as mke4.yaml says."]
    shown: list[tuple[str, str, str]] = [("LAYER", "OBJECT", "DIFFERENCE (- is, + should be)")]
    for row in rows:
        first, *rest = row.what.splitlines() or [""]
        told = f"(unknown) {first}" if row.status == UNKNOWN else first
        shown.append((row.layer, row.object, told))
        shown += [("", "", line) for line in rest]
    return text_table(shown)


def message(status: str, rows: Sequence[Row]) -> str:
    """Why the run fails."""
    number = sum(1 for row in rows if row.status == status)
    if status == DRIFTED:
        return f"The cluster differs from mke4.yaml in {number} {'place' if number == 1 else 'places'}"
    return f"{number} {'part' if number == 1 else 'parts'} of the cluster could not be compared with mke4.yaml"

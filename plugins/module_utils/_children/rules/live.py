# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be changed of a child that is there. Pure.

Machine templates of Cluster API are immutable and have fixed names in k0rdent's templates, so another instance type,
image or disk fails for good; from v4.2.1 on MKE names them after their content, and an edit rolls the machines. The
network, the region, the key and the credential are only read when a child is made.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child, Engine
from ansible_collections.mke4k.core.plugins.module_utils._children.rules.own import ROLES
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.placement import is_at_least
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import (
    CONTROL_PLANES,
    at,
    configured,
    counted,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding

ROLLS_MACHINES_SINCE = (4, 2, 1)
# Path in `infrastructure`, and the option that sets it.
FIXED: Tuple[Tuple[Tuple[str, ...], str], ...] = (
    (("provider",), "provider"),
    (("region",), "region"),
    (("credential",), "credential"),
    (("configuration", "sshKeyName"), "ssh_key_name"),
    (("configuration", "network"), "availability_zones"),
    (("configuration", "publicIP"), "public_ip"),
)


def check(child: Child, root: Mapping[str, Any], engine: Engine) -> Iterator[Finding]:
    if (root.get("metadata") or {}).get("deletionTimestamp"):
        yield Finding(
            ERROR, "child-is-going", f"child {child.name}", "is being deleted",
            "wait until it is gone (mke4k.core.remove_children waits), then make it anew",
        )  # fmt: skip
        return
    before, after = engine.spec_of(root), child.spec
    yield from _fixed(child, before, after)
    if not (engine.name == "mke-operator" and is_at_least(child.version, ROLLS_MACHINES_SINCE)):
        yield from _machines(child, before, after)
    yield from _fewer_control_planes(child, before, after)


def _fixed(child: Child, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Finding]:
    for path, option in FIXED:
        was, asked = at(before, ("infrastructure", *path)), at(after, ("infrastructure", *path))
        if asked is not None and asked != was:
            yield _needs_new_child(child, option, was, asked, "is only read when a child is made")


def _machines(child: Child, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Finding]:
    for role, option in ROLES:
        wanted = configured(after, role, default={})
        for field, asked in sorted(wanted.items()) if isinstance(wanted, Mapping) else ():
            was = configured(before, role, field)
            if asked != was:
                yield _needs_new_child(
                    child,
                    f"{option}: {field}",
                    was,
                    asked,
                    "cannot be changed on a live child before v4.2.1",
                )


def _fewer_control_planes(child: Child, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Finding]:
    was, asked = (_count(spec) for spec in (before, after))
    if asked < was:
        yield Finding(
            WARNING, "child-fewer-control-planes", f"child {child.name}: control_plane_number",
            f"goes from {was} to {asked}: k0smotron removes the youngest machines, and etcd may lose its quorum",
            "make sure there is a backup",
        )  # fmt: skip


def _count(spec: Mapping[str, Any]) -> int:
    found = counted(spec, "controlPlaneNumber", CONTROL_PLANES)
    return found if isinstance(found, int) else CONTROL_PLANES


def _needs_new_child(child: Child, option: str, was: Any, asked: Any, reason: str) -> Finding:
    return Finding(
        ERROR, "child-needs-to-be-made-anew", f"child {child.name}: {option}",
        f"is {_words(was)} and cannot become {_words(asked)}: it {reason}",
        "put the old value back, or make a new child beside this one and remove this one afterwards",
    )  # fmt: skip


def _words(value: Any) -> str:
    if value is None:
        return "what the template says"
    if isinstance(value, (Mapping, Sequence)) and not isinstance(value, str):
        return f"{value}"
    return f"'{value}'"

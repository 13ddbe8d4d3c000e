# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows what changes in texts, without their secrets.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Dict, Iterable, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.paths import Paths
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.redact import redact


def of(spec: NodeSpec, changes: Iterable[Change], paths: Paths) -> Tuple[Dict[str, str], ...]:
    """One difference for each changed file, and one for everything else that changes."""
    shown: List[Dict[str, str]] = []
    lines: List[str] = []
    contents = {item.path: item for item in spec.files}
    for change in changes:
        if change.kind == "config":
            shown.append(_difference(paths.config, files.read(paths.config) or "", spec.config))
        elif change.kind == "file" and change.target in contents and not contents[change.target].secret:
            item = contents[change.target]
            shown.append(_difference(item.path, files.read(item.path) or "", item.content))
        else:
            lines.append(f"{change.text()}\n")
    if lines:
        shown.append({"before": "", "after": "".join(lines), "before_header": "k0s", "after_header": "k0s"})
    return tuple(shown)


def _difference(path: str, before: str, after: str) -> Dict[str, str]:
    return {"before": redact(before), "after": redact(after), "before_header": path, "after_header": path}

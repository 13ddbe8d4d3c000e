# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kubelet profiles of a child's nodes, which an MkeConfig names in the flags of its hosts. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Set

from ansible_collections.mke4k.core.plugins.module_utils._children.spec.merge import put
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.flags import FlagError, split_flags, split_words

FLAG = "--profile"
FIELDS = {"managerProfile": "managers", "workerProfile": "workers"}


def take_profiles(spec: Dict[str, Any], path: str, findings: List[Finding]) -> None:
    """Where all managers, or all workers, of `spec.hosts` have the same profile, the child's have it too."""
    hosts = spec.get("hosts")
    found: Dict[str, Set[str]] = {name: set() for name in FIELDS}
    for host in hosts if isinstance(hosts, list) else ():
        if isinstance(host, Mapping):
            role = "workerProfile" if host.get("role") == "worker" else "managerProfile"
            found[role].add(_profile(host.get("installFlags")))
    for name, whose in FIELDS.items():
        profiles = sorted(found[name] - {""})
        if len(found[name]) > 1:
            findings.append(
                Finding(
                    WARNING,
                    "not-for-children",
                    f"{path}.hosts",
                    f"gives {whose} different kubelet profiles ({', '.join(profiles)}), and children have one for all",
                    f"choose one with spec.kubelet.{name}",
                )
            )
        elif profiles and isinstance(spec.get("kubelet", {}), dict):
            put(spec, ("kubelet", name), profiles[0])


def _profile(flags: Any) -> str:
    """What cannot be read as flags is told where the MkeConfig itself is checked."""
    try:
        items = split_words(flags) if isinstance(flags, str) else [str(item) for item in flags or ()]
        return dict(split_flags(items)).get(FLAG) or ""
    except (FlagError, TypeError):
        return ""

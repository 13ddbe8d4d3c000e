# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which backups of a cluster there are, which is the newest, and which have had their time. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, List, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.bundle import FORMAT

TIME = "%Y-%m-%dT%H:%M:%SZ"
Manifest = Mapping[str, Any]


def stamp(now: datetime) -> str:
    return now.astimezone(timezone.utc).strftime(TIME)


def name_for(cluster: str, now: datetime) -> str:
    return f"{cluster}-{now.astimezone(timezone.utc).strftime('%Y%m%dT%H%M%SZ')}"


def is_manifest(found: Any) -> bool:
    """Whether this is what this collection writes beside a backup; other files in the folder are left alone."""
    return (
        isinstance(found, Mapping)
        and found.get("format") == FORMAT
        and isinstance(found.get("archive"), Mapping)
        and all(isinstance(found.get(key), str) for key in ("name", "cluster", "created"))
    )


def of_cluster(manifests: Sequence[Manifest], cluster: str) -> List[Manifest]:
    """The backups of a cluster, the newest first."""
    own = [item for item in manifests if item["cluster"] == cluster]
    return sorted(own, key=lambda item: (str(item["created"]), str(item["name"])), reverse=True)


def newest(manifests: Sequence[Manifest], cluster: str) -> Optional[Manifest]:
    return next(iter(of_cluster(manifests, cluster)), None)


def outdated(
    manifests: Sequence[Manifest], cluster: str, made: str, keep: int, keep_days: int, now: datetime
) -> List[Manifest]:
    """Those to remove: beyond the newest `keep`, or older than `keep_days` (0: no limit), never the one just `made`."""
    own = of_cluster(manifests, cluster)
    oldest = stamp(now - timedelta(days=keep_days)) if keep_days > 0 else ""
    return [
        item
        for position, item in enumerate(own)
        if item["name"] != made and ((keep > 0 and position >= keep) or str(item["created"]) < oldest)
    ]

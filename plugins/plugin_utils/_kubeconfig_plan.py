# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides what becomes of a kubeconfig on the control node. Pure: the caller reads and writes.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.mke4k.core.plugins.plugin_utils._kubeconfig import Access, access_of, contexts, with_context


@dataclass(frozen=True)
class Wish:
    """The kubeconfig that is asked for. Empty: whatever k0s says, or the file has."""

    path: str
    context: str
    cluster: str = ""
    server: str = ""
    ca_sha256: str = ""
    merge: bool = False
    # As good as `server` where the file names one of them already.
    servers: tuple[str, ...] = ()


class RefusedError(Exception):
    """The file is of another cluster. The message says which, and what to do."""


def is_current(existing: Mapping[str, Any], wish: Wish, now: datetime.datetime) -> bool:
    """Whether the file needs no change, as far as the wish alone can tell."""
    access = access_of(existing, wish.context)
    if access is None or not wish.ca_sha256 or access.ca_sha256 != wish.ca_sha256:
        return False
    if wish.server and access.server not in (wish.server, *wish.servers):
        return False
    if not wish.merge and (existing.get("current-context") != wish.context or others(existing, wish.ca_sha256)):
        return False
    return access.is_lasting(now)


def planned(existing: Mapping[str, Any], admin: Access, wish: Wish, now: datetime.datetime) -> dict[str, Any]:
    """The document to write; the same as the existing one where nothing needs to change."""
    refuse_others(existing, admin.ca_sha256, wish)
    told = replace(wish, ca_sha256=admin.ca_sha256, server=wish.server or admin.server)
    if is_current(existing, told, now):
        return dict(existing)
    access = replace(
        admin,
        context=wish.context,
        cluster=wish.cluster or wish.context,
        user=f"{wish.context}-admin",
        server=told.server,
    )
    before = access_of(existing, wish.context) if wish.merge else None
    if before is not None:
        access = replace(access, cluster=before.cluster or access.cluster, user=before.user or access.user)
    _refuse_shared_names(existing, access, wish)
    return with_context(existing if wish.merge else {}, access, use=not wish.merge)


def others(existing: Mapping[str, Any], ca_sha256: str) -> list[Access]:
    """The contexts of other clusters."""
    return [access for access in contexts(existing) if access.ca_sha256 != ca_sha256]


def refuse_others(existing: Mapping[str, Any], ca_sha256: str, wish: Wish) -> None:
    """`ca_sha256` is empty for a cluster that does not exist yet."""
    mine = access_of(existing, wish.context)
    if mine is not None and mine.ca_sha256 != ca_sha256:
        raise RefusedError(
            f"{wish.path} was not written: its context {wish.context} is of another cluster"
            f" ({_identity(mine.server, mine.ca_sha256)}), this one {_this(ca_sha256)}."
            f" If that cluster is gone, remove {'the context' if wish.merge else 'the file'};"
            " else choose another dest, or another context with merge."
        )
    strangers = others(existing, ca_sha256)
    if strangers and not wish.merge:
        names = ", ".join(access.context for access in strangers)
        raise RefusedError(
            f"{wish.path} was not written: it also holds other clusters (contexts {names})."
            " Set merge to true to keep them beside this one, or choose another dest."
        )


def _refuse_shared_names(existing: Mapping[str, Any], access: Access, wish: Wish) -> None:
    if not wish.merge:
        return
    for other in others(existing, access.ca_sha256):
        if other.cluster == access.cluster or other.user == access.user:
            raise RefusedError(
                f"{wish.path} was not written: its context {other.context} of another cluster uses the names"
                f" {other.cluster} and {other.user}, which this one would take. Choose another context and cluster."
            )


def _identity(server: str, ca_sha256: str) -> str:
    return f"{server or 'no server'}, CA sha256 {ca_sha256[:16] or 'unknown'}"


def _this(ca_sha256: str) -> str:
    return f"has CA sha256 {ca_sha256[:16]}" if ca_sha256 else "does not exist yet"

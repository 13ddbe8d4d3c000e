# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API server that a worker talks to.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Collection
from urllib.parse import urlsplit, urlunsplit


def names_server(url: str, names: Collection[str]) -> bool:
    """Whether the server in the URL is one of these."""
    return (urlsplit(url).hostname or "") in names


def moved(url: str, host: str) -> str:
    """The same URL with another host."""
    parts = urlsplit(url)
    name = f"[{host}]" if ":" in host else host
    return urlunsplit(parts._replace(netloc=f"{name}:{parts.port or 6443}"))

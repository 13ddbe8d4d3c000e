# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Methods of moto, replaced."""

from __future__ import annotations

from typing import Any, Callable


def replace(owner: Any, name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Put what `make` returns in the place of a method, which it is given."""
    setattr(owner, name, make(getattr(owner, name)))

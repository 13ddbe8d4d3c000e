# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress goes to standard error: standard output is for what was asked for, which may be JSON."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Tells the user what takes its time or was changed."""
    print(f"lab: {text}", file=sys.stderr, flush=True)

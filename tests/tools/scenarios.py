# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host scenarios: molecule against the lab, with the collection as it was built and installed."""

from __future__ import annotations

from typing import Iterator

from tests.tools.outcome import Outcome
from tests.tools.setting import Setting


def scenarios(setting: Setting) -> Iterator[Outcome]:
    """Run them one after another: they share the lab."""
    yield from ()


def k0s_in_words(setting: Setting) -> str:
    """Say on which k0s the host tests ran."""
    return "none yet"

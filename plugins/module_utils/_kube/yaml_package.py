# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PyYAML, which ansible-core brings to the control node, where everything above the API runs.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

try:
    import yaml
except ImportError:
    # Only where a tool imports this without ansible-core.
    yaml = None  # type: ignore[assignment]

__all__ = ["yaml"]

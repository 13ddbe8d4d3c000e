# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two ways to make a child. Both take the spec of an MkeChildConfig.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._children.engines.k0rdent import K0rdentEngine
from ansible_collections.mke4k.core.plugins.module_utils._children.engines.mke_operator import MkeOperatorEngine
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Engine

_ALL = {each.name: each for each in (MkeOperatorEngine(), K0rdentEngine())}
ENGINES = tuple(_ALL)


def engine(name: str) -> Engine:
    return _ALL[name]

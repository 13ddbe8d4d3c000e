# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The error of what is done with credentials.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._children.errors import ChildrenError


class CredentialError(ChildrenError):
    """Nothing was changed after this was found: tried what, on what, what came back, what to do."""


class KeyRefused(CredentialError):
    """AWS does not take the key (yet): a new one is known everywhere after some seconds."""

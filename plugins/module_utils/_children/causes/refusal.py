# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why the API server, or an admission webhook behind it, refused a child. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.codes import cleaned
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table import BY_NAME
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Diagnosis
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused

# MKE's documentation has the first; the others are what its rules say in other words.
_PHRASES: Tuple[Tuple[str, str], ...] = (
    ("required k0rdent providers are not deployed", "providers-not-deployed"),
    ("spec.version", "version-differs"),
    ("namespace", "wrong-namespace"),
)
WHERE = "admission by the mothership"


def diagnosis_of_refusal(error: Refused) -> Diagnosis:
    text = str(error)
    name = next((name for phrase, name in _PHRASES if phrase in text), "refused")
    return Diagnosis(BY_NAME[name], WHERE, cleaned(text))

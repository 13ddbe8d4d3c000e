# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why the API server, or an admission webhook behind it, refused a child. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.evidence import LONGEST, cleaned
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table import BY_NAME
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Diagnosis
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused

# MKE's documentation and kcm's webhooks have them in these words; the API server itself the last ones.
_PHRASES: Tuple[Tuple[str, str], ...] = (
    (r"required k0rdent providers are not deployed", "providers-not-deployed"),
    (r"unsupported infrastructure provider|providers? .*(?:not deployed|not ready)", "providers-not-deployed"),
    (r"failed to get Credential|credentials\.k0rdent\.mirantis\.com \S+ not found", "credential-missing"),
    (r"Credential (?:\S+ )?is not Ready|does not support ClusterIdentity", "credential-not-ready"),
    (
        r"template is not valid|ClusterTemplate \S+ is invalid|clustertemplates\.k0rdent\.\S+ \S+ not found",
        "template-not-ready",
    ),
    (r"cluster upgrade is forbidden|upgrade sequence is not allowed", "upgrade-not-allowed"),
    (r"failed (?:to call|calling) webhook", "webhook-unreachable"),
    (r"spec\.version.*(?:mothership|management|must (?:be )?(?:equal|match)|does not match)", "version-differs"),
    (
        r"version .*(?:must (?:be )?(?:equal|match)|does not match|differs from).*(?:mothership|MkeConfig)",
        "version-differs",
    ),
    (
        r"metadata\.namespace|only (?:be )?\w+ in .*namespace|namespace \S+ is not (?:allowed|supported)",
        "wrong-namespace",
    ),
    (r"immutable|(?:may not|cannot) be changed|Forbidden: .*update", "field-fixed"),
    (r'is forbidden: User "', "not-permitted"),
)
_KNOWN = tuple((re.compile(phrase, re.IGNORECASE), name) for phrase, name in _PHRASES)
_DENIED = re.compile(r"\bdenied (?:the )?request: ")
WHERE = "admission by the mothership"


def diagnosis_of_refusal(error: Refused) -> Diagnosis:
    text = " ".join(str(error).split())
    name = next((name for phrase, name in _KNOWN if phrase.search(text)), "refused")
    return Diagnosis(BY_NAME[name], WHERE, cleaned(_words(text)))


def _words(text: str) -> str:
    """Those of whoever refused it, where the names of policies and bindings before them leave no room for them."""
    return text if len(text) <= LONGEST else _DENIED.split(text)[-1]

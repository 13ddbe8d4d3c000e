# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a kubeconfig with one cluster and one user, as k0s and the kubelet write it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root


@dataclass(frozen=True)
class Kubeconfig:
    """What it says; empty where it says nothing. `ca_data` is PEM text."""

    server: str = ""
    certificate: str = ""
    key: str = ""
    ca: str = ""
    ca_data: str = ""


def read_kubeconfig(path: str, root: Root = HOST) -> Kubeconfig:
    text = (root.data(path) or b"").decode("utf-8", "replace")
    return Kubeconfig(
        server=_value(text, "server"),
        certificate=_value(text, "client-certificate"),
        key=_value(text, "client-key"),
        ca=_value(text, "certificate-authority"),
        ca_data=_decoded(_value(text, "certificate-authority-data")),
    )


def _value(text: str, key: str) -> str:
    if text.lstrip().startswith("{"):
        found = re.search(rf'"{re.escape(key)}"\s*:\s*("(?:[^"\\]|\\.)*")', text)
        return str(json.loads(found.group(1))) if found else ""
    found = re.search(rf"^[ \t-]*{re.escape(key)}:[ \t]*(\S.*?)[ \t]*$", text, re.MULTILINE)
    return found.group(1).strip("\"'") if found else ""


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return ""

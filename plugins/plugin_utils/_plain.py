# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the values Ansible hands around (tagged, lazy, encrypted) to those that json and yaml know.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError

DEPTH = 64


class InputError(AnsibleError):  # type: ignore[misc]
    """There is no usable mke4.yaml: what was tried, what came back, what to do."""


def plain(value: Any, path: str = "", depth: int = 0) -> Any:
    """The value in built-in types only, decrypted. `path` is told when a part of it is unusable."""
    if depth > DEPTH:
        raise InputError(f"{path or 'The input'} is nested deeper than {DEPTH} levels. Does it contain itself?")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return "".join(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, Mapping):
        return {_key(key): plain(item, f"{path}.{key}" if path else str(key), depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item, f"{path}[{number}]", depth + 1) for number, item in enumerate(value)]
    return _scalar(value, path)


def _key(key: Any) -> str:
    """YAML 1.1 reads some bare words as booleans; as keys they are meant as words."""
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key)


def _scalar(value: Any, path: str) -> str:
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", errors="replace")
    try:
        return str(value)
    except AnsibleError as error:
        raise InputError(f"The encrypted value at {path or 'the top'} could not be decrypted: {error}") from error

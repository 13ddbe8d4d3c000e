# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of fields: their name in schema tables, and how a value of the kind is made from a plain one.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Callable, Dict

from ansible_collections.mke4k.core.plugins.module_utils._config.values.network import (
    to_bind,
    to_cidr,
    to_cidr_address,
    to_endpoint,
    to_host,
    to_ipv4,
    to_node_name,
    to_port,
    to_port_range,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.values.scalars import (
    to_bool,
    to_duration,
    to_quantity,
    to_size,
    to_text,
    to_whole,
    to_word,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.values.texts import (
    to_arguments,
    to_chart_registry,
    to_flags,
    to_interface,
    to_items,
    to_map,
    to_name,
    to_path,
    to_pem,
    to_registry,
    to_user,
)

# A field with fields of its own, a list of such fields, and a list of single values: they are walked.
WALKED = ("object", "objects", "list")

CONVERSIONS: Dict[str, Callable[[Any], Any]] = {
    "arguments": to_arguments,
    "bind": to_bind,
    "bool": to_bool,
    "chart registry": to_chart_registry,
    "cidr": to_cidr,
    "cidr address": to_cidr_address,
    "duration": to_duration,
    "endpoint": to_endpoint,
    "flags": to_flags,
    "host": to_host,
    "interface": to_interface,
    "ipv4": to_ipv4,
    "items": to_items,
    "map": to_map,
    "name": to_name,
    "node name": to_node_name,
    "path": to_path,
    "pem": to_pem,
    "port": to_port,
    "port range": to_port_range,
    "quantity": to_quantity,
    "registry": to_registry,
    "size": to_size,
    "text": to_text,
    "user": to_user,
    "whole": to_whole,
    "word": to_word,
}

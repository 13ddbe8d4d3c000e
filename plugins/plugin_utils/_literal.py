# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of a file as variables that are never rendered, in each generation of ansible-core.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any

from ansible.utils.unsafe_proxy import wrap_var

try:
    from ansible.template import trust_as_template
except ImportError:  # ansible-core 2.18 renders whatever is not marked

    def trust_as_template(value: str) -> str:
        return value


TEMPLATE_MARKS = ("{{", "{%", "{#")


def literal(value: Any) -> Any:
    """The value with every text that looks like a template marked as none.

    Other text is left unmarked, as marks show up in `ansible-inventory --list` and in AWX.
    """
    if isinstance(value, dict):
        return {key: literal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [literal(item) for item in value]
    if not isinstance(value, str):
        return value
    return wrap_var(value) if any(mark in value for mark in TEMPLATE_MARKS) else trust_as_template(value)

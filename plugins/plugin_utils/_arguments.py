# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of an action, checked as those of a module are.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator


def checked(spec: Mapping[str, Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments in their types, with defaults; all mistakes in one failure."""
    result = ArgumentSpecValidator(dict(spec)).validate(dict(arguments))
    if result.error_messages:
        raise AnsibleError("; ".join(result.error_messages))
    return dict(result.validated_parameters)

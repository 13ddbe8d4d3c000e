# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments for a module in the process of a test, on every ansible-core."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

from ansible.module_utils import basic

try:
    from ansible.module_utils import testing
except ImportError:  # ansible-core 2.18
    testing = None


@contextmanager
def patch_module_args(arguments: Mapping[str, Any]) -> Iterator[None]:
    if testing is not None:
        with testing.patch_module_args(arguments):
            yield
        return
    own = {"_ansible_remote_tmp": "/tmp", "_ansible_keep_remote_files": False}
    text = json.dumps({"ANSIBLE_MODULE_ARGS": {**own, **arguments}})
    with mock.patch.object(basic, "_ANSIBLE_ARGS", text.encode()):
        yield

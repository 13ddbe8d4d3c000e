# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a file of a host block by block over the connection of a task, as the user that the task becomes.

Ansible's own ways either need the connecting user to read the file, or hold all of it in memory.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import shlex
from collections.abc import Iterator
from typing import Any

from ansible.errors import AnsibleError

BLOCK = 8 * 1024 * 1024


def read_blocks(action: Any, path: str, sha256: str, size: int, block: int = BLOCK) -> Iterator[bytes]:
    """The content, in order. Raises at the end where it is not the file with this sha256."""
    digest = hashlib.sha256()
    for number in range((size + block - 1) // block):
        content = _block(action, path, number, block)
        digest.update(content)
        yield content
    if digest.hexdigest() != sha256:
        raise AnsibleError(
            f"{path} came over the connection with the sha256 {digest.hexdigest()}, {sha256} was expected. Run again;"
            " if it stays so, something on the host writes into what commands print"
        )


def _block(action: Any, path: str, number: int, block: int) -> bytes:
    # ssh shows answers at -vvv unless its own play context says not to.
    context = action._connection._play_context
    no_log, context.no_log = context.no_log, True
    command = f"dd if={shlex.quote(path)} bs={block} skip={number} count=1 2>/dev/null | base64"
    try:
        done = action._low_level_execute_command(command)
    finally:
        context.no_log = no_log
    if done.get("rc"):
        raise AnsibleError(f"{path} could not be read on the host: {done.get('stderr') or done.get('stdout')}")
    try:
        return base64.b64decode(done["stdout"])
    except (binascii.Error, ValueError) as error:
        raise AnsibleError(f"{path} could not be read on the host: what came is no base64: {error}") from error

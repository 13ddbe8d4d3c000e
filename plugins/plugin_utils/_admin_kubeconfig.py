# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The administrator's kubeconfig, read on a controller over the connection of a task.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError

MODULE = "mke4k.core.k0s_kubeconfig"


def read_admin_kubeconfig(action: Any, task_vars: Any, *, data_dir: str, binary_path: str) -> str:
    """What `k0s kubeconfig admin` prints; empty where there is no cluster yet and the task runs in check mode.

    It holds a key, and ssh shows answers at -vvv unless its own play context says not to.
    """
    context = action._connection._play_context
    no_log, context.no_log = context.no_log, True
    try:
        answer = action._execute_module(
            module_name=MODULE, module_args={"data_dir": data_dir, "binary_path": binary_path}, task_vars=task_vars
        )
    finally:
        context.no_log = no_log
    if answer.get("failed"):
        raise AnsibleError(str(answer.get("msg") or "k0s kubeconfig admin failed without a message"))
    return str(answer.get("kubeconfig") or "")

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the play around a task can do what a role needs: all hosts at a time, in step, and of one cluster.

Roles are imported into plays that others have written. Where a play cannot do it, that is said before anything changes.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables, is_set

# With these a host does not wait for the others: names of strategies of any collection.
FREE = ("free", "host_pinned")
SHOWN = 5
# By these variables of the inventory hosts say which cluster they belong to.
OF_CLUSTER = ("mke4k_controllers_group", "mke4k_workers_group", "mke4k_config_file", "mke4k_config")


def refuse_free(task: Any, task_vars: Mapping[str, Any]) -> None:
    """A task that is to run once would run for each host, at the same time."""
    hosts = _names(task_vars, "ansible_play_hosts_all")
    if len(hosts) < 2:
        return
    strategy = str(task.get_play().strategy)
    if strategy.rpartition(".")[2].endswith(FREE):
        raise AnsibleError(
            f"Nothing was changed: with strategy {strategy} hosts do not wait for each other, and what is to be done"
            f" once would be done for each of the {len(hosts)} hosts of this play. Write `strategy: linear` into the"
            " play (or see ANSIBLE_STRATEGY and ansible.cfg, where the play has none)."
        )


def refuse_part(task: Any, task_vars: Mapping[str, Any], variables: Variables) -> None:
    """A cluster is read, planned and changed as a whole."""
    refuse_free(task, task_vars)
    _refuse_batches(task_vars)
    _refuse_several(task_vars, variables)


def _refuse_batches(task_vars: Mapping[str, Any]) -> None:
    hosts, batch = _names(task_vars, "ansible_play_hosts"), _names(task_vars, "ansible_play_batch")
    waiting = [host for host in hosts if host not in batch]
    if waiting:
        raise AnsibleError(
            f"Nothing was changed: the play has `serial`, so only {_listed(batch)} would be seen now, without"
            f" {_listed(waiting)}, and a cluster is read and planned as a whole. Take `serial` out of the play. Hosts"
            " do not change all at once for that: controllers change one after another, and k0s_disruption says how"
            " many workers at a time."
        )


def _refuse_several(task_vars: Mapping[str, Any], variables: Variables) -> None:
    """Tasks that run once have the variables of one host: hosts of another cluster would be done by those, or not."""
    here = str(task_vars.get("inventory_hostname", ""))
    others = [host for host in _names(task_vars, "ansible_play_hosts_all") if host != here]
    if not others:
        return
    for name in OF_CLUSTER:
        own = variables.of_host(here, name)
        if not is_set(own) or own != variables.own(name):
            continue  # not of the inventory, or a play or role says it for all hosts
        strange = [host for host in others if is_set(found := variables.of_host(host, name)) and found != own]
        if strange:
            raise AnsibleError(
                f"Nothing was changed: hosts of several clusters are in this play: {name} of {_listed(strange)} is not"
                f" that of {here}. Give each cluster a play of its own, such as `hosts: {variables.controllers_group}:"
                f"{variables.workers_group}`; they can be in one inventory and one run."
            )


def _names(task_vars: Mapping[str, Any], name: str) -> list[str]:
    return [str(host) for host in task_vars.get(name) or []]


def _listed(hosts: Sequence[str]) -> str:
    more = len(hosts) - SHOWN
    return ", ".join(hosts[:SHOWN]) + (f" and {more} more" if more > 0 else "")

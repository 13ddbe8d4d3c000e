# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables as an action sees them, rendered, and those of the other hosts of the cluster.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.template import Templar

from ansible_collections.mke4k.core.plugins.plugin_utils._plain import InputError, plain

CONTROLLERS_GROUP = "mke4k_controllers"
WORKERS_GROUP = "mke4k_workers"
CLUSTER_GROUP = "mke4k_cluster"
# ansible-core 2.18 lets through what a template raises; later ones make an AnsibleError of it.
NOT_RENDERED = (AnsibleError, ArithmeticError, LookupError, TypeError, ValueError)


def is_set(value: Any) -> bool:
    """Surveys of AWX and defaults of roles give empty values for what nobody filled in."""
    return value not in (None, "", {}, [])


class Variables:
    """The variables of a task; where it lacks one, that of the first host of the cluster's controllers.

    The second place makes variables of the cluster's groups visible to a play on localhost.
    """

    def __init__(self, task_vars: Mapping[str, Any], loader: Any) -> None:
        self._raw = task_vars
        self._of_hosts: dict[str, Mapping[str, Any]] = {}
        self._templar = Templar(loader=loader, variables=dict(task_vars))

    def get(self, name: str) -> Any:
        """The rendered value in plain types, or None where the variable is unset or empty."""
        value = self.own(name)
        if is_set(value):
            return value
        first = next(iter(self.group(self.controllers_group)), None)
        value = self.of_host(first, name) if first else None
        return value if is_set(value) else None

    def text(self, name: str) -> str:
        value = self.get(name)
        return "" if value is None else str(value).strip()

    @property
    def controllers_group(self) -> str:
        return str(self.own("mke4k_controllers_group") or CONTROLLERS_GROUP)

    @property
    def workers_group(self) -> str:
        return str(self.own("mke4k_workers_group") or WORKERS_GROUP)

    @property
    def cluster_group(self) -> str:
        return str(self.own("mke4k_cluster_group") or CLUSTER_GROUP)

    def group(self, name: str) -> list[str]:
        """The names of the hosts of an inventory group, in its order."""
        return [str(host) for host in (self._raw.get("groups") or {}).get(name, [])]

    def of_host(self, host: str, name: str) -> Any:
        """A rendered variable of a host of the inventory, or None."""
        variables = self._variables_of(host)
        if name not in variables:
            return None
        try:
            return plain(variables[name], name)
        except InputError:
            raise
        except NOT_RENDERED as error:
            raise InputError(f"The variable {name} of host {host} cannot be rendered: {error}") from error

    def _variables_of(self, host: str) -> Mapping[str, Any]:
        """Kept, as Ansible collects all variables of a host at each look at one."""
        if host not in self._of_hosts:
            hostvars = self._raw.get("hostvars")
            self._of_hosts[host] = hostvars[host] if hostvars is not None and host in hostvars else {}
        return self._of_hosts[host]

    def inventory_hosts(self) -> Iterator[str]:
        yield from self.group("all")

    def own(self, name: str) -> Any:
        """The rendered value as the task has it, or None."""
        if name not in self._raw:
            return None
        try:
            return plain(self._templar.template(self._raw[name]), name)
        except InputError:
            raise
        except NOT_RENDERED as error:
            raise InputError(
                f"The variable {name} cannot be rendered: {error} "
                "(text in variables is a Jinja template: write braces that are meant as such as"
                " {% raw %}{{ }}{% endraw %}, or give the file as mke4k_config_file, where nothing is rendered)"
            ) from error

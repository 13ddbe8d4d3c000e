# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions about child clusters have in common: the options, the engine, and what the mothership says.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.module_utils._children.engines import ENGINES, engine
from ansible_collections.mke4k.core.plugins.module_utils._children.errors import BadChildren
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Engine, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._children.mothership import read_mothership
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import InputError
from ansible_collections.mke4k.core.plugins.plugin_utils._yaml_text import read_text

# Kept beside plugins/doc_fragments/_children.py.
WHERE_OPTIONS: dict[str, Any] = {
    "engine": {"type": "str", "choices": list(ENGINES), "default": "mke-operator"},
    "namespace": {"type": "str", "default": ""},
}


class ChildrenAction(KubeAction):
    """A subclass gets the `engine`, the `facts` of the mothership, and `refuse_errors`."""

    _facts: Mothership | None = None

    @property
    def engine(self) -> Engine:
        return engine(str(self._args["engine"]))

    @property
    def facts(self) -> Mothership:
        """What the mothership says, read once. Nothing where files are rendered: a GitOps job has no way to it."""
        if self._facts is None:
            self._facts = self._read()
        return self._facts

    def _read(self) -> Mothership:
        namespace = str(self._args["namespace"])
        api = None if self._args.get("mode") == "render" else self.api_or_none
        if api is None:
            return Mothership(namespace=namespace or Mothership.namespace, asked=False)
        return read_mothership(api, self.engine.name, namespace)

    def listed(self, name: str) -> list[Any]:
        """An option that is a list, the YAML text of one as a survey gives it, or names with commas between them."""
        given = self._value(name)
        if given is None:
            return []
        if isinstance(given, str):
            return [part.strip() for part in given.split(",") if part.strip()]
        if not isinstance(given, list):
            raise InputError(f"{name} has to be a list, not {type(given).__name__}.")
        return given

    def mapped(self, name: str) -> dict[str, Any]:
        """An option that is a mapping, or the YAML text of one."""
        given = self._value(name)
        if given is None:
            return {}
        if not isinstance(given, dict):
            raise InputError(f"{name} has to be a mapping, not {type(given).__name__}.")
        return given

    def refuse_errors(self, findings: Sequence[Finding]) -> list[dict[str, str]]:
        """Warnings are shown and returned; errors end the task, all of them at once, before anything is sent."""
        for finding in findings:
            if not finding.is_error:
                Display().warning(finding.text())
        if any(finding.is_error for finding in findings):
            raise BadChildren(findings)
        return [finding.to_dict() for finding in findings]

    def _value(self, name: str) -> Any:
        given = self._args[name]
        return read_text(given, name, self._loader) if isinstance(given, str) else given

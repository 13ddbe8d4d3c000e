# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of one host.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s import environment
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.readiness import SERVING
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.redact import (
    is_secret,
    mask_environment,
    redact,
)

PREPARED, RUNNING, STAGED = "prepared", "running", "staged"
# Shorter texts would be masked in the middle of innocent ones.
_SHORTEST_SECRET = 8
HIDDEN = "(hidden)"


@dataclass(frozen=True)
class Request:
    """A host's wanted state and what this run may use to reach it."""

    spec: NodeSpec
    state: str = RUNNING
    joins: bool = False
    token: str = field(default="", repr=False)
    shared: Mapping[str, str] = field(default_factory=dict, repr=False)
    peers: Tuple[str, ...] = ()
    wait_for: str = SERVING
    wait_timeout: float = 300.0
    join_address: str = ""

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Request:
        """From the module's options."""
        spec = NodeSpec.from_dict(params)
        token = params.get("token") or ""
        joins = params.get("joins")
        problems = environment.problems(spec.environment)
        if problems:
            raise K0sError(f"the environment of k0s was not written: {'; '.join(problems)}. Correct `environment`")
        if params["state"] in (PREPARED, RUNNING) and spec.is_controller and not spec.config:
            raise K0sError(f"a {spec.role} needs `config`, the text of its k0s.yaml")
        return cls(
            spec=spec,
            state=params["state"],
            joins=bool(token) or not spec.is_controller if joins is None else bool(joins),
            token=token,
            shared={item["path"]: item["content"] for item in params.get("shared") or ()},
            peers=tuple(params.get("peers") or ()),
            wait_for=params.get("wait_for") or SERVING,
            wait_timeout=float(params.get("wait_timeout") or 300),
            join_address=params.get("join_address") or "",
        )


def secrets_of(params: Mapping[str, Any]) -> Set[str]:
    """The texts among the options that no output may show.

    The options that hold them are `no_log` as a whole, which would also mask their paths, modes and owners, and the
    diff of a configuration.
    """
    found: List[str] = [params.get("token") or ""]
    found += [item.get("content") or "" for item in params.get("shared") or ()]
    texts = [params.get("config") or ""]
    for item in params.get("files") or ():
        content = item.get("content") or ""
        (found if item.get("secret") else texts).append(content)
    found += [text for text in texts if redact(text) != text]
    found += [str(value) for name, value in (params.get("environment") or {}).items() if is_secret(name, str(value))]
    return {text for text in found if len(text) >= _SHORTEST_SECRET}


def without_texts(params: Mapping[str, Any]) -> Dict[str, Any]:
    """The options as the result may repeat them: without the texts that can hold a secret."""
    shown = dict(params)
    shown["environment"] = mask_environment({k: str(v) for k, v in (params.get("environment") or {}).items()})
    for option in ("config", "token"):
        shown[option] = HIDDEN if params.get(option) else None
    for option in ("files", "shared"):
        shown[option] = [{**item, "content": HIDDEN} for item in params.get(option) or ()]
    return shown

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on command: the ConfigMap kube-system/standin-faults.

Each key names a component (`k0rdent.cluster-api-provider-aws`), each value is YAML:

    error: TEXT      it is not ready and says so with this text
    never: true      it stays as it is before it is ready
    slow: SECONDS    it takes that much longer
    flap: SECONDS    once ready it fails for that long, once
    missing: true    it is not part of what is delivered
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Dict, Mapping

import yaml

from .api import Api, Watched
from .kinds import CONFIG_MAP

NAMESPACE = "kube-system"
NAME = "standin-faults"
WATCHED = Watched(CONFIG_MAP, NAMESPACE, NAME)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a component; nothing by default."""

    error: str = ""
    never: bool = False
    slow: float = 0.0
    flap: float = 0.0
    missing: bool = False


@dataclass(frozen=True)
class Faults:
    """All faults by component."""

    known: Mapping[str, Fault] = field(default_factory=dict)

    def of(self, component: str) -> Fault:
        return self.known.get(component, Fault())


def read_faults(api: Api) -> Faults:
    config_map = api.get(CONFIG_MAP, NAME, NAMESPACE)
    return parse_faults((config_map or {}).get("data") or {})


def parse_faults(data: Mapping[str, str]) -> Faults:
    """The faults of a ConfigMap's data. What is no fault counts as the error with that text: a test sees its typo."""
    return Faults({component: _fault(text) for component, text in data.items()})


def _fault(text: str) -> Fault:
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        return Fault(error=text)
    known = {item.name for item in fields(Fault)}
    if not isinstance(value, dict) or not set(value) <= known:
        return Fault(error=text)
    chosen: Dict[str, Any] = {name: value[name] for name in value}
    return Fault(**chosen)

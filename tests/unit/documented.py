# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that a module documents, with those of its doc fragments."""

from __future__ import annotations

import importlib
from typing import Any, Collection, Dict, Mapping

import yaml

PREFIX = "mke4k.core."
FRAGMENTS = "ansible_collections.mke4k.core.plugins.doc_fragments."
# Of every action that reaches the API, or that reads mke4.yaml.
SHARED = ("_api", "_config", "_k0s_host.controller")


def documented_options(module: Any, leave_out: Collection[str] = SHARED) -> Dict[str, Any]:
    """As an argument spec has them; each of them has to be described."""
    described = yaml.safe_load(module.DOCUMENTATION)
    options: Dict[str, Any] = {}
    for name in described.get("extends_documentation_fragment", []):
        if name[len(PREFIX) :] not in leave_out:
            options.update(_fragment(name[len(PREFIX) :]))
    for name, option in (described.get("options") or {}).items():
        options[name] = {**options.get(name, {}), **option}
    return _specified(options)


def _fragment(name: str) -> Mapping[str, Any]:
    file, _dot, part = name.partition(".")
    fragment = importlib.import_module(FRAGMENTS + file).ModuleDocFragment
    found = yaml.safe_load(getattr(fragment, (part or "documentation").upper()))
    return dict(found.get("options") or {})


def _specified(options: Mapping[str, Any]) -> Dict[str, Any]:
    return {name: _without_words(name, option) for name, option in options.items()}


def _without_words(name: str, option: Mapping[str, Any]) -> Dict[str, Any]:
    assert option.get("description"), f"{name} is not described"
    found = {key: value for key, value in option.items() if key not in ("description", "suboptions")}
    if "suboptions" in option:
        found["options"] = _specified(option["suboptions"])
    return found

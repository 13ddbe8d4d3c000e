# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An option that several modules have is described in one place and specified in one place."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, Dict, List, Tuple

import yaml

from ansible_collections.mke4k.core.plugins.doc_fragments import _k0s_host
from ansible_collections.mke4k.core.plugins.module_utils._k0s.host_options import CONTROLLER_OPTIONS, HOST_OPTIONS

from .test_metadata import MODULES, ROOT, documentation


def described_alike() -> Dict[Tuple[str, str], List[str]]:
    found: Dict[Tuple[str, str], List[str]] = defaultdict(list)
    for module in MODULES:
        for name, described in documentation(module).get("options", {}).items():
            found[name, json.dumps(described, sort_keys=True)].append(module.stem)
    return found


def test_no_option_is_described_twice() -> None:
    twice = {name: where for (name, _text), where in described_alike().items() if len(where) > 1}
    assert twice == {}


def test_where_k0s_is_on_a_host_is_specified_once() -> None:
    wanted = [f'"{name}": {{' for name in HOST_OPTIONS]
    files = [path for path in (ROOT / "plugins").rglob("*.py") if path.name != "host_options.py"]
    assert [path.name for path in files if any(text in path.read_text() for text in wanted)] == []


def test_the_fragment_of_a_host_says_what_its_options_are() -> None:
    fragment = _k0s_host.ModuleDocFragment
    assert {**said_by(fragment.DOCUMENTATION), **said_by(fragment.BINARY)} == HOST_OPTIONS
    assert said_by(fragment.CONTROLLER) == CONTROLLER_OPTIONS


def said_by(fragment: str) -> Dict[str, Any]:
    described = yaml.safe_load(fragment)["options"]
    return {
        name: {key: value for key, value in about.items() if key != "description"} for name, about in described.items()
    }

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small mke4.yaml files for tests, and the golden files of rendering.

The golden files are in tests/unit/golden. To make them again from what is rendered now:

    tests/tools/with-venv env MKE4K_UPDATE_GOLDEN=1 pytest tests/unit/plugins/module_utils/_config/test_golden.py
"""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

import yaml

from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Loaded
from ansible_collections.mke4k.core.plugins.module_utils._config.render.node import render_node

GOLDEN = Path(__file__).resolve().parents[3] / "golden"
UPDATE = os.environ.get("MKE4K_UPDATE_GOLDEN") == "1"

ENVELOPE = {
    "apiVersion": "mke.mirantis.com/v1alpha1",
    "kind": "MkeConfig",
    "metadata": {"name": "mke", "namespace": "mke"},
}


def host(address: str, role: str = "controller+worker", **fields: Any) -> Dict[str, Any]:
    return {"role": role, "ssh": {"address": address, "user": "ubuntu"}, **fields}


def document(version: Any = "v4.1.2", hosts: Optional[List[Any]] = None, **spec: Any) -> Dict[str, Any]:
    """An MkeConfig with one controller, and whatever of its spec a test is about."""
    body: Dict[str, Any] = {"hosts": [host("10.0.0.11")] if hosts is None else hosts, **spec}
    if version is not None:
        body["version"] = version
    return {**copy.deepcopy(ENVELOPE), "spec": body}


def cluster(version: Optional[str] = "v4.1.2", hosts: Optional[List[Any]] = None, **spec: Any) -> Cluster:
    return load(document(version, hosts, **spec)).require()


def names(loaded: Loaded, severity: str = "error") -> List[str]:
    return [finding.name for finding in loaded.findings if finding.severity == severity]


def rendered(loaded: Cluster) -> Dict[str, Dict[str, Any]]:
    """What every host of a cluster gets; its SSH address serves as its node address."""
    addresses = {item.name: item.private_address or item.address for item in loaded.hosts}
    return {item.name: render_node(loaded, item, addresses) for item in loaded.hosts}


def nested(path: str, value: Any) -> Dict[str, Any]:
    """`{"a": {"b": value}}` for `a.b`."""
    for key in reversed(path.split(".")):
        value = {key: value}
    assert isinstance(value, dict)
    return value


def merged(base: Mapping[str, Any], other: Mapping[str, Any]) -> Dict[str, Any]:
    found = dict(base)
    for key, value in other.items():
        inner = found.get(key)
        found[key] = merged(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return found


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Dict[str, Any]:
    """What a host gets otherwise: settings, arguments and files by name; None for what is gone."""
    old, new = dict(_parts(before)), dict(_parts(after))
    changed = {name: new.get(name) for name in [*old, *new] if old.get(name) != new.get(name)}
    return dict(sorted(changed.items()))


def _parts(spec: Mapping[str, Any]) -> Iterator[Tuple[str, Any]]:
    for name in ("role", "version", "data_dir", "kubelet_root_dir"):
        yield name, spec[name]
    for argument in spec["arguments"]:
        flag, equals, value = argument.partition("=")
        yield f"argument {flag}", value if equals else True
    for kind in ("files", "shared_files", "directories"):
        for item in spec[kind]:
            yield f"{kind} {item['path']}", {name: value for name, value in item.items() if name != "path"}
    yield from _leaves("config", spec["config"])


def _leaves(name: str, value: Any) -> Iterator[Tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(f"{name}.{key}", item)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for item in value:
            yield from _leaves(f"{name}[{item.get('name', '')}]", item)
    else:
        yield name, value


class _Dumper(yaml.SafeDumper):
    """Writes lists and long text as the linter wants them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def dump(value: Any) -> str:
    plain = yaml.safe_load(yaml.safe_dump(value, sort_keys=False))
    return str(yaml.dump(plain, Dumper=_Dumper, sort_keys=False, width=100, allow_unicode=True))

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The assets of examples/awx, as data.

python -m tests.awx.assets    writes examples/awx/assets.json again, after a change of examples/awx/assets
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

AWX = Path(__file__).resolve().parents[2] / "examples" / "awx"
JSON = AWX / "assets.json"
KINDS = (
    "credential_types", "execution_environments", "projects", "inventories", "hosts", "inventory_sources",
    "job_templates", "workflows",
)  # fmt: skip
# What the playbook that loads the assets asks for or has a default for.
GIVEN = {
    "awx_organization": "Default",
    "awx_machine_credential": "mke4k_machine",
    "awx_aws_credential": "mke4k_aws",
    "awx_project_url": "https://git.example.com/mke.git",
    "awx_image": "registry.example.com/mke",
}


class _Loader(yaml.SafeLoader):
    """Reads `!unsafe` as Ansible does: text that is no template."""


class _Unsafe(str):
    """Text that stays as it is."""

    __slots__ = ()


def _unsafe(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> _Unsafe:
    return _Unsafe(loader.construct_scalar(node))


_Loader.add_constructor("!unsafe", _unsafe)


def assets() -> dict[str, list[dict[str, Any]]]:
    """Every asset by its kind, with the values of GIVEN filled in."""
    found: dict[str, Any] = {}
    for path in sorted((AWX / "assets").glob("*.yml")):
        found.update(yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader))  # noqa: S506 - a SafeLoader
    return {kind: _filled(found[kind]) for kind in KINDS}


def _filled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item) for item in value]
    if isinstance(value, str) and not isinstance(value, _Unsafe):
        return re.sub(r"{{ (\w+) }}", lambda match: GIVEN[match[1]], value)
    return str(value) if isinstance(value, _Unsafe) else value


def templates() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every job template, with the name of its playbook."""
    for template in assets()["job_templates"]:
        yield Path(template["playbook"]).stem, template


def in_json() -> str:
    """What assets.json has to be."""
    return json.dumps(assets(), indent=1) + "\n"


if __name__ == "__main__":
    JSON.write_text(in_json(), encoding="utf-8")

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every configuration that is rendered is accepted by `k0s config validate`.

With MKE4K_K0S=/path/to/k0s (several with `:` between them); k0s refuses fields it does not know.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Dict, Iterator, Tuple

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.load import load

from .support import document, merged, rendered
from .test_golden import FIELD_FILES, HOSTS, RELEASE_FOLDERS, field_cases, release_input

BINARIES = [path for path in os.environ.get("MKE4K_K0S", "").split(":") if path]

pytestmark = pytest.mark.skipif(not BINARIES, reason="MKE4K_K0S names no k0s binary")


def golden_configs() -> Iterator[Tuple[str, Dict[str, Any]]]:
    for folder in RELEASE_FOLDERS:
        yield from configs(folder.name, release_input(folder), {})
    for path in FIELD_FILES:
        for case in field_cases(path):
            written = document(case.get("version", "v4.1.2"), case.get("hosts", HOSTS))
            written["spec"] = merged(written["spec"], case.get("set", {}))
            yield from configs(f"{path.stem}: {case['about']}", written, case.get("overrides", {}))


def configs(about: str, written: Any, overrides: Dict[str, Any]) -> Iterator[Tuple[str, Dict[str, Any]]]:
    specs = rendered(load(written, overrides=overrides).require())
    yield from ((f"{about}, {name}", spec["config"]) for name, spec in specs.items() if spec["config"])


@pytest.mark.parametrize("binary", BINARIES)
def test_k0s_accepts_every_golden_configuration(binary: str, tmp_path: Path) -> None:
    refused = {}
    for about, config in golden_configs():
        path = tmp_path / "k0s.yaml"
        path.write_text(json.dumps(config), encoding="utf-8")
        result = subprocess.run(
            [binary, "config", "validate", "--config", str(path)], capture_output=True, text=True, check=False
        )
        if result.returncode != 0 or result.stderr:
            refused[about] = result.stderr
    assert refused == {}

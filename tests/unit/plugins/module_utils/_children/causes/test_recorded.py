# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Causes of children as the real Cluster API and its provider for AWS described them.

The files below recorded/ are written by tests/integration/capi with MKE4K_CAPI_RECORD=FOLDER.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.diagnose import Diagnoser
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.identity import is_silent
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Family

FILES = sorted((Path(__file__).parent / "recorded").rglob("*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_what_real_controllers_said_has_its_cause(file: Path) -> None:
    told = json.loads(file.read_text(encoding="utf-8"))
    names = told.pop("causes")
    family = Family(file.stem, **told)
    found = Diagnoser().diagnose(family, 0.0)
    if names[0].startswith("identity-"):
        # That was found by asking, as nobody said anything.
        assert is_silent(family)
        assert found == []
        return
    assert [item.cause.name for item in found][:1] == names[:1]
    assert found[0].evidence

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.fields import BadPath, find, parse_path, same

OBJECT = {
    "metadata": {"labels": {"app.kubernetes.io/name": "ui"}},
    "spec": {"ports": [{"port": 80}, {"port": 443}]},
    "status": {"components": {"kcm": {"success": True}}, "empty": None},
}


@pytest.mark.parametrize(
    ("path", "there", "value"),
    [
        ("status.components.kcm.success", True, True),
        ("spec.ports[1].port", True, 443),
        ('metadata.labels["app.kubernetes.io/name"]', True, "ui"),
        ("metadata['labels']['app.kubernetes.io/name']", True, "ui"),
        ("status.empty", True, None),
        ("spec.ports[2].port", False, None),
        ("spec.ports.port", False, None),
        ("status.components.kcm.success.deeper", False, None),
        ("status.components[0]", False, None),
    ],
)
def test_a_path_finds_its_field(path: str, there: bool, value: Any) -> None:
    assert find(OBJECT, parse_path(path)) == (there, value)


@pytest.mark.parametrize("path", ["", "a..b", "a[", "a[x]", "a['b]"])
def test_a_text_that_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(BadPath, match="path"):
        parse_path(path)


@pytest.mark.parametrize(
    ("found", "wanted", "result"),
    [
        (True, "true", True),
        (True, True, True),
        (3, "3", True),
        ("3", 3, False),
        (False, "true", False),
        ("a", "a", True),
    ],
)
def test_numbers_and_booleans_may_come_as_text(found: Any, wanted: Any, result: bool) -> None:
    assert same(found, wanted) is result

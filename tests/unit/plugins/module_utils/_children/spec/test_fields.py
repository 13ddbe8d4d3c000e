# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from typing import Iterator, Sequence

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.doc_fragments._children import ModuleDocFragment
from ansible_collections.mke4k.core.plugins.module_utils._children.engines import ENGINES
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.fields import FIELDS, Field
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.placement import is_at_least

OPTIONS = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]


def names_of(fields: Sequence[Field]) -> Iterator[str]:
    for field in fields:
        yield field.name
        yield from names_of(field.fields)


def test_every_option_of_a_child_is_documented() -> None:
    said = set(re.findall(r"C\(([a-z_]+)\)", " ".join(OPTIONS["children"]["description"])))
    assert set(names_of(FIELDS)) - said == set()


def test_no_option_is_there_twice() -> None:
    for fields in (FIELDS, *(field.fields for field in FIELDS)):
        names = [field.name for field in fields]
        assert len(names) == len(set(names))
    assert OPTIONS["engine"]["choices"] == list(ENGINES)


@pytest.mark.parametrize(
    ("version", "newer"), [("v4.1.2", False), ("v4.1.3", True), ("v4.1.10", True), ("v4.2.0-rc.8", True), ("x", True)]
)
def test_releases_are_compared_by_their_numbers(version: str, newer: bool) -> None:
    assert is_at_least(version, (4, 1, 3)) is newer

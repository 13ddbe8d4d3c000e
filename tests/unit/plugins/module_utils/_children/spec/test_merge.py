# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from copy import deepcopy
from typing import Any, Dict

from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._children.spec.merge import merged, put

LEAVES = st.integers() | st.text(max_size=4) | st.lists(st.integers(), max_size=2)
KEYS = st.sampled_from("abc")
TREES = st.recursive(
    st.dictionaries(KEYS, LEAVES, max_size=3), lambda inside: st.dictionaries(KEYS, inside | LEAVES, max_size=3)
)


@given(TREES, TREES)
def test_what_is_above_wins_and_neither_is_changed(below: Dict[str, Any], above: Dict[str, Any]) -> None:
    before = deepcopy((below, above))
    found = merged(below, above)
    assert (below, above) == before
    assert merged(found, above) == found
    assert set(found) == {*below, *above}


@given(TREES)
def test_nothing_merged_changes_nothing(tree: Dict[str, Any]) -> None:
    assert merged(tree, {}) == merged({}, tree) == merged(tree, tree) == tree


def test_lists_are_replaced() -> None:
    assert merged({"a": {"b": [1, 2], "c": 1}}, {"a": {"b": [3]}}) == {"a": {"b": [3], "c": 1}}


def test_putting_makes_the_way() -> None:
    tree: Dict[str, Any] = {"a": {"x": 1}}
    put(tree, ("a", "b", "c"), 2)
    assert tree == {"a": {"x": 1, "b": {"c": 2}}}

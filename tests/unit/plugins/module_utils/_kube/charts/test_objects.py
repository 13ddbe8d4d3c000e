# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Chart object that k0s gets."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import yaml
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import (
    attempt_of,
    chart_object,
    values_hash,
    values_of,
    values_text,
)

from .clusters import REFERENCE, spec

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def test_a_chart_has_the_finalizer_by_which_its_release_goes_with_it() -> None:
    found = chart_object(spec(values={"b": 1, "a": {"c": [1]}}, timeout_seconds=90, order=3))
    assert found["metadata"] == {
        "name": "app",
        "namespace": "kube-system",
        "finalizers": ["helm.k0sproject.io/uninstall-helm-release"],
    }
    assert found["spec"] == {
        "chartName": REFERENCE,
        "version": "1.0.0",
        "namespace": "apps",
        "releaseName": "app",
        "values": "a:\n  c:\n  - 1\nb: 1\n",
        "timeout": "90s",
        "order": 3,
    }


@given(st.dictionaries(st.text(max_size=4), PLAIN, max_size=4), st.integers(min_value=0, max_value=9))
def test_values_come_back_as_they_were_whatever_the_attempt(values: dict[str, Any], attempt: int) -> None:
    found = chart_object(spec(values=values), attempt)
    assert values_of(found) == values
    assert attempt_of(found) == attempt
    assert (
        found["spec"]["values"] == chart_object(spec(values=dict(reversed(values.items()))), attempt)["spec"]["values"]
    )


def test_an_attempt_is_a_comment_and_changes_the_text_alone() -> None:
    assert values_text({}) == ""
    assert values_text({}, 2) == "# mke4k.core: attempt 2\n"
    assert yaml.safe_load(values_text({"a": 1}, 2)) == {"a": 1}


@pytest.mark.parametrize("text", ["a: [", "- 1", "word"])
def test_values_of_others_that_are_no_mapping_are_unknown(text: str) -> None:
    assert values_of({"spec": {"values": text}}) is None


def test_a_chart_without_values_has_none() -> None:
    assert values_of(None) == values_of({}) == values_of({"spec": {}}) == {}
    assert attempt_of(None) == 0


def test_the_hash_is_that_of_k0s() -> None:
    assert values_hash("app", "a: 1\n") == hashlib.sha256(b"appa: 1\n").hexdigest()


@pytest.mark.parametrize("word", ["1e3", "12e4567", "0o17", "+1", "-.5", ".5e1", "y", "N", "1_000", "0x1f", "1:30"])
def test_a_word_that_helm_would_read_as_a_number_or_truth_is_quoted(word: str) -> None:
    assert values_text({"a": word}) == f"a: '{word}'\n"

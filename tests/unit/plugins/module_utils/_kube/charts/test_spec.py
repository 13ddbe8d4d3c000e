# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked for, and the Chart object that it becomes."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import yaml
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import ChartSpec
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import (
    FINALIZER,
    attempt_of,
    chart_object,
    values_hash,
    values_of,
    values_text,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.spec import ChartMistake, check_specs, read_values

from .k0s import spec

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def test_what_is_not_given_has_its_default() -> None:
    found = ChartSpec.from_dict({"name": "app", "chart": "oci://r/app", "version": "1.0.0"})
    assert (found.release, found.namespace, found.timeout_seconds, found.values) == ("app", "default", 600, {})


def test_a_chart_object_says_all_and_has_the_finalizer_that_uninstalls() -> None:
    found = chart_object(spec(values={"b": 1, "a": {"c": True}}, timeout_seconds=90, order=2, release="web"))
    assert found["metadata"] == {"name": "app", "namespace": "kube-system", "finalizers": [FINALIZER]}
    assert found["spec"] == {
        "chartName": "oci://registry.test/app",
        "version": "1.2.3",
        "namespace": "apps",
        "releaseName": "web",
        "values": "a:\n  c: true\nb: 1\n",
        "timeout": "90s",
        "order": 2,
    }


def test_a_repository_stands_in_the_chart() -> None:
    assert chart_object(spec(repository={"url": "oci://r"}))["spec"]["repository"] == {"url": "oci://r"}


def test_the_hash_is_the_one_that_k0s_writes() -> None:
    assert values_hash("web", "a: 1\n") == hashlib.sha256(b"weba: 1\n").hexdigest()


@given(values=st.dictionaries(st.text(), PLAIN, max_size=4), attempt=st.integers(0, 99))
def test_values_come_back_as_they_were_whatever_the_attempt(values: dict[str, Any], attempt: int) -> None:
    chart = {"spec": {"values": values_text(values, attempt)}}
    assert values_of(chart) == values
    assert attempt_of(chart) == attempt
    assert values_text(dict(reversed(values.items())), attempt) == chart["spec"]["values"]


@pytest.mark.parametrize("text", ["a: [", "- 1", "just words"])
def test_values_of_a_chart_that_are_no_mapping_are_none(text: str) -> None:
    assert values_of({"spec": {"values": text}}) is None


@pytest.mark.parametrize(
    ("given_values", "meant"), [(None, {}), ("", {}), ("a: 1", {"a": 1}), ({"a": {"b": 2}}, {"a": {"b": 2}})]
)
def test_values_may_be_a_mapping_or_its_text(given_values: Any, meant: dict[str, Any]) -> None:
    assert read_values(given_values, "values") == meant


@pytest.mark.parametrize(
    ("broken", "words"),
    [("password: [hunter2", "are not YAML: .* line 1"), ("a\x07b", "are not YAML"), ("- 1", "list"), (["a"], "list")],
)
def test_broken_values_are_refused_and_not_shown(broken: Any, words: str) -> None:
    with pytest.raises(ChartMistake, match=words) as caught:
        ChartSpec.from_dict({"name": "app", "values": broken})
    assert "chart app" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("version", ["1.2.3", "v1.2.3", "0.1.0-rc.1", "3.31.0+build.5", "v3.30.200"])
def test_exact_versions_are_taken(version: str) -> None:
    check_specs([spec(version=version)])


@pytest.mark.parametrize("version", ["", "1.2", "1", ">=1.2.3", "~1.2.3", "1.x", "*", "latest", "1.2.3 - 2.0.0"])
def test_versions_that_k0s_would_choose_itself_are_refused(version: str) -> None:
    with pytest.raises(ChartMistake, match="not an exact version"):
        check_specs([spec(version=version)])


@pytest.mark.parametrize("chart", ["app", "http://registry.test/app", "https://registry.test/app"])
def test_references_that_k0s_cannot_pull_are_refused(chart: str) -> None:
    with pytest.raises(ChartMistake, match="is no reference"):
        check_specs([spec(chart=chart)])


def test_all_mistakes_of_all_charts_are_told_at_once() -> None:
    with pytest.raises(ChartMistake) as caught:
        check_specs([spec(version="1"), spec(release="Big", chart="x"), spec(name="c" * 254, namespace="-")])
    text = str(caught.value)
    assert all(words in text for words in ("'1' is not", "'Big' is not", "'x' is no", "its namespace '-'"))
    assert "chart app is given twice" in text


def test_a_spec_does_not_show_its_values() -> None:
    assert "hunter2" not in repr(spec(values={"password": "hunter2"}, repository={"password": "hunter2"}))


def test_the_text_is_what_any_yaml_reader_reads() -> None:
    assert yaml.safe_load(values_text({"a": "yes", "b": "1.0"}, 3)) == {"a": "yes", "b": "1.0"}

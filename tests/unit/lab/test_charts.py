# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in charts as they are packaged."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Dict

import yaml

from ansible_collections.mke4k.core.plugins.module_utils._config.releases import RELEASES
from tests.lab.mke4k_lab import charts
from tests.lab.mke4k_lab.charts import Packaged


def _files(chart: Packaged) -> Dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(charts.archive(chart)), mode="r:gz") as archive:
        streams = {member.name: archive.extractfile(member) for member in archive.getmembers()}
        return {name: stream.read() for name, stream in streams.items() if stream is not None}


def test_every_release_finds_the_charts_it_asks_for() -> None:
    there = {(chart.repository, chart.tag) for chart in charts.all_charts()}
    for release in RELEASES:
        if release.provider == "tigera":
            assert ("mke/mirrored-chart-tigera-operator", release.calico) in there
        if release.operator_chart:
            assert ("mke/mke-operator", release.operator_chart) in there
        if release.k0rdent:
            assert ("k0rdent-enterprise/charts/k0rdent-enterprise", release.k0rdent) in there


def test_no_version_of_a_chart_is_there_twice() -> None:
    tags = [(chart.repository, chart.tag) for chart in charts.all_charts()]
    assert len(tags) == len(set(tags))


def test_a_packaged_chart_has_its_version_and_the_same_bytes_each_time() -> None:
    chart = Packaged("mke-operator", "3.11.2", "v1.4.15", "mke")
    about = yaml.safe_load(_files(chart)["mke-operator/Chart.yaml"])
    assert (about["version"], about["appVersion"]) == ("3.11.2", "v1.4.15")
    assert charts.archive(chart) == charts.archive(chart)
    assert json.loads(bytes(charts.artifact(chart).config.source))["version"] == "3.11.2"


def test_what_only_the_registry_has_to_know_is_no_part_of_a_chart() -> None:
    assert "mke-operator/images.yml" not in _files(Packaged("mke-operator", "1.0.0", "v1", "mke"))


def test_a_version_with_a_plus_sign_gets_the_tag_that_helm_asks_for() -> None:
    assert Packaged("x", "1.0.0+build", "1", "mke").tag == "1.0.0_build"


def test_a_chart_brings_the_definitions_of_its_own_groups(tmp_path: Path) -> None:
    for name, group in (("a", "operator.tigera.io"), ("b", "mke.mirantis.com"), ("c", "example.org")):
        text = yaml.safe_dump({"kind": "CustomResourceDefinition", "spec": {"group": group}})
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert [path.stem for path in charts.definitions(charts.CALICO_CHART, tmp_path)] == ["a"]
    assert [path.stem for path in charts.definitions(charts.OPERATOR_CHART, tmp_path)] == ["b"]
    assert charts.definitions(charts.APP_CHART, tmp_path) == []

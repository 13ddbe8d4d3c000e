# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Cluster API is built and run by the tests that need a real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.capi import programs
from tests.capi.manifests import Wish, cluster, deployment, identity, machines
from tests.capi.programs import PAIRS, WHICH, Source, minor_of, wanted_pairs
from tests.lab.mke4k_lab.errors import LabError


def names() -> list[str]:
    return [pair.name for pair in wanted_pairs()]


def test_one_pair_is_tested_unless_more_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WHICH, raising=False)
    assert names() == ["capa-2.11"]
    monkeypatch.setenv(WHICH, "capa-2.8")
    assert names() == ["capa-2.8"]
    monkeypatch.setenv(WHICH, "all")
    assert names() == list(PAIRS)


def test_a_pair_that_nobody_knows_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WHICH, "capa-1.0")
    with pytest.raises(LabError, match=r"names capa-1.0; known are capa-2.11, capa-2.8"):
        wanted_pairs()


def test_versions_are_those_of_the_pinned_modules() -> None:
    assert str(PAIRS["capa-2.11"]) == "Cluster API v1.11.3 with its provider for AWS v2.11.1"
    assert str(PAIRS["capa-2.8"]) == "Cluster API v1.10.3 with its provider for AWS v2.8.2"
    assert [pair.finds_aws_by_environment for pair in PAIRS.values()] == [True, False]
    assert minor_of("v2.13.0") == 13


def test_modules_that_cannot_be_fetched_are_an_error_that_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(programs, "MODULES", tmp_path)
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "go.mod").write_text("module none\n\ngo 1.24.0\n\nrequire example.invalid/none v1.0.0\n")
    monkeypatch.setenv("GOPROXY", "off")
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    with pytest.raises(LabError, match=r"Getting example.invalid/none failed"):
        Source("example.invalid/none", "none").files()
    with pytest.raises(LabError, match=r"requires no sigs.k8s.io/cluster-api"):
        _version = Source(programs.CAPI, "none").version


def test_a_child_has_the_objects_that_a_template_makes() -> None:
    wish = Wish("prod", control_planes=3, workers=2, machine={"instanceType": "m5.xlarge"})
    made = [deployment(wish), *cluster(wish), *machines(wish)]
    kinds = [item["kind"] for item in made if item["kind"] != "Secret"]
    assert kinds == [
        *("ClusterDeployment", "Cluster", "AWSCluster"),
        *(["AWSMachine", "Machine"] * 3),
        *("AWSMachineTemplate", "MachineDeployment"),
    ]
    assert {item["spec"]["instanceType"] for item in made if item["kind"] == "AWSMachine"} == {"m5.xlarge"}


def test_an_identity_without_keys_has_no_secret() -> None:
    assert [item["kind"] for item in identity("aws", None)] == ["AWSClusterStaticIdentity", "Credential"]

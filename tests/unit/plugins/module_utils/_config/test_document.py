# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the documents that were ever an mke4.yaml one is taken for."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.load import load

from .support import document, host, names
from .test_golden import RELEASE_FOLDERS, release_input

FLAT_HOSTS = [host("10.0.0.11")]


@pytest.mark.parametrize("folder", RELEASE_FOLDERS, ids=lambda folder: str(folder.name))
def test_real_files_are_recognised_and_have_no_error(folder: Any) -> None:
    loaded = load(release_input(folder))
    assert loaded.errors == ()
    assert {finding.name for finding in loaded.warnings} <= {"release-assumed"}
    assert loaded.form == ("flat" if folder.name in ("alpha.1", "rc.1") else "envelope")
    assert loaded.release is not None
    assert loaded.release.name.lower() == folder.name
    assert loaded.release.name in loaded.described


@pytest.mark.parametrize(
    ("written", "release"),
    [
        ({"hosts": FLAT_HOSTS}, "Alpha.1"),
        ({"hosts": FLAT_HOSTS, "network": {"nllb": {"disabled": True}}}, "rc.1"),
        (document(None), "v4.1.2"),
        (document(None, addons=[]), "v4.0.0"),
        (document(None, network={"providers": [{"provider": "calico", "extraConfig": {"vxlanVNI": "1"}}]}), "v4.0.0"),
        (document(None, addons=[], registries={}), "v4.1.2"),
        (document("4.1.5"), "v4.1.5"),
        (document(" V4.2.0"), "v4.2.0"),
        (document(""), "v4.1.2"),
    ],
)
def test_a_release_is_read_or_told_by_what_only_its_files_have(written: Any, release: str) -> None:
    loaded = load(written)
    assert loaded.release is not None
    assert loaded.release.name == release
    told = "release-assumed" in names(loaded, "warning")
    assert told == (not (written.get("spec") or {}).get("version"))


def test_a_release_that_is_asked_for_wins_over_the_file() -> None:
    loaded = load(document("v4.1.0"), overrides={"release": "4.1.5"})
    assert loaded.require().release.name == "v4.1.5"


@pytest.mark.parametrize(
    ("written", "name", "words"),
    [
        (None, "document-missing", "null"),
        ([], "document-missing", "a list of 0"),
        ({}, "document-missing", "empty"),
        ("text", "document-missing", "'text'"),
        ({"kind": "MkeConfig"}, "document-spec", "put the cluster's settings below spec"),
        ({"spec": [1]}, "document-spec", "a list of 1"),
        ({"apiVersion": "v1", "spec": {}}, "document-envelope", "mke.mirantis.com/v1alpha1"),
        ({"kind": "MkeChildConfig", "spec": {}}, "document-envelope", "MkeConfig"),
        ({"metadata": 7, "spec": {}}, "document-envelope", "give it a name"),
        (document("v4.1.9"), "release-unknown", "did you mean v4.1.0?"),
        (document("nightly"), "release-unknown", "choose a known release"),
        (document(4.1), "release-unknown", "v4.1.2"),
        (document(["v4.1.2"]), "release-unknown", "a list of 1"),
        (document("Alpha.1"), "document-form", "whose files are flat"),
        ({"version": "v4.1.2", "hosts": FLAT_HOSTS}, "document-form", "put the settings below spec"),
        ({"hosts": FLAT_HOSTS, "registries": {}}, "document-form", "put the settings below spec"),
    ],
)
def test_what_is_no_mke4_yaml_is_told_with_the_remedy(written: Any, name: str, words: str) -> None:
    loaded = load(written)
    found = [finding for finding in loaded.errors if finding.name == name]
    assert found, loaded.findings
    assert words.lower() in found[0].text().lower()


def test_a_field_beside_the_spec_is_told() -> None:
    loaded = load({**document(), "network": {}, "metdata": {}})
    texts = [finding.text() for finding in loaded.warnings]
    assert any("network" in text and "did you mean spec.network?" in text.lower() for text in texts)
    assert any("did you mean metadata?" in text.lower() for text in texts)


def test_another_name_than_mke_is_not_used() -> None:
    loaded = load({**document(), "metadata": {"name": "prod", "namespace": ""}})
    assert names(loaded, "warning") == ["document-envelope"]
    assert (loaded.require().name, loaded.require().namespace) == ("mke", "mke")


def test_a_missing_envelope_is_a_warning() -> None:
    assert names(load({"spec": document()["spec"]}), "warning") == ["document-envelope", "document-envelope"]


def test_paths_of_flat_files_have_no_spec() -> None:
    loaded = load({"hosts": [host("10.0.0.11", "boss")]})
    assert [finding.path for finding in loaded.errors] == ["hosts[0].role"]


def test_a_network_of_alpha_1_cannot_be_changed() -> None:
    written = {"hosts": FLAT_HOSTS, "network": {"providers": [{"provider": "calico", "enabled": True, "vxlanVNI": 1}]}}
    (finding,) = load(written, overrides={"release": "alpha.1"}).errors
    assert finding.path == "network"
    assert "pod CIDR 10.244.0.0/16" in finding.message


@pytest.mark.parametrize(("version", "like"), [("v4.2.1", "v4.2.0"), ("4.1.99", "v4.1.5"), ("nightly", "v4.1.2")])
def test_an_unknown_release_does_not_hide_the_other_mistakes(version: str, like: str) -> None:
    loaded = load(document(version, backup={"enabled": True}, kubelet={"maxPods": "x"}))
    assert loaded.release is None
    assert [finding.path for finding in loaded.errors] == ["spec.version", "spec.kubelet.maxPods"]
    assert bool(loaded.warnings) == (like != "v4.1.2")


def test_a_missing_envelope_does_not_hide_the_other_mistakes() -> None:
    loaded = load({"registries": {}, "hosts": FLAT_HOSTS, "kubelet": {"maxPods": "x"}})
    assert [finding.path for finding in loaded.errors] == ["", "kubelet.maxPods"]


def test_a_flat_file_may_name_its_release() -> None:
    loaded = load({"version": "alpha.1", "hosts": FLAT_HOSTS})
    assert loaded.findings == ()
    assert loaded.require().release.name == "Alpha.1"

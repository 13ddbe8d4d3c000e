# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a host can pull what it will need, against a real TLS server that plays a registry."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.registry import k0s_tags, registry_findings
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.request import RegistryProbe, Request
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._oci.fake_registry import (
    PASSWORD,
    USER,
    FakeRegistry,
)

LISTED = "quay.io/k0sproject/pause:3.10.1\nquay.io/k0sproject/coredns:1.12.4\n\nregistry.k8s.io/other:1\n"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[FakeRegistry]:
    with FakeRegistry(tmp_path, "basic") as running:
        yield running


def k0s(folder: Path, says: str = LISTED, rc: int = 0) -> str:
    path = folder / "k0s.staged"
    path.write_text(
        f"#!/bin/sh\n[ \"$1 $2 $3\" = 'airgap list-images --all' ] || exit 9\ncat <<X\n{says}X\nexit {rc}\n"
    )
    path.chmod(0o755)
    return str(path)


def findings(registry: FakeRegistry, staged: str = "", **values: Any) -> List[Finding]:
    given = {"host": registry.host, "ca": registry.ca, "username": USER, "password": PASSWORD, **values}
    return list(
        registry_findings(Request(host="n1", role="worker", staged=staged, registries=(RegistryProbe(**given),)))
    )


def test_a_registry_with_everything_has_no_findings(registry: FakeRegistry, tmp_path: Path) -> None:
    registry.manifests = {("mke/k0sproject/pause", "3.10.1"): b"{}", ("mke/app", "1.0.0"): b"{}", ("x/y", "1"): b"{}"}
    names = {"pause": "mke/k0sproject/pause", "unlisted": "mke/k0sproject/unlisted"}
    assert findings(registry, k0s(tmp_path), k0s_images=names, charts=("mke/app:1.0.0",), images=("x/y:1",)) == []


def test_everything_that_is_missing_is_told_at_once(registry: FakeRegistry, tmp_path: Path) -> None:
    registry.manifests = {("mke/k0sproject/pause", "3.10.1"): b"{}"}
    names = {"pause": "mke/k0sproject/pause", "coredns": "mke/k0sproject/coredns"}
    (found,) = findings(registry, k0s(tmp_path), k0s_images=names, charts=("mke/app:1.0.0",))
    assert (found.severity, found.name, found.path) == ("error", "registry-incomplete", "host n1")
    assert found.message == f"{registry.host} does not have mke/app:1.0.0, mke/k0sproject/coredns:1.12.4"
    assert "mke4k.core.mirror" in found.remedy


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"ca": ""}, "registry-untrusted"),
        ({"password": "wrong-one"}, "registry-login"),
        ({"username": ""}, "registry-login"),
        ({"host": "127.0.0.1:9"}, "registry-unreachable"),
    ],
)
def test_a_registry_that_cannot_be_used_is_told_with_what_to_do(
    registry: FakeRegistry, values: dict[str, Any], name: str
) -> None:
    (found,) = findings(registry, charts=("mke/app:1",), **values)
    assert found.name == name
    assert found.remedy
    assert "wrong-one" not in found.text()


def test_an_odd_answer_is_told_too(registry: FakeRegistry) -> None:
    registry.faults = [500]
    assert [item.name for item in findings(registry)] == ["registry-unusable"]


def test_a_k0s_that_does_not_list_its_images_is_a_warning(registry: FakeRegistry, tmp_path: Path) -> None:
    found = findings(registry, k0s(tmp_path, rc=1), k0s_images={"pause": "x/pause"}, charts=("mke/app:1",))
    assert [item.name for item in found] == ["k0s-images-unknown", "registry-incomplete"]
    assert [item.severity for item in found] == ["warning", "error"]


@pytest.mark.parametrize("staged", ["", "/not/yet/there"])
def test_without_a_staged_k0s_only_the_rest_is_looked_for(registry: FakeRegistry, staged: str) -> None:
    assert findings(registry, staged, k0s_images={"pause": "x/pause"}) == []


def test_tags_are_those_that_k0s_lists(tmp_path: Path) -> None:
    assert k0s_tags(k0s(tmp_path)) == {"pause": "3.10.1", "coredns": "1.12.4", "other": "1"}


def test_no_password_is_in_the_text_of_a_request() -> None:
    assert PASSWORD not in repr(RegistryProbe("h", password=PASSWORD))

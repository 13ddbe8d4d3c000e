# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions that list what is needed behind an air gap, and push it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail, AnsibleError

from ansible_collections.mke4k.core.plugins.action import mirror_bundle, mirror_info
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._oci.fake_registry import (
    PASSWORD,
    USER,
    ArchiveMaker,
    FakeRegistry,
    tar_of,
)
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.configs import config
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import task_vars

from .running import action


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[FakeRegistry]:
    with FakeRegistry(tmp_path, "basic") as running:
        yield running


def run(
    plugin: Any, folder: Path, arguments: dict[str, Any], extra: dict[str, Any] | None = None, check: bool = False
) -> dict[str, Any]:
    made = action(plugin.ActionModule, folder, arguments, check_mode=check)
    made._find_needle = lambda _folder, name: str(folder / name)
    return dict(made.run(task_vars=task_vars(folder, "", extra or {})))


def k0s(folder: Path, rc: int = 0) -> tuple[str, str]:
    path = folder / "k0s"
    path.write_text(f"#!/bin/sh\necho quay.io/k0sproject/pause:9.9\nexit {rc}\n")
    path.chmod(0o755)
    return str(path), hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_list_is_that_of_the_file(tmp_path: Path) -> None:
    found = run(mirror_info, tmp_path, {"config": config()})
    assert not found["changed"]
    assert found["k0s"]["version"] == "v1.32.6+k0s.0"
    assert len(found["charts"]) == 3
    assert found["text"][0].startswith("KIND")


def test_a_run_of_some_layers_needs_less(tmp_path: Path) -> None:
    assert run(mirror_info, tmp_path, {"config": config()}, {"mke4k_layers": "k0s"})["charts"] == []


def test_a_reference_of_the_user_is_listed(tmp_path: Path) -> None:
    found = run(mirror_info, tmp_path, {"config": config()}, {"mke4k_calico_chart": "oci://r.example.com/x/tigera"})
    assert found["charts"][0]["target"] == "oci://r.example.com/x/tigera"


def test_a_k0s_lists_its_images_itself_once_it_is_known_to_be_the_wanted_one(tmp_path: Path) -> None:
    binary, sha256 = k0s(tmp_path)
    found = run(mirror_info, tmp_path, {"config": config(), "k0s_binary": binary, "k0s_sha256": sha256.upper()})
    assert [item["source"] for item in found["images"]] == ["quay.io/k0sproject/pause:9.9"]
    with pytest.raises(AnsibleError, match=f"was not run: its sha256 is {sha256}, none was given"):
        run(mirror_info, tmp_path, {"config": config(), "k0s_binary": binary})


def test_a_k0s_that_cannot_be_asked_is_told(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match="could not be read"):
        run(mirror_info, tmp_path, {"config": config(), "k0s_binary": str(tmp_path / "no")})
    binary, sha256 = k0s(tmp_path, rc=1)
    with pytest.raises(AnsibleError, match="list-images --all` failed"):
        run(mirror_info, tmp_path, {"config": config(), "k0s_binary": binary, "k0s_sha256": sha256})


def test_a_wrong_file_is_told_by_both(tmp_path: Path) -> None:
    (tmp_path / "bundle.tar").write_bytes(b"")
    for plugin, arguments in ((mirror_info, {}), (mirror_bundle, {"src": "bundle.tar"})):
        with pytest.raises(AnsibleError, match=r"mke4\.yaml has 1 error"):
            run(plugin, tmp_path, {"config": config(backup={"enabled": "perhaps"}), **arguments})


def bundle(folder: Path) -> str:
    maker = ArchiveMaker()
    maker.image(b"layer")
    (folder / "bundle.tar").write_bytes(tar_of(("bundle/app@1.tar", maker.tar())))
    return "bundle.tar"


def own(registry: FakeRegistry) -> dict[str, Any]:
    return config(registries={"imageRegistry": {"url": f"{registry.host}/mke", "caData": registry.ca}})


LOGIN = {"mke4k_registry_username": USER, "mke4k_registry_password": PASSWORD}


def test_a_bundle_goes_into_the_registry_of_the_file(tmp_path: Path, registry: FakeRegistry) -> None:
    arguments = {"config": own(registry), "src": bundle(tmp_path)}
    predicted = run(mirror_bundle, tmp_path, arguments, LOGIN, check=True)
    assert predicted["changed"]
    assert registry.manifests == {}
    found = run(mirror_bundle, tmp_path, arguments, LOGIN)
    assert (found["changed"], found["registry"]) == (True, f"{registry.host}/mke")
    assert [(item["name"], item["new"]) for item in found["artifacts"]] == [("mke/app:1", True)]
    assert found["text"] == f"bundle.tar to {registry.host}/mke: 1 of 1 images and charts were pushed, 0 MiB"
    assert not run(mirror_bundle, tmp_path, arguments, LOGIN)["changed"]
    assert PASSWORD not in json.dumps(found)


def test_a_login_of_the_task_wins_over_that_of_the_variables(tmp_path: Path, registry: FakeRegistry) -> None:
    variables = {"mke4k_registry_username": "puller", "mke4k_registry_password": "cannot-push"}
    arguments = {"config": own(registry), "src": bundle(tmp_path), "username": USER, "password": PASSWORD}
    assert run(mirror_bundle, tmp_path, arguments, variables)["changed"]


def test_another_registry_needs_no_file(tmp_path: Path, registry: FakeRegistry) -> None:
    arguments = {
        "src": bundle(tmp_path), "registry": f"oci://{registry.host}/other/", "ca": registry.ca,
        "username": USER, "password": PASSWORD,
    }  # fmt: skip
    assert run(mirror_bundle, tmp_path, arguments)["registry"] == f"{registry.host}/other"
    assert ("other/app", "1") in registry.manifests


def test_a_folder_of_the_same_registry_keeps_what_the_file_knows_of_it(tmp_path: Path, registry: FakeRegistry) -> None:
    arguments = {"config": own(registry), "src": bundle(tmp_path), "registry": f"{registry.host}/second"}
    assert run(mirror_bundle, tmp_path, arguments, LOGIN)["changed"]


def test_without_registry_and_file_the_task_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match="No MkeConfig was given"):
        run(mirror_bundle, tmp_path, {"src": bundle(tmp_path)})


def test_a_release_without_registries_is_told(tmp_path: Path) -> None:
    arguments = {"config": config(version="v4.0.0"), "src": bundle(tmp_path)}
    with pytest.raises(AnsibleError, match="knows no registries"):
        run(mirror_bundle, tmp_path, arguments)


def test_a_refusal_of_the_registry_is_the_result(tmp_path: Path, registry: FakeRegistry) -> None:
    found = run(mirror_bundle, tmp_path, {"config": own(registry), "src": bundle(tmp_path)})
    assert found["failed"]
    assert "without a login" in found["msg"]


def test_another_bundle_than_the_wanted_one_is_not_pushed(tmp_path: Path, registry: FakeRegistry) -> None:
    arguments = {"config": own(registry), "src": bundle(tmp_path), "sha256": "0" * 64}
    with pytest.raises(AnsibleActionFail, match="is not the wanted bundle"):
        run(mirror_bundle, tmp_path, arguments, LOGIN)
    assert registry.requests == []

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rendering, held against golden files: a whole one for each release, and the effect of each field."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import RELEASES
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.tables import FIELDS

from .support import GOLDEN, UPDATE, differences, document, dump, host, merged, rendered

RELEASE_FOLDERS = sorted(path for path in (GOLDEN / "releases").iterdir() if path.is_dir())
FIELD_FILES = sorted((GOLDEN / "fields").glob("*.yaml"))

HOSTS = [
    host("10.0.0.11"),
    host("10.0.0.12", "controller"),
    host("10.0.0.21", "worker"),
]


def release_input(folder: Path) -> Any:
    (source,) = [path for path in folder.iterdir() if path.name.startswith("mke")]
    return yaml.safe_load(source.read_text(encoding="utf-8"))


def test_every_release_has_a_golden_file() -> None:
    assert {folder.name for folder in RELEASE_FOLDERS} == {release.name.lower() for release in RELEASES}


@pytest.mark.parametrize("folder", RELEASE_FOLDERS, ids=lambda folder: str(folder.name))
def test_a_file_of_each_release_is_rendered_as_recorded(folder: Path) -> None:
    loaded = load(release_input(folder))
    assert loaded.release is not None
    assert loaded.release.name.lower() == folder.name
    for name, spec in rendered(loaded.require()).items():
        path = folder / "rendered" / f"{name}.yaml"
        if UPDATE:
            path.parent.mkdir(exist_ok=True)
            path.write_text(dump(spec), encoding="utf-8")
        assert yaml.safe_load(path.read_text(encoding="utf-8")) == spec


def field_cases(path: Path) -> List[Dict[str, Any]]:
    cases = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(cases, list)
    return cases


def render_case(case: Dict[str, Any]) -> Dict[str, Dict[str, Any]]:
    """What differs on the hosts between a file without the case's settings and one with them."""
    version = case.get("version", "v4.1.2")
    hosts = [{key: value for key, value in item.items() if key != "extra"} for item in case.get("hosts", HOSTS)]
    plain = [{key: item[key] for key in ("role", "ssh")} for item in hosts]
    before = document(version, plain)
    after = document(version, hosts)
    after["spec"] = merged(after["spec"], case.get("set", {}))
    overrides = case.get("overrides", {})
    specs = [rendered(load(item, overrides=overrides).require()) for item in (before, after)]
    grouped: Dict[str, Dict[str, Any]] = {}
    for old, (name, new) in zip(specs[0].values(), specs[1].items()):
        found = differences(old, new)
        same = next((names for names, known in grouped.items() if known == found), "")
        if same:
            del grouped[same]
        if found:
            grouped[f"{same}, {name}" if same else name] = found
    return grouped


@pytest.mark.parametrize("path", FIELD_FILES, ids=lambda path: str(path.stem))
def test_each_field_has_the_recorded_effect(path: Path) -> None:
    cases = field_cases(path)
    if UPDATE:
        for case in cases:
            case["changes"] = render_case(case)
        path.write_text(dump(cases), encoding="utf-8")
    for case in cases:
        assert render_case(case) == case["changes"], case["about"]


def test_every_field_that_k0s_sees_has_a_golden_case() -> None:
    """Sections that are for k0s are tried field by field; a new field there needs a case."""
    texts = [path.read_text(encoding="utf-8") for path in FIELD_FILES]
    sections = ("apiServer", "controllerManager", "scheduler", "etcd", "kubelet", "hosts[]", "k8sProviderSpecs")
    quiet = {"disabled", "enabled", "nodeportaddresses"}
    missing = []
    for line in FIELDS:
        name = line.steps[-1]
        if line.steps[0] in {item.rstrip("[]") for item in sections} and name not in quiet and name != "[]":
            missing += [line.path] if not any(name in text for text in texts) else []
    assert missing == []

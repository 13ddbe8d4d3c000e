# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's registry as it is described and configured, and services beside the hosts."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest
import yaml

from tests.lab.mke4k_lab import cgroup, host, network, registry, services
from tests.lab.mke4k_lab.cli import main
from tests.lab.mke4k_lab.paths import LabPaths, lab_paths
from tests.lab.mke4k_lab.plan import RegistryPlan
from tests.lab.mke4k_lab.process import Process, process_of


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LabPaths:
    monkeypatch.setenv("MKE4K_LAB_CACHE", str(tmp_path))
    return lab_paths("unit")


def test_who_uses_the_registry_finds_all_of_it_in_one_place(paths: LabPaths) -> None:
    told = registry.description(paths, RegistryPlan())
    assert told["host"] == "10.77.0.1:5000"
    assert told["charts"] == "oci://10.77.0.1:5000/mke"
    assert told["ca"] == str(paths.run / "registry" / "ca.crt")
    assert told["anonymous_pull"] is False


@pytest.mark.parametrize(("anonymous", "controller"), [(False, "htpasswd"), (True, "freepull")])
def test_pulls_are_free_where_the_plan_says_so(paths: LabPaths, anonymous: bool, controller: str) -> None:
    settings = registry.configuration(paths, RegistryPlan(anonymous=anonymous))
    assert list(yaml.safe_load(yaml.safe_dump(settings))["auth"]) == [controller]


def test_a_lab_without_a_registry_has_an_empty_description(paths: LabPaths, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--name", paths.name, "registry", "status"]) == 0
    assert json.loads(capsys.readouterr().out) == {}


def test_a_registry_that_has_ended_is_not_called_running(paths: LabPaths) -> None:
    paths.services.mkdir(parents=True)
    paths.registry_json.write_text('{"host": "10.77.0.1:5000"}', encoding="utf-8")
    own = process_of(os.getpid())
    assert own is not None
    for process, running in ((own, True), (Process(own.pid, own.start + 1), False)):
        (paths.services / "registry.json").write_text(json.dumps(asdict(process)), encoding="utf-8")
        assert registry.status(paths) == {"host": "10.77.0.1:5000", "running": running}


def test_a_service_runs_in_cgroups_that_no_host_can_have(
    paths: LabPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cgroup, "make", lambda lab, group: [tmp_path / group])
    monkeypatch.setattr(network, "entered", lambda lab, command, part: command)
    monkeypatch.setattr(cgroup, "remove", lambda lab, group: None)
    monkeypatch.setattr(host, "sweep", lambda lab, group: None)
    command = [sys.executable, "-c", "import os, time; print(os.environ['WORD'], flush=True); time.sleep(60)"]
    services.start(paths, "registry", command, env={"WORD": "hello"}, cwd=tmp_path)
    process = services.running(paths, "registry")
    services.start(paths, "registry", command, env={}, cwd=tmp_path)
    assert process is not None
    assert services.running(paths, "registry") == process
    while services.last_words(paths, "registry") != "hello":
        time.sleep(0.01)
    assert int((tmp_path / "lab.registry").read_text(encoding="utf-8")) == process.pid
    services.stop(paths, "registry")
    assert services.running(paths, "registry") is None

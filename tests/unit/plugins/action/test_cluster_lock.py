# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible import constants
from ansible.errors import AnsibleError
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.action import cluster_lock as plugin
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import (
    KubeError,
    NoCluster,
    NotReachable,
    PackageMissing,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock import keep
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.model import Process
from ansible_collections.mke4k.core.plugins.plugin_utils import _run_lock
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.lock.leases import ALICE, Leases, unseen
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import loader_in


class Writing(Leases):
    """With the gate of the true one before what it writes for others."""

    before_write: Any = None

    def change(self) -> None:
        if self.before_write is not None:
            self.before_write()


class Layer(KubeAction):
    """A task of a layer above k0s that changes something, or nothing."""

    options = {"changes": {"type": "bool", "default": True}}

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        found: Any = self.api
        if args["changes"]:
            found.change()
        return {"changed": args["changes"]}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Writing:
    found = Writing()
    (tmp_path / "ansible-local-1").mkdir()
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path / "ansible-local-1"))
    monkeypatch.setattr(KubeAction, "_open", lambda _self: found)
    return found


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _self, text: told.append(text))
    return told


def run(folder: Path, *, check_mode: bool = False, variables: Any = None, **arguments: Any) -> dict[str, Any]:
    task = action(plugin.ActionModule, folder, {"verb": "upgrade", **arguments}, check_mode=check_mode)
    result = task.run(task_vars=variables or {})
    return dict(json.loads(json.dumps(result)))


def another_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on it is another run of Ansible on this control node."""
    path = folder / f"ansible-local-{len(list(folder.iterdir())) + 1}"
    path.mkdir()
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(path))


def test_a_run_takes_the_lock_once_and_gives_it_back(tmp_path: Path, api: Writing, warnings: list[str]) -> None:
    first = run(tmp_path)
    assert (first["changed"], first["locked"], first["lock"]["verb"]) == (True, True, "upgrade")
    assert first["lock"]["holder"].endswith(f"/upgrade/{os.getpid()}")
    assert not run(tmp_path)["changed"]
    assert run(tmp_path, state="shown")["lock"]["holder"] == first["lock"]["holder"]
    assert run(tmp_path, state="free")["changed"]
    assert run(tmp_path, state="shown") == {"changed": False, "locked": False, "lock": {}, "api_requests": api.requests}
    assert warnings == []


def test_who_has_no_lock_gives_none_back_and_asks_nobody(tmp_path: Path, api: Writing) -> None:
    assert not run(tmp_path, state="free")["changed"]
    assert api.requests == 0


def test_a_verb_within_another_gives_nothing_back(tmp_path: Path, api: Writing) -> None:
    run(tmp_path)
    asked = api.requests
    run(tmp_path, verb="backup", state="free")
    assert api.requests == asked
    assert run(tmp_path, state="shown")["locked"]


def test_another_run_on_the_same_machine_is_refused_while_the_first_lives(
    tmp_path: Path, api: Writing, monkeypatch: pytest.MonkeyPatch, warnings: list[str]
) -> None:
    run(tmp_path)
    another_run(tmp_path, monkeypatch)
    result = run(tmp_path, verb="install")
    assert result["failed"]
    assert f"process {os.getpid()} runs on this machine" in result["msg"]
    assert result["lock"]["verb"] == "upgrade"
    told = run(tmp_path, verb="install", check_mode=True)
    assert (told["changed"], told.get("failed", False)) == (False, False)
    assert "Without check mode: install was not started" in warnings[0]


def test_a_dead_run_is_no_obstacle_and_is_named(
    tmp_path: Path, api: Writing, monkeypatch: pytest.MonkeyPatch, warnings: list[str]
) -> None:
    run(tmp_path)
    another_run(tmp_path, monkeypatch)
    monkeypatch.setattr(plugin, "runs", lambda _process: False)
    assert run(tmp_path, verb="install")["lock"]["verb"] == "install"
    assert "its process has ended" in warnings[0]


def test_check_mode_takes_nothing(tmp_path: Path, api: Writing) -> None:
    assert run(tmp_path, check_mode=True)["changed"]
    assert api.lease is None
    run(tmp_path)
    assert not run(tmp_path, check_mode=True)["changed"]
    run(tmp_path, state="free", check_mode=True)
    assert run(tmp_path, state="shown")["locked"]


def test_awx_says_who_and_which_job(tmp_path: Path, api: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    job = {"awx_job_id": 88, "awx_user_name": "dora", "awx_job_template_id": 7}
    first = run(tmp_path, variables=job)
    assert (first["lock"]["holder"], first["lock"]["job"]) == ("dora@awx/upgrade/88", "88")
    another_run(tmp_path, monkeypatch)
    assert not run(tmp_path, variables=job)["changed"]
    another_run(tmp_path, monkeypatch)
    again = run(tmp_path, variables={**job, "awx_job_id": 89, "awx_job_launch_type": "relaunch"})
    assert (again["changed"], again["lock"]["job"]) == (True, "89")


def test_owner_and_job_may_be_given(tmp_path: Path, api: Writing) -> None:
    assert run(tmp_path, owner="ci", job="17")["lock"]["holder"] == "ci/upgrade/17"


@pytest.mark.parametrize(
    "error", [NoCluster("no cluster"), KubeError("no token"), AnsibleError("no way"), NotReachable("no answer")]
)
def test_a_run_that_may_bring_the_api_back_goes_on_without_a_lock(
    tmp_path: Path, api: Writing, monkeypatch: pytest.MonkeyPatch, warnings: list[str], error: Exception
) -> None:
    def refuse(_self: Any) -> None:
        raise error

    monkeypatch.setattr(KubeAction, "_open", refuse)
    assert not run(tmp_path, without_api=True)["locked"]
    assert str(error) in warnings[0]
    if isinstance(error, AnsibleError):
        with pytest.raises(AnsibleError, match="no way"):
            run(tmp_path)
    else:
        assert run(tmp_path)["failed"]


@pytest.fixture
def without_package(api: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Any) -> None:
        raise PackageMissing("The package is missing.")

    monkeypatch.setattr(KubeAction, "_open", refuse)


@pytest.mark.parametrize("without_api", [False, True])
def test_a_control_node_that_can_take_no_lock_changes_nothing(
    tmp_path: Path, without_package: None, without_api: bool
) -> None:
    found = run(tmp_path, without_api=without_api)
    assert found["failed"]
    assert found["msg"].startswith("upgrade was not started, and nothing was changed: the lock")
    assert "The package is missing. If you know" in found["msg"]
    assert found["msg"].endswith("-e mke4k_without_lock=true")


def test_a_control_node_that_can_take_no_lock_goes_on_where_that_was_named(
    tmp_path: Path, without_package: None, warnings: list[str]
) -> None:
    assert not run(tmp_path, without_package=True)["locked"]
    assert warnings == ["Nobody keeps other runs from this cluster while this one changes it: The package is missing."]


def test_check_mode_says_that_no_lock_could_be_taken(
    tmp_path: Path, without_package: None, warnings: list[str]
) -> None:
    assert not run(tmp_path, check_mode=True).get("failed")
    assert warnings[0].startswith("Without check mode: upgrade was not started")


def test_who_has_the_lock_is_not_known_without_the_package(tmp_path: Path, without_package: None) -> None:
    assert run(tmp_path, state="shown")["msg"] == "The package is missing."


def test_an_api_that_goes_away_while_it_is_asked_is_the_same(
    tmp_path: Path, api: Writing, monkeypatch: pytest.MonkeyPatch, warnings: list[str]
) -> None:
    def lost(*_all: Any) -> None:
        raise NotReachable("no answer")

    monkeypatch.setattr(api, "get", lost)
    assert not run(tmp_path, without_api=True)["locked"]
    monkeypatch.setattr(KubeAction, "_tunnel", None)
    assert "no answer" in run(tmp_path)["msg"]
    assert len(warnings) == 1


def test_a_lock_that_cannot_be_given_back_is_a_warning(
    tmp_path: Path, api: Writing, monkeypatch: pytest.MonkeyPatch, warnings: list[str]
) -> None:
    run(tmp_path)

    def lost(*_all: Any) -> None:
        raise NotReachable("no answer")

    monkeypatch.setattr(api, "get", lost)
    assert not run(tmp_path, state="free")["changed"]
    assert "could not be given back: no answer" in warnings[0]
    assert "after 1800 s" in warnings[0]


def test_a_lock_that_went_with_its_cluster_is_forgotten_without_a_word(
    tmp_path: Path, api: Writing, monkeypatch: pytest.MonkeyPatch, warnings: list[str]
) -> None:
    run(tmp_path)

    def lost(*_all: Any) -> None:
        raise NotReachable("no answer")

    monkeypatch.setattr(api, "get", lost)
    assert not run(tmp_path, state="free", without_api=True)["changed"]
    assert warnings == []
    assert _run_lock.remembered() is None


@pytest.mark.parametrize(("arguments", "told"), [({"verb": ""}, "verb is missing"), ({"expiry": 0}, "at least 1")])
def test_what_makes_no_sense_is_refused(tmp_path: Path, api: Writing, arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(AnsibleError, match=told):
        run(tmp_path, **arguments)


def layers(api: Writing, folder: Path, **variables: Any) -> None:
    """What KubeAction does for a task of a layer above k0s that then changes something."""
    _run_lock.lock_before_writing(api, Variables(variables, loader_in(folder)))  # type: ignore[arg-type]
    api.change()


def test_a_layer_takes_the_lock_before_it_changes_the_first_object(tmp_path: Path, api: Writing) -> None:
    layers(api, tmp_path, mke4k_lock_verb="install")
    assert run(tmp_path, state="shown")["lock"]["verb"] == "install"
    api.before_write = None
    asked = api.requests
    layers(api, tmp_path, mke4k_lock_verb="install")
    assert api.requests == asked
    assert run(tmp_path, verb="install", state="free")["changed"]


def test_a_layer_whose_run_names_no_verb_takes_no_lock(tmp_path: Path, api: Writing) -> None:
    layers(api, tmp_path)
    assert api.requests == 0


def test_a_layer_changes_nothing_while_another_run_has_the_lock(tmp_path: Path, api: Writing) -> None:
    keep.take(api, ALICE, 1800, unseen)  # type: ignore[arg-type]
    with pytest.raises(keep.LockHeld):
        layers(api, tmp_path, mke4k_lock_verb="install")
    layers(api, tmp_path, mke4k_lock_verb="install", mke4k_take_lock=ALICE.holder)


def test_tasks_that_last_renew_the_lock_when_it_is_time(tmp_path: Path, api: Writing) -> None:
    _run_lock.keep_lock(api)  # type: ignore[arg-type]
    assert api.requests == 0
    run(tmp_path)
    asked = api.requests
    _run_lock.keep_lock(api)  # type: ignore[arg-type]
    assert api.requests == asked
    note = tmp_path / "ansible-local-1" / _run_lock.NOTE
    os.utime(note, (0, 0))
    _run_lock.keep_lock(api)  # type: ignore[arg-type]
    assert api.requests == asked + 2
    _run_lock.keep_lock(api)  # type: ignore[arg-type]
    assert api.requests == asked + 2


def test_a_run_that_lost_its_lock_hears_of_it(tmp_path: Path, api: Writing) -> None:
    run(tmp_path)
    keep.take(api, replace(ALICE, process=Process()), 1800, lambda _process: False)  # type: ignore[arg-type]
    os.utime(tmp_path / "ansible-local-1" / _run_lock.NOTE, (0, 0))
    with pytest.raises(keep.LockLost):
        _run_lock.keep_lock(api)  # type: ignore[arg-type]


def layer(folder: Path, api: Writing, check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
    """A task in a play that says what it is for. Each opens the API anew."""
    api.before_write = None
    task = action(Layer, folder, arguments, check_mode=check_mode)
    return dict(task.run(task_vars={"mke4k_lock_verb": "install"}))


def test_a_run_that_changes_nothing_sends_no_request_for_a_lock(tmp_path: Path, api: Writing) -> None:
    assert layer(tmp_path, api, changes=False)["api_requests"] == 0
    layer(tmp_path, api, check_mode=True)
    assert (api.lease, api.requests) == (None, 0)


def test_every_task_that_reaches_the_api_keeps_the_lock_alive(tmp_path: Path, api: Writing) -> None:
    layer(tmp_path, api)
    assert api.lease is not None
    version = api.lease["metadata"]["resourceVersion"]
    layer(tmp_path, api, changes=False)
    assert api.lease["metadata"]["resourceVersion"] == version
    os.utime(tmp_path / "ansible-local-1" / _run_lock.NOTE, (0, 0))
    layer(tmp_path, api, changes=False)
    assert api.lease["metadata"]["resourceVersion"] != version


def test_a_task_that_finds_the_lock_in_other_hands_fails_with_their_name(tmp_path: Path, api: Writing) -> None:
    keep.take(api, ALICE, 1800, unseen)  # type: ignore[arg-type]
    result = layer(tmp_path, api)
    assert result["failed"]
    assert "alice@bastion is changing this cluster" in result["msg"]

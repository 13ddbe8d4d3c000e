# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.node import converge
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.outcome import Outcome
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import Request
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeHost


def bare(host: FakeHost) -> NodeSpec:
    return replace(host.spec(), role="", version="")


def reset(host: FakeHost, dry_run: bool = False) -> Outcome:
    return converge(Request(bare(host), "absent"), host.machine, dry_run)


def left_on(host: FakeHost) -> list[str]:
    return sorted(str(path.relative_to(host.root)) for path in host.root.rglob("*") if not path.is_dir())


@pytest.fixture
def installed(host: FakeHost) -> FakeHost:
    converge(Request(host.spec(environment={"A": "b"})), host.machine)
    host.forget_calls()
    return host


def test_a_bare_host_stays_as_it_is(host: FakeHost) -> None:
    assert reset(host).changes == ()
    assert host.calls == []


def test_k0s_is_stopped_reset_and_gone(installed: FakeHost) -> None:
    predicted = reset(installed, dry_run=True)
    assert installed.calls == []
    outcome = reset(installed)
    assert outcome.changes == predicted.changes
    assert [change.kind for change in outcome.changes] == ["stop", "reset", "file", "file"]
    programs = [call[:2] for call in installed.calls]
    assert programs.index(["systemctl", "stop"]) < programs.index(["k0s", "reset"])
    assert left_on(installed) == ["run/mke4k-k0s.lock"]
    assert not outcome.result()["node"]["running"]
    assert reset(installed).changes == ()


def test_a_half_installed_host_is_cleaned(host: FakeHost) -> None:
    path = Path(host.paths_of("/usr/local/bin/k0s.0123456789ab.staged"))
    path.parent.mkdir(parents=True)
    path.write_text("half")
    Path(host.paths_of("/var/lib/k0s/pki")).mkdir(parents=True)
    assert [change.kind for change in reset(host).changes] == ["reset", "file"]
    assert left_on(host) == ["run/mke4k-k0s.lock"]
    assert not os.path.exists(host.paths_of("/var/lib/k0s"))


def test_what_is_mounted_is_not_removed(host: FakeHost) -> None:
    data = host.paths_of("/var/lib/k0s")
    Path(data).mkdir(parents=True)
    Path(host.paths.mounts).parent.mkdir(parents=True)
    Path(host.paths.mounts).write_text(f"tmpfs {data}/kubelet/pods/1/volume tmpfs rw 0 0\nproc /proc proc rw 0 0\n")
    with pytest.raises(K0sError, match="1 file systems are still mounted below it"):
        reset(host)
    assert os.path.isdir(data)


def test_a_data_folder_on_its_own_disk_is_emptied(installed: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bare(installed).data_dir
    installed.set(k0s_fails={})
    monkeypatch.setattr(os.path, "ismount", lambda path: path == data and os.path.isdir(path))
    monkeypatch.setattr(
        "ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.absent._reset", lambda *_: None
    )
    reset(installed)
    assert os.listdir(data) == []


def test_a_reset_that_fails_is_tried_again_and_then_told(installed: FakeHost) -> None:
    installed.set(k0s_fails={"reset": "Error: another k0s process is still running, please stop k0s before reset"})
    with pytest.raises(K0sError, match=r"failed with 1 5 times: Error: another k0s process is still running"):
        reset(installed)
    assert len(installed.called("k0s", "reset")) == 5
    assert os.path.exists(installed.paths.config)
    installed.set(k0s_fails={})
    reset(installed)
    assert left_on(installed) == ["run/mke4k-k0s.lock"]


def test_a_reset_waits_for_the_last_process(installed: FakeHost) -> None:
    installed.set(k0s_fails={"reset": "Error: another k0s process is still running"})
    installed.time.on_sleep.append(lambda now: installed.set(k0s_fails={}))
    reset(installed)
    assert len(installed.called("k0s", "reset")) == 2


def test_a_k0s_without_a_unit_is_refused(installed: FakeHost) -> None:
    state = installed.read_state(installed.spec())
    installed.read_state = lambda spec: state  # type: ignore[method-assign]
    files.remove(f"{installed.paths.systemd_units}/k0scontroller.service")
    with pytest.raises(K0sError, match=r"k0s runs .* without a service"):
        reset(installed)

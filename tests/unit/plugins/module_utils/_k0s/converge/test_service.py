# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s import environment
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.service import (
    Health,
    Openrc,
    Systemd,
    service_for,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeHost


@pytest.fixture
def systemd(host: FakeHost) -> Systemd:
    return Systemd("k0sworker", host.paths)


@pytest.fixture
def openrc(host: FakeHost) -> Openrc:
    host.program("rc-service", "print('\\n'.join(state['show']))\nsys.exit(int(state['pid'] == 0))")
    host.program("rc-update", "")
    host.set(show=[" * status: started"])
    return Openrc("k0scontroller", host.paths)


def test_systemd_is_used_where_it_runs_and_openrc_where_it_does_not(
    host: FakeHost, openrc: Openrc, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(service_for("k0sworker", host.paths), Systemd)
    os.rmdir(host.paths.systemd_running)
    assert isinstance(service_for("k0sworker", host.paths), Openrc)
    monkeypatch.setattr(command, "find", lambda name: None)
    with pytest.raises(K0sError, match=r"neither systemd .* nor OpenRC"):
        service_for("k0sworker", host.paths)


def test_systemd_is_called_by_its_own_program(host: FakeHost, systemd: Systemd) -> None:
    for action in (systemd.start, systemd.restart, systemd.stop, systemd.enable, systemd.disable):
        action()
    systemd.forget_failure()
    verbs = ["start", "restart", "stop", "is-enabled", "enable", "disable", "reset-failed"]
    assert host.calls == [["systemctl", verb, "k0sworker.service"] for verb in verbs]


def test_systemd_is_only_asked_for_what_it_has_not_done(host: FakeHost, systemd: Systemd) -> None:
    systemd.enable()
    systemd.enable()
    assert len(host.called("systemctl", "enable")) == 1


def test_a_failed_start_is_told_with_the_end_of_the_log(host: FakeHost, systemd: Systemd) -> None:
    host.set(systemctl_fails={"start": "Job for k0sworker.service failed."}, log=["first", "", "Error: no token"])
    with pytest.raises(K0sError, match=r"Job for k0sworker.service failed\. Last line of its log: Error: no token"):
        systemd.start()


def test_what_the_service_said_is_told_before_what_systemd_said_of_it(host: FakeHost, systemd: Systemd) -> None:
    of_systemd = ["k0sworker.service: Control process exited", "Failed to start k0sworker.service - k0s."]
    host.set(systemctl_fails={"start": "It failed."}, log=["the disk is broken", *of_systemd])
    with pytest.raises(K0sError, match=r"Last line of its log: the disk is broken$"):
        systemd.start()
    host.set(log=of_systemd)
    with pytest.raises(K0sError, match=r"Last line of its log: Failed to start"):
        systemd.start()


def test_the_log_of_this_start_leaves_out_earlier_ones(host: FakeHost, systemd: Systemd, openrc: Openrc) -> None:
    host.set(show=["InvocationID=abc"], log=["line"])
    assert systemd.log_of_this_start() == ["line"]
    assert host.calls[-1][:2] == ["journalctl", "_SYSTEMD_INVOCATION_ID=abc"]
    host.set(show=[])
    assert systemd.log_of_this_start() == []
    assert openrc.log_of_this_start() == []


def test_a_host_without_a_journal_has_no_log(systemd: Systemd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find", lambda name: None)
    assert systemd.log() == []


@pytest.mark.parametrize(
    ("shown", "health"),
    [
        (["ActiveState=active", "SubState=running", "NRestarts=2"], Health("active (running)", exits=2)),
        (["ActiveState=failed", "SubState=failed", "NRestarts=0"], Health("failed (failed)", failed=True)),
        (
            [
                "ActiveState=activating",
                "SubState=auto-restart",
                "NRestarts=1",
                "ExecMainStartTimestampMonotonic=5000000",
                "ExecMainExitTimestampMonotonic=7500000",
            ],
            Health("activating (auto-restart)", restarting=True, exits=2, last_run_seconds=2.5),
        ),
        ([], Health("unknown ()")),
    ],
)
def test_systemds_words_are_understood(host: FakeHost, systemd: Systemd, shown: List[str], health: Health) -> None:
    host.set(show=shown)
    assert systemd.health() == health


def test_the_environment_is_in_a_file_only_root_can_read(host: FakeHost, systemd: Systemd) -> None:
    values = {"HTTPS_PROXY": "http://me:secret@proxy:3128", "A": 'b "c"'}
    assert systemd.write_environment(values)
    assert not systemd.write_environment(values)
    path = Path(host.paths.environment)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert environment.parse_systemd(path.read_text()) == values
    assert Path(systemd.drop_in).read_text() == f"[Service]\nEnvironmentFile={environment.ENVIRONMENT_PATH}\n"
    assert systemd.write_environment({})
    assert not systemd.write_environment({})
    assert not path.exists()
    assert not os.path.exists(os.path.dirname(systemd.drop_in))


def test_drop_ins_of_others_stay(systemd: Systemd) -> None:
    systemd.write_environment({"A": "b"})
    other = Path(systemd.drop_in).with_name("other.conf")
    other.write_text("[Service]\n")
    assert systemd.remove_extras() == [systemd.drop_in, systemd.paths.environment]
    assert other.exists()


def test_openrc_is_called_by_its_own_programs(host: FakeHost, openrc: Openrc) -> None:
    openrc.start()
    openrc.reload()
    openrc.enable()
    openrc.disable()
    assert host.calls == [
        ["rc-service", "k0scontroller", "start"],
        ["rc-update", "add", "k0scontroller", "default"],
        ["rc-update", "delete", "--all", "k0scontroller"],
    ]
    assert openrc.unit_path == f"{host.paths.openrc_scripts}/k0scontroller"


def test_a_crashed_openrc_service_is_forgotten(host: FakeHost, openrc: Openrc) -> None:
    openrc.forget_failure()
    host.set(show=[" * status: crashed"])
    assert openrc.health() == Health("crashed", failed=True)
    openrc.forget_failure()
    assert host.called("rc-service", "k0scontroller", "zap")
    host.set(show=[])
    assert openrc.health() == Health("unknown")


def test_openrcs_log_is_k0s_own_files(host: FakeHost, openrc: Openrc) -> None:
    logs = Path(host.paths.logs)
    logs.mkdir(parents=True)
    (logs / "k0scontroller.log").write_text("started\n\n")
    (logs / "k0scontroller.err").write_text("Error: port in use\n")
    assert openrc.log() == ["started", "Error: port in use"]


def test_openrcs_environment_is_only_for_root(host: FakeHost, openrc: Openrc) -> None:
    assert openrc.remove_extras() == []
    openrc.write_environment({"A": "b c"})
    assert stat.S_IMODE(os.stat(openrc.settings).st_mode) == 0o600
    assert environment.parse_openrc(Path(openrc.settings).read_text()) == {"A": "b c"}
    assert openrc.remove_extras() == [openrc.settings]
    assert not os.path.exists(openrc.settings)

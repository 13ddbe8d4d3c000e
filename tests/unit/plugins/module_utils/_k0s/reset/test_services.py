# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.service import Openrc
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.services import Services
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.reset.fakes import FakeHost, names

UNIT = "/etc/systemd/system/k0sworker.service"
WANTS = "/etc/systemd/system/multi-user.target.wants/k0sworker.service"
SHOW = ("systemctl", "show")


def shown(**states: str) -> tuple[int, str, str]:
    blocks = [
        f"Id={name}.service\nActiveState={state}\nLoadState={'loaded' if state != 'gone' else 'not-found'}\n"
        for name, state in states.items()
    ]
    return 0, "\n".join(blocks), ""


@pytest.fixture
def systemd(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    fake.make("/run/systemd/system")
    # What removes drop-ins and asks nobody but the file system is the real thing.
    monkeypatch.setattr(command, "run", fake.programs)
    return fake


def install(fake: FakeHost) -> None:
    fake.write(UNIT, "[Service]\n")
    fake.link(WANTS, f"{fake.folder}{UNIT}")
    fake.write(f"{UNIT}.d/mke4k.conf")


def test_a_service_is_stopped_and_all_of_it_removed(systemd: FakeHost) -> None:
    install(systemd)
    systemd.programs.answers[SHOW] = shown(k0sworker="inactive")
    assert names(Services().find(systemd.host)) == ["k0sworker"]
    Services().clear(systemd.host)
    assert not systemd.has(UNIT)
    assert not systemd.has(WANTS)
    verbs = [call[1] for call in systemd.programs.calls if call[0] == "systemctl"]
    assert verbs.index("stop") < verbs.index("daemon-reload") < verbs.index("reset-failed")
    assert not systemd.programs.called("systemctl", "kill")


def test_a_k0s_that_does_not_end_in_time_is_killed(systemd: FakeHost) -> None:
    install(systemd)
    systemd.programs.answers[SHOW] = shown(k0sworker="deactivating")
    Services().clear(systemd.host)
    assert systemd.programs.called("systemctl", "kill", "--signal=SIGKILL")
    assert 0.5 <= systemd.time.now < 1.0


def test_a_service_that_cannot_be_stopped_is_told(systemd: FakeHost) -> None:
    install(systemd)
    systemd.programs.answers[SHOW] = shown(k0sworker="active")
    systemd.programs.answers[("systemctl", "stop")] = (1, "", "Failed to stop: Connection timed out")
    Services().clear(systemd.host)
    assert "Connection timed out" in systemd.complaints[("stop", "k0sworker")]
    assert not Services().goes_with_reboot(Change("stop", "k0sworker", ""))


def test_a_unit_whose_file_was_removed_by_hand_is_found_while_it_runs(systemd: FakeHost) -> None:
    systemd.programs.answers[SHOW] = (0, "Id=k0scontroller.service\nActiveState=active\nLoadState=not-found\n", "")
    assert names(Services().find(systemd.host)) == ["k0scontroller"]


def test_a_link_to_a_unit_that_is_gone_is_found(systemd: FakeHost) -> None:
    systemd.link(WANTS, "/nowhere")
    systemd.programs.answers[SHOW] = shown(k0sworker="gone")
    systemd.programs.answers[("systemctl", "stop")] = (5, "", "Unit k0sworker.service not loaded.")
    systemd.programs.answers[SHOW] = (0, "Id=k0sworker.service\nActiveState=inactive\nLoadState=not-found\n", "")
    assert names(Services().find(systemd.host)) == ["k0sworker"]
    Services().clear(systemd.host)
    assert not systemd.has(WANTS)
    assert systemd.complaints == {}


def test_a_refused_stop_of_a_service_that_does_not_run_is_told(systemd: FakeHost) -> None:
    install(systemd)
    systemd.programs.answers[SHOW] = shown(k0sworker="inactive")
    systemd.programs.answers[("systemctl", "stop")] = (1, "", "Access denied")
    Services().clear(systemd.host)
    assert "Access denied" in systemd.complaints[("stop", "k0sworker")]


def test_drop_ins_of_the_user_stay_and_are_told(systemd: FakeHost) -> None:
    install(systemd)
    systemd.write(f"{UNIT}.d/override.conf", "[Service]\n")
    systemd.programs.answers[SHOW] = shown(k0sworker="inactive")
    Services().clear(systemd.host)
    assert systemd.has(f"{UNIT}.d/override.conf")
    assert [note.kind for note in Services().notes(systemd.host)] == ["folder"]


def test_a_systemd_that_does_not_answer_is_told(systemd: FakeHost) -> None:
    systemd.programs.answers[SHOW] = (124, "", "it did not end within 10 s")
    with pytest.raises(K0sError, match=r"did not end within 10 s\. Look at systemd"):
        Services().find(systemd.host)


def test_a_host_without_k0s_has_no_service(systemd: FakeHost) -> None:
    systemd.programs.answers[SHOW] = (0, "Id=k0sworker.service\nActiveState=inactive\nLoadState=not-found\n", "")
    assert Services().find(systemd.host) == []


@pytest.mark.parametrize("fails", [False, True])
def test_openrc_stops_its_service_and_forgets_it(fake: FakeHost, monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    monkeypatch.setattr("ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.services.service_for", Openrc)
    fake.write("/etc/init.d/k0scontroller", "#!/sbin/openrc-run\n")
    if fails:
        fake.programs.answers[("rc-service",)] = (1, "", " * ERROR: k0scontroller failed to stop")
    assert names(Services().find(fake.host)) == ["k0scontroller"]
    Services().clear(fake.host)
    assert fake.programs.calls == [
        ["rc-service", "k0scontroller", "stop"],
        ["rc-update", "delete", "--all", "k0scontroller"],
    ]
    assert not Path(f"{fake.folder}/etc/init.d/k0scontroller").exists()
    assert bool(fake.complaints) == fails

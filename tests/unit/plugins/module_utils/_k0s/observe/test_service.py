# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe import service
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.unit import Unit, openrc_arguments, split_words
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.hosts import OtherHost, recorded


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of that name that tests write."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder / "systemctl"


DROP_IN = "[Service]\nEnvironmentFile=-/etc/k0s/k0s.env\n"


def script(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def with_systemd(other: OtherHost) -> None:
    other.write("/run/systemd/system/.keep")


def with_unit(other: OtherHost) -> None:
    with_systemd(other)
    other.copy("/etc/systemd/system/k0scontroller.service", "k0scontroller.service")
    other.write("/etc/systemd/system/k0scontroller.service.d/mke4k.conf", DROP_IN)
    other.write("/etc/k0s/k0s.env", 'NO_PROXY="10.0.0.0/8"\n')


def test_systemd_is_asked_once_for_all_units(systemctl: Path, tmp_path: Path) -> None:
    script(systemctl, f'echo "$@" >> {tmp_path}/calls; cat <<END\n{recorded("systemctl_show.txt")}\nEND')
    units = service.ask_systemd(["k0scontroller", "k0sworker", "firewalld"])
    (call,) = (tmp_path / "calls").read_text().splitlines()
    assert call.startswith("show --property=Id,LoadState,")
    assert call.endswith("k0scontroller.service k0sworker.service firewalld.service")
    assert "k0sworker" not in units
    assert units["k0scontroller"]["MainPID"] == "812"


def test_a_systemd_that_hangs_is_an_error_that_says_so(systemctl: Path) -> None:
    script(systemctl, "exec sleep 5")
    with pytest.raises(K0sError, match=r"did not answer within 0.1 s"):
        service.ask_systemd(["k0scontroller"], timeout=0.1)


def test_a_systemd_that_fails_is_an_error_with_its_words(systemctl: Path) -> None:
    script(systemctl, "echo 'Failed to connect to bus' >&2; exit 1")
    with pytest.raises(K0sError, match="Failed to connect to bus"):
        service.ask_systemd(["k0scontroller"])


def test_without_systemctl_there_are_no_units(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert service.ask_systemd(["k0scontroller"]) == {}


def test_the_unit_is_read_with_its_drop_ins_and_environment_files(other: OtherHost) -> None:
    with_unit(other)
    found = service.systemd_service(service.parse_show(recorded("systemctl_show.txt")), other.root)
    assert found is not None
    state = found.state
    assert (state.name, state.manager, state.enabled, state.active, state.failed) == (
        "k0scontroller", "systemd", True, True, False,
    )  # fmt: skip
    assert state.arguments == (
        "--config=/etc/k0s/k0s.yaml",
        "--data-dir=/var/lib/k0s",
        "--enable-worker=true",
        "--kubelet-extra-args=--node-ip=10.77.0.11 --hostname-override=Master-1",
    )
    assert state.environment == {"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": "10.0.0.0/8"}
    assert found.pid == 812
    assert "/etc/k0s/k0s.env" in found.files


def test_a_crashing_unit_is_active_and_one_that_was_given_up_has_failed(other: OtherHost) -> None:
    with_unit(other)
    shown = recorded("systemctl_show.txt")
    crashing = service.systemd_service(service.parse_show(shown.replace("=active", "=activating", 1)), other.root)
    failed = service.systemd_service(service.parse_show(shown.replace("=active", "=failed", 1)), other.root)
    assert crashing is not None
    assert crashing.state.active
    assert failed is not None
    assert (failed.state.active, failed.state.failed) == (False, True)


def test_no_unit_means_no_service(other: OtherHost) -> None:
    assert service.systemd_service({}, other.root) is None
    assert service.openrc_service(other.root) is None


def test_openrc_is_read_from_its_own_files(other: OtherHost) -> None:
    other.copy("/etc/init.d/k0scontroller", "k0scontroller.openrc")
    other.write("/etc/conf.d/k0scontroller", "export HTTPS_PROXY='http://proxy.example:3128'\n")
    other.write("/etc/runlevels/default/k0scontroller")
    other.write("/run/openrc/started/k0scontroller")
    found = service.read_service(other.root)
    assert found is not None
    assert found.state.manager == "openrc"
    assert (found.state.enabled, found.state.active, found.state.failed) == (True, True, False)
    assert found.state.arguments == ("--config=/etc/k0s/k0s.yaml", "--kubelet-extra-args=--node-ip=10.0.0.1 --v=2")
    assert found.state.environment == {"HTTPS_PROXY": "http://proxy.example:3128"}
    assert found.files == ["/etc/init.d/k0scontroller", "/etc/conf.d/k0scontroller"]


def test_the_service_manager_is_told_by_what_runs(other: OtherHost) -> None:
    other.write("/proc/1/comm", "runit\n")
    assert service.manager_of(other.root) == "runit"
    other.write("/sbin/openrc-run")
    assert service.manager_of(other.root) == "openrc"
    with_systemd(other)
    assert service.manager_of(other.root) == "systemd"


def test_systemd_is_asked_where_it_runs(other: OtherHost, systemctl: Path) -> None:
    script(systemctl, f"cat <<END\n{recorded('systemctl_show.txt')}\nEND")
    with_unit(other)
    found = service.read_service(other.root)
    assert found is not None
    assert found.state.name == "k0scontroller"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"a\x20b c", ["a b", "c"]),
        ('"one two" three', ["one two", "three"]),
        ("--x='a b' --y=\"c d\"", ["--x=a b", "--y=c d"]),
        (r"tab\there quo\"te oct\101", ["tab\there", 'quo"te', "octA"]),
        ("", []),
    ],
)
def test_words_are_split_as_systemd_does(text: str, words: list[str]) -> None:
    assert split_words(text) == words


def test_later_settings_win_and_empty_ones_reset() -> None:
    unit = Unit()
    unit.read(
        "# comment\n[Service]\nExecStart=-/usr/bin/k0s worker \\\n  --profile=a%%b --x=$$HOME\n"
        'Environment="A=1" B=2\nEnvironmentFile=/etc/a\n[Install]\nExecStart=no\n'
    )
    assert unit.command == ("/usr/bin/k0s", "worker", "--profile=a%b", "--x=$HOME")
    unit.read("[Service]\nExecStart=\nExecStart=/opt/k0s worker\nEnvironment=\nEnvironmentFile=\n; end\\")
    assert list(unit.command) == ["/opt/k0s", "worker"]
    assert list(unit.arguments) == []
    assert (unit.environment, unit.environment_files) == ({}, [])


def test_a_unit_that_ends_in_the_middle_of_a_line_is_read() -> None:
    unit = Unit()
    unit.read("[Service]\nExecStart=/opt/k0s worker --a \\")
    assert unit.arguments == ("--a",)


@pytest.mark.parametrize("script_text", ["", "command_args=\"'controller\n", "command=x"])
def test_a_script_without_arguments_has_none(script_text: str) -> None:
    assert openrc_arguments(script_text) == ()

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kubeconfig on the control node, with a k0s that is a script."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.input.conftest import Ran, Workplace
from tests.unit.plugins.plugin_utils.kubeconfigs import admin, authority, secrets_of


class Controller:
    """A folder that looks like k0s on a host, and the task that reads it."""

    def __init__(self, workplace: Workplace) -> None:
        self.workplace = workplace
        self.calls = workplace.folder / "calls"
        self.binary = workplace.folder / "k0s"
        self.is_of("one")

    def is_of(self, name: str) -> None:
        text = self.workplace.write("admin.conf", admin(name))
        self.workplace.write("data/pki/ca.crt", authority(name).certificate.decode())
        self.binary.write_text(f'#!/bin/sh\necho "$@" >> {self.calls}\ncat {text}\n')
        self.binary.chmod(0o755)

    def task(self, *arguments: str, environment: dict[str, str] | None = None, **options: Any) -> Ran:
        options = {"binary_path": str(self.binary), "data_dir": str(self.workplace.folder / "data"), **options}
        return self.workplace.play({"mke4k.core.k0s_kubeconfig": options}, *arguments, environment=environment)

    @property
    def asked(self) -> int:
        return len(self.calls.read_text().splitlines()) if self.calls.exists() else 0


@pytest.fixture
def controller(workplace: Workplace) -> Controller:
    return Controller(workplace)


@pytest.fixture
def path(workplace: Workplace) -> Path:
    return workplace.home / ".mke" / "mke.kubeconf"


def test_it_is_written_for_the_owner_alone_and_then_left_alone(controller: Controller, path: Path) -> None:
    first = controller.task("-vvv", "--diff")
    assert first.result["changed"], first.output
    assert (first.result["path"], first.result["context"]) == (str(path), "mke")
    assert first.result["server"] == "https://10.0.0.11:6443"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "kubeconfig" not in first.result
    shown = first.output + str(first.result)
    assert not [secret for secret in secrets_of(path.read_text()) if secret in shown]
    second = controller.task()
    assert not second.result["changed"]
    assert second.result["read"]
    assert not controller.task(ca_sha256=authority().sha256).result["read"]
    assert controller.asked == 2


def test_check_mode_says_the_same_and_writes_nothing(controller: Controller, path: Path) -> None:
    ran = controller.task("--check", "--diff")
    assert ran.result["changed"], ran.output
    assert "mke-admin" in ran.output
    assert not path.parent.exists()


def test_check_mode_on_a_bare_host_predicts_a_new_file(controller: Controller, path: Path) -> None:
    controller.binary.unlink()
    ran = controller.task("--check", "--diff", server="https://api:6443")
    assert (ran.result["changed"], ran.result["server"]) == (True, "https://api:6443"), ran.output
    assert "a new context mke" in ran.output
    assert not path.exists()
    assert "There is no k0s at" in controller.task().output


def test_the_file_of_another_cluster_stays(controller: Controller, path: Path) -> None:
    controller.task()
    before = path.read_text()
    controller.is_of("two")
    ran = controller.task()
    assert ran.code != 0
    assert "its context mke is of another cluster" in ran.output
    assert path.read_text() == before
    merged = controller.task(context="second", merge=True)
    assert merged.result["changed"], merged.output
    assert [item["name"] for item in yaml.safe_load(path.read_text())["contexts"]] == ["mke", "second"]


def test_a_mode_that_others_can_read_is_put_right(controller: Controller, path: Path) -> None:
    controller.task()
    path.chmod(0o644)
    ran = controller.task(ca_sha256=authority().sha256)
    assert ran.result["changed"], ran.output
    assert not ran.result["read"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_dest_means_nothing_is_done(controller: Controller) -> None:
    ran = controller.task(dest="")
    assert (ran.result["changed"], ran.result["path"]) == (False, "")
    assert controller.asked == 0


def test_a_home_that_cannot_be_written_names_the_option(controller: Controller) -> None:
    ran = controller.task(environment={"HOME": "/proc"})
    assert ran.code != 0
    assert "mke4k_kubeconfig" in ran.output
    assert "HOME is /proc" in ran.output


def test_a_k0s_that_fails_is_quoted(controller: Controller) -> None:
    controller.binary.write_text("#!/bin/sh\necho 'check if the control plane is initialized' >&2\nexit 1\n")
    ran = controller.task()
    assert "exit code 1: check if the control plane is initialized" in ran.output
    controller.binary.write_text("#!/bin/sh\necho hello\n")
    assert "is of no use: it is not a kubeconfig" in controller.task().output

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

from tests.integration.input.conftest import Workplace
from tests.unit.plugins.plugin_utils.kubeconfigs import admin, authority, secrets_of


class Controller:
    """A folder that looks like k0s on a host, and the task that reads it."""

    def __init__(self, workplace: Workplace, name: str) -> None:
        self.folder = workplace.folder / name
        text = workplace.write(f"{name}/admin.conf", admin(name))
        workplace.write(f"{name}/data/pki/ca.crt", authority(name).certificate.decode())
        self.calls = self.folder / "calls"
        self.binary = workplace.write(f"{name}/k0s", f'#!/bin/sh\necho "$@" >> {self.calls}\ncat {text}\n')
        self.binary.chmod(0o755)

    def task(self, **options: Any) -> dict[str, Any]:
        own = {"binary_path": str(self.binary), "data_dir": str(self.folder / "data")}
        return {"mke4k.core.k0s_kubeconfig": {**own, **options}}

    @property
    def asked(self) -> int:
        return len(self.calls.read_text().splitlines())


@pytest.fixture
def path(workplace: Workplace) -> Path:
    return workplace.home / ".mke" / "mke.kubeconf"


def test_it_is_written_for_the_owner_alone_and_then_left_alone(workplace: Workplace, path: Path) -> None:
    one, two = Controller(workplace, "one"), Controller(workplace, "two")
    # Nothing is more talkative than the ssh connection; its ssh is a shell on this machine.
    ssh = workplace.write("ssh", '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    ssh.chmod(0o755)
    over_ssh = ["-i", "controller,", "-e", f"ansible_ssh_executable={ssh}", "-e", "ansible_ssh_transfer_method=piped"]
    first, again, known, other, merged = workplace.play(
        one.task(),
        one.task(),
        one.task(ca_sha256=authority("one").sha256),
        two.task(),
        two.task(context="two", merge=True),
        arguments=["-vvvv", "--diff", *over_ssh],
        hosts="controller",
    )
    assert first.result["changed"], first.output
    assert (first.result["path"], first.result["context"]) == (str(path), "mke")
    assert first.result["server"] == "https://10.0.0.11:6443"
    assert (again.result["changed"], again.result["read"]) == (False, True)
    assert (known.result["changed"], known.result["read"]) == (False, False)
    assert one.asked == 2
    assert "is of another cluster" in other.result["msg"]
    assert merged.result["changed"]
    assert [item["name"] for item in yaml.safe_load(path.read_text())["contexts"]] == ["mke", "two"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    shown = first.output + str([ran.result for ran in (first, again, known, other, merged)])
    assert "mke-admin" in first.output
    assert "ESTABLISH SSH CONNECTION" in first.output
    assert not [secret for secret in secrets_of(path.read_text()) if secret in shown]


def test_check_mode_predicts_the_same_on_a_running_and_on_a_bare_host(workplace: Workplace, path: Path) -> None:
    one = Controller(workplace, "one")
    running, bare, nowhere = workplace.play(
        one.task(),
        one.task(binary_path="/none/k0s", server="https://api:6443"),
        one.task(dest="/proc/none/config"),
        arguments=["--check", "--diff"],
    )
    assert running.result["changed"]
    assert (bare.result["changed"], bare.result["server"]) == (True, "https://api:6443")
    assert "a new context mke" in bare.output
    assert not path.parent.exists()
    assert nowhere.result["changed"] or "mke4k_kubeconfig" in nowhere.result["msg"]


def test_what_goes_wrong_says_what_to_do(workplace: Workplace) -> None:
    failing, odd = Controller(workplace, "one"), Controller(workplace, "two")
    failing.binary.write_text("#!/bin/sh\necho 'check if the control plane is initialized' >&2\nexit 1\n")
    odd.binary.write_text("#!/bin/sh\necho hello\n")
    results = workplace.play(failing.task(), odd.task(), odd.task(binary_path="/none/k0s"), odd.task(dest=""))
    assert "exit code 1: check if the control plane is initialized" in results[0].result["msg"]
    assert "is of no use: it is not a kubeconfig" in results[1].result["msg"]
    assert "There is no k0s at /none/k0s" in results[2].result["msg"]
    assert (results[3].result["changed"], results[3].result["path"]) == (False, "")

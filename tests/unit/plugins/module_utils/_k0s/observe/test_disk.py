# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files, the binary, the receipt and processes."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import NotReadable
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import (
    BinaryState,
    ConfigState,
    FileState,
    NodeState,
    RunningState,
    ServiceState,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe import files, process, receipt
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.binary import read_binary
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.hosts import OtherHost


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_files_are_told_with_digest_mode_and_owner_and_missing_ones_are_left_out(other: OtherHost) -> None:
    other.write("/etc/k0s/a.yaml", "a").chmod(0o640)
    found = files.read_files(["/etc/k0s/a.yaml", "/etc/k0s/b.yaml", "/etc/k0s/a.yaml/c"], other.root)
    owner, group = files.user_name(os.getuid()), files.group_name(os.getgid())
    assert found == {"/etc/k0s/a.yaml": FileState("/etc/k0s/a.yaml", digest("a"), "0640", owner, group)}


def test_a_folder_is_told_without_a_digest_and_a_pipe_not_at_all(other: OtherHost) -> None:
    other.write("/var/log/k0s/audit.log")
    other.path("/var/log/k0s").chmod(0o700)
    os.mkfifo(other.path("/var/log/pipe"))
    found = files.read_files(["/var/log/k0s", "/var/log/pipe"], other.root)
    assert list(found) == ["/var/log/k0s"]
    assert (found["/var/log/k0s"].sha256, found["/var/log/k0s"].mode) == ("", "0700")


def test_owners_without_a_name_are_told_by_number() -> None:
    assert (files.user_name(3_999_999), files.group_name(3_999_999)) == ("3999999", "3999999")


def test_a_file_that_may_not_be_read_asks_for_root(other: OtherHost, monkeypatch: pytest.MonkeyPatch) -> None:
    other.write("/etc/k0s/k0s.yaml", "a")

    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(NotReadable, match=r"/etc/k0s/k0s.yaml could not be read.*become: true") as caught:
        files.read_config(root=other.root)
    assert caught.value.report()["path"] == "/etc/k0s/k0s.yaml"
    monkeypatch.setattr(os, "stat", refuse)
    with pytest.raises(NotReadable):
        files.read_config(root=other.root)


def test_the_config_is_told_with_the_digest_of_its_true_text(other: OtherHost) -> None:
    text = "spec:\n  storage:\n    kine:\n      dataSource: postgres://k0s:hunter2@db/k0s\n"
    other.write("/etc/k0s/k0s.yaml", text)
    config = files.read_config(root=other.root)
    assert config is not None
    assert config.sha256 == digest(text)
    assert "hunter2" not in config.text
    assert files.read_config("/etc/k0s/other.yaml", other.root) is None


def note(other: OtherHost, binary: Path, **replaced: object) -> dict[str, object]:
    now = binary.stat()
    return {
        "binary": {
            "path": str(binary), "sha256": "f" * 64, "size": now.st_size, "mtime_ns": now.st_mtime_ns,
            "version": "v1.33.13+k0s.0", **replaced,
        }
    }  # fmt: skip


def test_the_receipt_saves_reading_the_binary(other: OtherHost) -> None:
    binary = other.write("/usr/local/bin/k0s", "binary")
    found = read_binary("/usr/local/bin/k0s", note(other, binary), None, other.root)
    assert found == BinaryState("/usr/local/bin/k0s", "f" * 64, "v1.33.13+k0s.0")


@pytest.mark.parametrize("replaced", [{"size": 1}, {"mtime_ns": 1}, {"path": "/elsewhere"}])
def test_a_receipt_for_another_file_is_not_believed(other: OtherHost, replaced: dict[str, object]) -> None:
    binary = other.write("/usr/local/bin/k0s", "binary")
    found = read_binary("/usr/local/bin/k0s", note(other, binary, **replaced), None, other.root)
    assert found == BinaryState("/usr/local/bin/k0s", digest("binary"), "")


def test_a_process_that_runs_the_file_proves_its_version() -> None:
    me = os.path.realpath("/proc/self/exe")
    running = RunningState("v1.33.13+k0s.0", "worker", os.getpid())
    found = read_binary(me, {}, running, HOST)
    assert found is not None
    assert found.version == "v1.33.13+k0s.0"
    assert len(found.sha256) == 64
    other_file = read_binary(__file__, {}, running, HOST)
    assert other_file is not None
    assert other_file.version == ""


def test_no_binary_is_none(other: OtherHost) -> None:
    assert read_binary("/usr/local/bin/k0s", {}, None, other.root) is None


def test_a_large_file_is_read_again_only_when_it_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "k0s"
    path.write_text("one")
    assert files.sha256_of(str(path)) == digest("one")
    with monkeypatch.context() as patched:
        patched.setattr("builtins.open", None)
        assert files.sha256_of(str(path)) == digest("one")
    path.write_text("three")
    assert files.sha256_of(str(path)) == digest("three")


def test_the_start_of_a_process_is_known() -> None:
    assert 0 <= time.time() - process.started_at(os.getpid()) < 3600
    assert process.start_id(os.getpid()).split(":")[1] == str(os.getpid())
    assert process.started_at(4_000_000) == 0.0
    assert process.start_id(4_000_000) == ""
    assert not process.runs_file(4_000_000, "/bin/sh")


def test_a_process_may_have_any_name(other: OtherHost) -> None:
    fields = " ".join(str(number) for number in range(3, 30))
    other.write("/proc/7/stat", f"7 (k0s) (x) S {fields}")
    assert process.start_ticks(7, other.root) == 21


STATE = NodeState(
    binary=BinaryState("/usr/local/bin/k0s", "b" * 64, "v1"),
    service=ServiceState("k0sworker", arguments=("--a=1", "--b=2", "--token-file=/etc/k0s/k0stoken")),
    config=ConfigState("/etc/k0s/k0s.yaml", "c" * 64),
    files={"/f": FileState("/f", "f" * 64, "0600", "root", "root")},
)


def changed(**values: object) -> NodeState:
    return NodeState(**{**{name: getattr(STATE, name) for name in ("binary", "service", "config", "files")}, **values})


@pytest.mark.parametrize(
    ("state", "outdated"),
    [
        (STATE, False),
        (changed(service=ServiceState("k0sworker", arguments=("--b=2", "--a=1"))), False),
        (changed(service=ServiceState("k0sworker", arguments=("--a=2", "--b=2"))), True),
        (changed(service=ServiceState("k0sworker", arguments=STATE.service.arguments, environment={"A": "1"})), True),  # type: ignore[union-attr]
        (changed(binary=BinaryState("/usr/local/bin/k0s", "x" * 64)), True),
        (changed(config=None), True),
        (changed(service=None), True),
        (changed(files={}), False),
    ],
)
def test_the_receipt_tells_whether_k0s_runs_on_what_is_there(state: NodeState, outdated: bool) -> None:
    noted = {"running": receipt.running_record("boot:7:21", STATE, [])}
    assert receipt.is_outdated(noted, "boot:7:21", state) is outdated


def test_files_of_the_receipt_count_even_when_nobody_asked_for_them(other: OtherHost) -> None:
    other.write("/f", "f")
    state = NodeState(files=files.read_files(["/f"], other.root))
    noted = {"running": receipt.running_record("boot:7:21", state, ["/f", "/later"])}
    assert receipt.is_outdated(noted, "boot:7:21", NodeState(), other.root) is False
    other.write("/later", "x")
    assert receipt.is_outdated(noted, "boot:7:21", NodeState(), other.root) is True


@pytest.mark.parametrize(
    "noted",
    [{}, {"running": {}}, {"running": {"start_id": "boot:8:1", "parts": {}}}, {"running": {"start_id": "boot:7:21"}}],
)
def test_a_receipt_of_another_process_tells_nothing(noted: dict[str, object]) -> None:
    assert receipt.is_outdated(noted, "boot:7:21", STATE) is None
    assert receipt.is_outdated({"running": receipt.running_record("", STATE, [])}, "", STATE) is None


@pytest.mark.parametrize("text", ["", "no json", "[]"])
def test_a_broken_receipt_is_none(other: OtherHost, text: str) -> None:
    other.write("/etc/k0s/mke4k.json", text)
    assert receipt.read_receipt("/etc/k0s/mke4k.json", other.root) == {}
    assert receipt.read_receipt("/etc/k0s/none.json", other.root) == {}
    other.write("/etc/k0s/mke4k.json", json.dumps({"binary": {}}))
    assert receipt.read_receipt("/etc/k0s/mke4k.json", other.root) == {"binary": {}}


def test_files_written_after_the_start_count_as_changed_and_folders_do_not(other: OtherHost) -> None:
    other.write("/etc/k0s/k0s.yaml", "a", mtime=1000.0)
    assert not receipt.files_changed_since(1000.0, ["/etc/k0s/k0s.yaml", "/etc/k0s", "/none"], other.root)
    assert receipt.files_changed_since(999.0, ["/etc/k0s/k0s.yaml"], other.root)


def test_folders_that_are_not_there_are_empty(other: OtherHost) -> None:
    assert other.root.names("/none") == []
    assert other.root.data("/") is None

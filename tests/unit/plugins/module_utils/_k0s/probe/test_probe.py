# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any, Dict, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.request import Peer, Request
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.run import probe


def told(name: str, category: str, path: List[str], **values: Any) -> Dict[str, Any]:
    """A line of `k0s sysinfo -o json`."""
    return {"path": path, "displayName": name, "prop": "", "message": "", "error": None, "category": category, **values}


SYSINFO: List[Dict[str, Any]] = [
    told("Total memory", "pass", ["memory"], prop="23.5 GiB"),
    told('cgroup controller "cpu"', "rejected", ["os", "cgroups", "cpu"], prop="unavailable"),
    told("Executable: modprobe", "warning", ["os", "executableInPath:modprobe"], error="not found"),
    told("CONFIG_X", "warning", ["os", "X"], prop="unknown"),
]


def k0s(folder: Path, sysinfo: str = "[]", rc: int = 0, config_error: str = "") -> str:
    """A program that answers as k0s does and notes how it was called and what it was given."""
    path = folder / "k0s.staged"
    (folder / "sysinfo").write_text(sysinfo)
    (folder / "config_error").write_text(config_error)
    path.write_text(
        "#!/bin/sh\n"
        f'echo "$@" >> {folder}/calls\n'
        f'if [ "$1" = sysinfo ]; then cat {folder}/sysinfo; exit {rc}; fi\n'
        f'stat -c %a "${{3#--config=}}" >> {folder}/calls; cat "${{3#--config=}}" > {folder}/config\n'
        f"cat {folder}/config_error >&2; [ ! -s {folder}/config_error ]\n"
    )
    path.chmod(0o755)
    return str(path)


def request(**values: Any) -> Request:
    return Request(**{"host": "n1", "role": "controller", **values})


def names(**values: Any) -> List[str]:
    return [finding.name for finding in probe(request(**values))]


def test_a_host_that_lacks_nothing_has_no_findings(tmp_path: Path) -> None:
    assert probe(request(staged=k0s(tmp_path), config="spec: {}", names=("127.0.0.1",))) == []


def test_what_k0s_rejects_is_an_error_and_its_doubts_are_one_warning(tmp_path: Path) -> None:
    refused, doubted = probe(request(staged=k0s(tmp_path, json.dumps(SYSINFO), rc=1)))
    assert (refused.severity, refused.name, refused.path) == ("error", "sysinfo-cpu", "host n1")
    assert refused.message == 'k0s refuses the host: cgroup controller "cpu": unavailable'
    assert (doubted.severity, doubted.name) == ("warning", "sysinfo-warning")
    assert doubted.message == "k0s has doubts about the host: Executable: modprobe: not found"


@pytest.mark.parametrize(
    ("role", "flags"),
    [
        ("controller", "--controller=true --worker=false"),
        ("worker", "--controller=false --worker=true"),
        ("controller+worker", "--controller=true --worker=true"),
        ("single", "--controller=true --worker=true"),
    ],
)
def test_sysinfo_is_asked_for_the_role(tmp_path: Path, role: str, flags: str) -> None:
    probe(request(staged=k0s(tmp_path), role=role, data_dir="/data/k0s"))
    assert (tmp_path / "calls").read_text() == f"sysinfo --output=json {flags} --data-dir=/data/k0s\n"


def test_each_error_of_the_config_is_a_finding_and_the_file_is_for_root_alone(tmp_path: Path) -> None:
    errors = "Error: spec: a: wrong\nError: spec: b: wrong\n"
    found = probe(request(staged=k0s(tmp_path, config_error=errors), config="spec: {secret: x}"))
    assert [(item.name, item.message) for item in found] == [
        ("k0s-config-invalid", "k0s refuses its configuration: spec: a: wrong"),
        ("k0s-config-invalid", "k0s refuses its configuration: spec: b: wrong"),
    ]
    calls = (tmp_path / "calls").read_text()
    assert "\n600\n" in calls
    assert "secret" not in calls
    assert (tmp_path / "config").read_text() == "spec: {secret: x}"


def test_a_config_error_in_other_words_is_told_as_it_is(tmp_path: Path) -> None:
    (finding,) = probe(request(staged=k0s(tmp_path, config_error="panic: x\n"), config="a: b"))
    assert finding.message == "k0s refuses its configuration: panic: x"


@pytest.mark.parametrize("output", ["no json", "{}"])
def test_a_binary_that_does_not_report_is_unusable(tmp_path: Path, output: str) -> None:
    (finding,) = probe(request(staged=k0s(tmp_path, output, rc=2)))
    assert finding.name == "k0s-binary-unusable"
    assert "failed with 2" in finding.message


def test_a_binary_for_another_machine_is_unusable(tmp_path: Path) -> None:
    path = tmp_path / "k0s"
    path.write_bytes(b"\x7fELF\x02\x01\x01" + b"\0" * 57)
    path.chmod(0o755)
    (finding,) = probe(request(staged=str(path)))
    assert finding.name == "k0s-binary-unusable"
    assert "Exec format error" in finding.message


def test_in_check_mode_the_binary_is_not_there_and_that_is_said() -> None:
    (finding,) = probe(request(staged="/nowhere/k0s.staged"))
    assert (finding.severity, finding.name) == ("warning", "sysinfo-not-run")


def test_peers_that_answer_or_refuse_are_reached() -> None:
    with socket.socket() as listener, socket.socket() as closed:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        closed.bind(("127.0.0.1", 0))
        peers = tuple(Peer("127.0.0.1", item.getsockname()[1]) for item in (listener, closed))
        assert names(peers=peers) == []


def test_all_blocked_ports_of_a_peer_are_one_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(address: Any, _timeout: float) -> None:
        raise OSError(113, "No route to host") if address[1] == 6443 else socket.timeout("timed out")

    monkeypatch.setattr(socket, "create_connection", connect)
    peers = (
        Peer("10.0.0.2", 6443, "Kubernetes API of n2"),
        Peer("10.0.0.2", 2380),
        Peer("10.0.0.3", 2380, "etcd of n3"),
    )
    first, second = probe(request(peers=peers))
    assert (first.name, first.severity) == ("peer-unreachable", "error")
    assert first.message == (
        "does not reach 10.0.0.2 on port 6443 (Kubernetes API of n2: no route to host), 2380 (k0s: time-out)"
    )
    assert second.message == "does not reach 10.0.0.3 on port 2380 (etcd of n3: time-out)"


def test_a_name_without_an_address_is_an_error() -> None:
    found = probe(request(names=("localhost", "no.such.name.invalid", "a" * 70 + ".example")))
    assert [item.name for item in found] == ["name-unresolved", "name-unresolved"]
    assert "no.such.name.invalid" in found[0].message


def test_a_request_is_made_of_the_modules_options() -> None:
    params = {
        "host": None, "role": "worker", "staged": None, "data_dir": "/var/lib/k0s", "config": None, "timeout": 3.0,
        "peers": [{"host": "10.0.0.1", "port": 6443, "why": "API"}], "names": ["a"],
    }  # fmt: skip
    made = Request.from_params(params)
    assert made.host == socket.gethostname()
    assert made.peers == (Peer("10.0.0.1", 6443, "API"),)
    assert (made.staged, made.config) == ("", "")


@pytest.mark.parametrize(
    ("version", "role", "text", "refused"),
    [
        ("v1.36.3+k0s.2", "worker", "version = 2\n", True),
        ("v1.36.3+k0s.2", "worker", "# no version\n[plugins]\n", True),
        ("v1.36.3+k0s.2", "controller+worker", "version=3\n", False),
        ("v1.36.3+k0s.2", "controller", "version = 2\n", False),
        ("v1.35.7+k0s.0", "worker", "version = 2\n", False),
        ("", "worker", "version = 2\n", False),
    ],
)
def test_settings_that_the_next_containerd_does_not_read_are_found_before_it_starts(
    tmp_path: Path, version: str, role: str, text: str, refused: bool
) -> None:
    (tmp_path / "registry.toml").write_text(text)
    (tmp_path / "notes.txt").write_text("version = 1\n")
    found = probe(request(version=version, role=role, containerd_folder=str(tmp_path)))
    assert [item.name for item in found] == (["containerd-drop-in-old"] if refused else [])
    assert all(str(tmp_path / "registry.toml") in item.message for item in found)


def test_settings_that_come_with_the_new_k0s_are_not_held_against_it(tmp_path: Path) -> None:
    path = tmp_path / "registry.toml"
    path.write_text("version = 2\n")
    values = {"version": "v1.36.3+k0s.2", "role": "worker", "containerd_folder": str(tmp_path)}
    assert probe(request(**values, written=(str(path),))) == []


def test_a_drop_in_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.toml").mkdir()
    with pytest.raises(K0sError, match=r"x\.toml could not be read"):
        probe(request(version="v1.36.3+k0s.2", role="worker", containerd_folder=str(tmp_path)))

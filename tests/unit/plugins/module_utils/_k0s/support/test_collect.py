# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is collected on a host: a folder stands for its root, and programs answer as they are told to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Sequence

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import Root
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support import host
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.archive import (
    CONTENTS,
    items_of,
    packed,
    unpacked,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.collect import (
    NONE,
    Item,
    Limits,
    collect,
    summary,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.sources import (
    SYSTEM_NAMESPACES,
    Sources,
    commands,
)

SOURCES = Sources("/var/lib/k0s", "/usr/local/bin/k0s", "1 hours ago", SYSTEM_NAMESPACES)
WIDE = Limits()
CANARY = "cAnArY-7f3q1-never-seen"


class Host:
    def __init__(self, folder: Path) -> None:
        self.root = Root(str(folder))
        self.folder = folder
        self.outputs: Dict[str, str] = {}
        self.problem = ""

    def write(self, path: str, text: str) -> None:
        target = self.folder / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def run(self, argv: Sequence[str], _timeout: float) -> command.Result:
        if self.problem and argv[0] == "journalctl":
            raise K0sError(self.problem)
        return command.Result(tuple(argv), 0, self.outputs.get(argv[0], ""))

    def collect(self, limits: Limits = WIDE, state: Any = None) -> Dict[str, Item]:
        found = collect(SOURCES, lambda: state or {"node": {}}, limits, self.root, self.run)
        assert len(found) == len({item.name for item in found})
        return {item.name: item for item in found}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    monkeypatch.setattr(command, "find", lambda program: None if program == "ipvsadm" else f"/bin/{program}")
    return Host(tmp_path)


def test_no_planted_secret_leaves_the_host(place: Host) -> None:
    key = f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----\n"
    quoted = rf'n1 k0s[1]: msg="{{\"password\":\"{CANARY}\"}}"'
    place.outputs = {
        "journalctl": f"n1 k0s[1]: --token={CANARY}\nn1 k0s[1]: Authorization: Bearer {CANARY}\n{quoted}\n{key}",
        "systemctl": f'Environment="REGISTRY_PASSWORD={CANARY}"\nEnvironment=HTTPS_PROXY=http://u:{CANARY}@p:3128\n',
        "ps": f"1 0 root S k0s worker --api-key={CANARY}\n",
    }  # fmt: skip
    place.write(
        "/etc/k0s/k0s.yaml", f"spec:\n  extensions:\n    helm:\n      repositories:\n      - password: {CANARY}\n"
    )
    place.write("/etc/k0s/containerd.d/registry.toml", f'[x.auth]\n  password = "{CANARY}"\n')
    place.write("/etc/k0s/certs.d/r:5000/hosts.toml", f'[x.header]\n  Authorization = "Basic {CANARY}"\n')
    place.write("/etc/k0s/k0stoken", CANARY)
    place.write("/var/lib/k0s/pki/ca.key", key)
    place.write("/var/lib/k0s/encryption.cfg", CANARY)
    place.write("/var/log/pods/kube-system_a_1/main/0.log", f"the password is {CANARY}\n")
    found = place.collect(state={"node": {"service": {"environment": {"A_TOKEN": "x"}, "t": f"--token={CANARY}"}}})
    assert CANARY not in repr(found)
    assert "files/etc/k0s/certs.d/r:5000/hosts.toml" in found
    assert "ca.key" in found["folders/var/lib/k0s/pki.txt"].text
    assert found["files/var/log/pods/kube-system_a_1/main/0.log"].text.startswith("the password is")


def test_of_pods_only_the_newest_logs_of_the_clusters_own_are_taken(place: Host) -> None:
    for path in ("kube-system_a_1/main/9.log", "kube-system_a_1/main/10.log", "kube-system_a_1/main/x.gz",
                 "shop_b_2/main/0.log"):  # fmt: skip
        place.write(f"/var/log/pods/{path}", path)
    logs = [name for name in place.collect() if name.startswith("files/var/log/pods")]
    assert logs == ["files/var/log/pods/kube-system_a_1/main/10.log"]


def test_what_cannot_be_had_is_told_and_no_error(place: Host) -> None:
    place.problem = "`journalctl` did not end within 20 s and was stopped"
    found = place.collect()
    assert found["logs/k0scontroller.log"].note == place.problem
    assert found["network/ipvs.txt"].note == NONE
    assert found["files/etc/hosts"].note == NONE


def test_a_state_that_cannot_be_read_is_told(place: Host) -> None:
    def broken() -> Dict[str, Any]:
        raise K0sError("systemctl did not answer")

    found = collect(SOURCES, broken, Limits(), place.root, place.run)
    assert found[0] == Item("k0s/state.json", note="systemctl did not answer")


def test_of_long_logs_the_end_is_kept_and_of_all_else_the_beginning(place: Host) -> None:
    place.outputs = {"journalctl": "".join(f"line {n}\n" for n in range(100)), "ss": "a\n" * 100}
    place.write("/var/log/pods/mke_a_1/main/0.log", "".join(f"log {n}\n" for n in range(100)))
    found = place.collect(Limits(item=80))
    log = found["logs/k0scontroller.log"]
    assert log.text.endswith("line 99\n")
    assert log.text.startswith("line ")
    assert "the end of 790 characters" in log.note
    assert found["network/sockets.txt"].text.startswith("a\na\n")
    pod = found["files/var/log/pods/mke_a_1/main/0.log"]
    assert pod.text.endswith("log 99\n")
    assert "the last 20 of" in pod.note


def test_a_host_has_no_more_than_its_share(place: Host) -> None:
    place.outputs = {"journalctl": "x" * 500}
    found = list(place.collect(Limits(total=800)).values())
    assert sum(len(item.text) for item in found) <= 800
    assert any("at its limit" in item.note for item in found)


def test_every_command_has_a_time_limit_and_its_own_file() -> None:
    listed = commands(SOURCES)
    assert len({item.name for item in listed}) == len(listed)
    assert all(0 < item.timeout <= 30 for item in listed)


def test_what_is_packed_comes_out_again() -> None:
    items = [Item("a/b.txt", "text ü\n"), Item("c.txt", note="why")]
    texts = unpacked(packed(items, 1_800_000_000.5, role="worker"))
    assert items_of(texts) == items
    assert json.loads(texts[CONTENTS])["role"] == "worker"
    assert summary(items) == [("a/b.txt", 7, ""), ("c.txt", 0, "why")]


def test_the_module_tells_as_what_k0s_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: List[Any] = []

    def look(params: Any) -> Dict[str, Any]:
        asked.append(params)
        return {"node": {"running": {"role": "controller"}}}

    def fake(sources: Sources, state: Any, limits: Limits) -> List[Item]:
        state()
        return [Item("x", f"{sources.since} {limits.item} {limits.total} {sources.namespaces[-1]}")]

    monkeypatch.setattr(host, "look", look)
    monkeypatch.setattr(host, "collect", fake)
    params = {"data_dir": "/d", "binary_path": "/b", "since_hours": 2, "item_limit_kib": 1, "limit_mib": 2,
              "namespaces": ["mine"]}  # fmt: skip
    items, about = host.gathered(params)
    assert about == {"running": True, "role": "controller"}
    assert items[0].text == "2 hours ago 1024 2097152 mine"
    assert asked[0]["data_dir"] == "/d"

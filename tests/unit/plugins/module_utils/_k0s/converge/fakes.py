# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host made of real files in a folder, with programs on PATH that record how they are called."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional

from ansible_collections.mke4k.core.plugins.module_utils._k0s import environment
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.machine import Machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.paths import Paths
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import Clock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import (
    BinarySpec,
    BinaryState,
    ConfigState,
    FileState,
    NodeSpec,
    NodeState,
    RunningState,
    ServiceState,
)

VERSION = "v1.33.13+k0s.0"
ME = os.getuid()
MY_GROUP = os.getgid()

_RECORD = """\
#!{python} -IS
import json, os, sys
home = {home!r}
state_path = os.path.join(home, "state.json")
def load():
    with open(state_path) as stream:
        return json.load(stream)
def save(state):
    with open(state_path, "w") as stream:
        json.dump(state, stream)
with open(os.path.join(home, "calls.jsonl"), "a") as stream:
    stream.write(json.dumps([os.path.basename(sys.argv[0]), *sys.argv[1:]]) + "\\n")
args = sys.argv[1:]
state = load()
"""

_SYSTEMCTL = """
verb = args[0]
fail = state["systemctl_fails"].get(verb)
if fail:
    sys.stderr.write(fail + "\\n"); sys.exit(1)
if verb in ("start", "restart"):
    if verb == "restart" or not state["active"]:
        state["pid"] += 1
        state["starts"] += 1
    state["active"] = True
elif verb == "stop":
    state["active"] = False
elif verb in ("enable", "disable"):
    state["enabled"] = verb == "enable"
elif verb == "is-enabled":
    print("enabled" if state["enabled"] else "disabled")
elif verb == "show":
    for line in state["show"]:
        print(line)
save(state)
"""

_K0S = """
verb = args[0]
fail = state["k0s_fails"].get(verb)
if fail:
    sys.stderr.write(fail + "\\n"); sys.exit(1)
if verb == "version":
    print({version!r})
elif verb == "install":
    name = "k0scontroller" if args[1] == "controller" else "k0sworker"
    unit = os.path.join(state["units"], name + ".service")
    if os.path.exists(unit):
        if "--force" not in args:
            sys.stderr.write("Error: failed to install: Init already exists: " + unit + "\\n"); sys.exit(1)
        os.unlink(unit)
        if state["install_breaks"]:
            sys.stderr.write("Error: disk full\\n"); sys.exit(1)
    flags = [item for item in args[2:] if item != "--force"]
    os.makedirs(state["units"], exist_ok=True)
    with open(unit, "w") as stream:
        stream.write("ExecStart=k0s " + args[1] + " " + json.dumps(flags))
    state["enabled"] = True
    save(state)
elif verb == "config":
    path = [item for item in args if item.startswith("--config=")][0][9:]
    with open(path) as stream:
        if "bogus" in stream.read():
            sys.stderr.write('Error: json: unknown field "bogus"\\n'); sys.exit(1)
elif verb == "reset":
    import shutil
    shutil.rmtree(args[1].partition("=")[2], ignore_errors=True)
elif verb == "token":
    exec(state["token_script"])
"""

_JOURNALCTL = """
for line in state["log"]:
    print(line)
"""

_USERADD = """
state["users"].append(args[-1])
save(state)
"""


class FakeTime:
    """A clock that moves only when someone sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.pauses: List[float] = []
        self.on_sleep: List[Any] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds
        for action in self.on_sleep:
            action(self.time)

    @property
    def clock(self) -> Clock:
        return Clock(self.now, self.sleep)


class FakeHost:
    """The host and what its k0s does after a start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root"
        self.bin = folder / "bin"
        self.bin.mkdir(parents=True)
        self.paths = Paths.under(str(self.root))
        (self.root / "run" / "systemd" / "system").mkdir(parents=True)
        self.time = FakeTime()
        self.etcd: Optional[Dict[str, Any]] = None
        self.node: Optional[Dict[str, Any]] = {"ready": True, "reason": "KubeletReady", "message": ""}
        self.never_answers = False
        self.joined_at: List[str] = []
        self.join_answers: List[str] = []
        self.write_state(
            active=False,
            enabled=False,
            pid=100,
            starts=0,
            units=self.paths.systemd_units,
            users=[],
            log=[],
            show=["ActiveState=active", "SubState=running", "NRestarts=0"],
            systemctl_fails={},
            k0s_fails={},
            install_breaks=False,
            token_script="",
        )
        self.program("systemctl", _SYSTEMCTL)
        self.program("journalctl", _JOURNALCTL)
        self.program("useradd", _USERADD)
        self.program("groupadd", _USERADD)

    # what the fakes remember
    def write_state(self, **values: Any) -> None:
        (self.folder / "state.json").write_text(json.dumps(values))

    @property
    def state(self) -> Dict[str, Any]:
        return dict(json.loads((self.folder / "state.json").read_text()))

    def set(self, **values: Any) -> None:
        self.write_state(**{**self.state, **values})

    @property
    def calls(self) -> List[List[str]]:
        path = self.folder / "calls.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def called(self, *start: str) -> List[List[str]]:
        return [call for call in self.calls if call[: len(start)] == list(start)]

    def forget_calls(self) -> None:
        (self.folder / "calls.jsonl").write_text("")

    # programs
    def script(self, body: str, **values: str) -> str:
        head = _RECORD.replace("{python}", sys.executable).replace("{home!r}", repr(str(self.folder)))
        return head + body.replace("{version!r}", repr(values.get("version", VERSION)))

    def program(self, name: str, body: str) -> None:
        path = self.bin / name
        path.write_text(self.script(body))
        path.chmod(0o755)

    def k0s(self, version: str = VERSION) -> bytes:
        """The bytes of a k0s binary."""
        return self.script(_K0S, version=version).encode()

    def k0s_file(self, name: str = "k0s-download", version: str = VERSION) -> Path:
        path = self.folder / name
        path.write_bytes(self.k0s(version))
        return path

    def binary_spec(self, version: str = VERSION, **values: str) -> BinarySpec:
        data = self.k0s(version)
        given = {"sha256": hashlib.sha256(data).hexdigest(), "path": self.paths_of("/usr/local/bin/k0s"), **values}
        if not given.get("url") and "staged" not in given:
            given["staged"] = str(self.k0s_file(version=version))
        return BinarySpec(**given)

    def paths_of(self, path: str) -> str:
        return str(self.root) + path

    def spec(self, role: str = "controller", version: str = VERSION, **values: Any) -> NodeSpec:
        given: Dict[str, Any] = {
            "role": role,
            "version": version,
            "binary": self.binary_spec(version),
            "data_dir": self.paths_of("/var/lib/k0s"),
            "config": "" if role == "worker" else "spec: {storage: {type: kine}}\n",
            **values,
        }
        return NodeSpec(**given)

    @property
    def machine(self) -> Machine:
        return Machine(
            read_state=self.read_state,
            read_progress=lambda spec, _with_api: self.read_state(spec),
            read_before=lambda: {"links": ["lo"]},
            paths=self.paths,
            clock=self.time.clock,
            join_lacks=self._join_lacks,
        )

    def _join_lacks(self, address: str, _data_dir: str) -> str:
        self.joined_at.append(address)
        return self.join_answers.pop(0) if self.join_answers else ""

    # what is, read from the files
    def read_state(self, spec: NodeSpec) -> NodeState:
        known = [item.path for part in (spec.files, spec.shared_files, spec.directories) for item in part]
        service = self._service(spec)
        running = self._running(spec, service)
        joined = os.path.exists(os.path.join(spec.data_dir, "joined"))
        if running is not None and not joined:
            os.makedirs(spec.data_dir, exist_ok=True)
            Path(spec.data_dir, "joined").write_text("")
            joined = True
        return NodeState(
            hostname="n1",
            binary=self._binary(spec),
            service=service,
            running=running,
            config=self._config(),
            files={path: self._file(path) for path in known if os.path.exists(path)},
            joined=joined,
            restart_pending=self.pending,
            ready=running is not None and bool(self.node and self.node["ready"]),
            etcd=self.etcd,
            node=self.node if running else None,
        )

    @property
    def pending(self) -> bool:
        return bool(self.state.get("pending"))

    def _binary(self, spec: NodeSpec) -> Optional[BinaryState]:
        if not os.path.exists(spec.binary.path):
            return None
        try:
            recorded = json.loads(Path(self.paths.receipt).read_text())["binary"]
        except (FileNotFoundError, ValueError, KeyError):
            recorded = {}
        sha256 = hashlib.sha256(Path(spec.binary.path).read_bytes()).hexdigest()
        known = recorded.get("sha256") == sha256
        return BinaryState(spec.binary.path, sha256, recorded["version"] if known else "")

    def _service(self, spec: NodeSpec) -> Optional[ServiceState]:
        for name in ("k0scontroller", "k0sworker"):
            unit = Path(self.paths.systemd_units, f"{name}.service")
            if unit.exists():
                flags = json.loads(unit.read_text().split(" ", 2)[2])
                text = Path(self.paths.environment).read_text() if Path(self.paths.environment).exists() else ""
                state = self.state
                return ServiceState(
                    name,
                    enabled=state["enabled"],
                    active=state["active"],
                    arguments=tuple(flags),
                    environment=environment.parse_systemd(text),
                )
        return None

    def _running(self, spec: NodeSpec, service: Optional[ServiceState]) -> Optional[RunningState]:
        if service is None or not service.active or self.never_answers:
            return None
        return RunningState(
            self.version_on_disk(spec),
            "controller" if service.name == "k0scontroller" else "worker",
            self.state["pid"],
            started_at=1.0 + self.state["starts"],
            single_node="--single=true" in service.arguments,
            data_dir=spec.data_dir,
            connected=True,
            cluster_config={"spec": {"storage": {"type": "etcd" if self.etcd else "kine"}}},
        )

    def version_on_disk(self, spec: NodeSpec) -> str:
        text = Path(spec.binary.path).read_text()
        return text.split("print('")[1].split("'")[0]

    def _config(self) -> Optional[ConfigState]:
        path = Path(self.paths.config)
        if not path.exists():
            return None
        return ConfigState(str(path), hashlib.sha256(path.read_bytes()).hexdigest())

    @staticmethod
    def _file(path: str) -> FileState:
        now = os.stat(path)
        digest = "" if os.path.isdir(path) else hashlib.sha256(Path(path).read_bytes()).hexdigest()
        return FileState(path, digest, f"{stat.S_IMODE(now.st_mode):04o}", "root", "root")

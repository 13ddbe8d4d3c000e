# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host below a folder, whose kernel and programs are played."""

from __future__ import annotations

import errno
import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.command import Result
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.paths import Paths
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import Clock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import Root
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import kernel, netlink
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.before import Before
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.host import Host
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import Target


def names(changes: Sequence[Change]) -> List[str]:
    return [change.target for change in changes]


@dataclass
class FakeTime:
    now: float = 0.0
    on_sleep: List[Callable[[float], None]] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        for call in self.on_sleep:
            call(self.now)

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.now, self.sleep)


class FakePrograms:
    """Answers by the beginning of the command line; all others succeed and print nothing."""

    def __init__(self) -> None:
        self.calls: List[List[str]] = []
        self.inputs: List[str] = []
        nothing = "Id=k0sworker.service\nActiveState=inactive\nLoadState=not-found\n"
        self.answers: Dict[Tuple[str, ...], Any] = {("systemctl", "show"): (0, nothing, "")}

    def __call__(self, argv: Sequence[str], timeout: float, text: str = "") -> Result:
        del timeout
        self.calls.append([os.path.basename(argv[0]), *argv[1:]])
        self.inputs.append(text)
        words = tuple(self.calls[-1])
        known = [key for key in self.answers if words[: len(key)] == key]
        answer = self.answers[max(known, key=len)] if known else (0, "", "")
        if callable(answer):
            answer = answer(words)
        return Result(tuple(argv), *answer)

    def called(self, *words: str) -> List[List[str]]:
        return [call for call in self.calls if call[: len(words)] == list(words)]


class FakeKernel:
    """The answers to netlink requests, as the real kernel gives them."""

    def __init__(self) -> None:
        self.links: Dict[int, Tuple[str, int]] = {}
        self.routes: List[bytes] = []
        self.sets: List[str] = []
        self.tables: List[Tuple[int, str]] = []
        self.refuses: Dict[int, int] = {}
        self.lacks = False

    def send(self, family: int, kind: int, flags: int, body: bytes) -> List[Tuple[int, bytes]]:
        del flags
        if self.lacks and family == netlink.NETFILTER:
            raise OSError(errno.EINVAL, "Invalid argument")
        if kind in self.refuses:
            raise OSError(self.refuses[kind], os.strerror(self.refuses[kind]))
        answer: Optional[List[Tuple[int, bytes]]] = {
            18: self._links, 17: self._unlink, 26: lambda _body: [(24, route) for route in self.routes],
            25: self._unroute, 0x607: self._list_sets, 0x603: self._unset, 0xA01: self._list_tables,
        }[kind](body)  # fmt: skip
        return answer or []

    def _links(self, _body: bytes) -> List[Tuple[int, bytes]]:
        return [
            (16, struct.pack("=BxHiII", 0, 0, index, 0, 0)
             + netlink.attribute(3, name.encode() + b"\0") + netlink.attribute(10, struct.pack("=I", master)))
            for index, (name, master) in self.links.items()
        ]  # fmt: skip

    def _unlink(self, body: bytes) -> None:
        index = struct.unpack_from("=BxHiII", body)[2]
        if index not in self.links:
            raise OSError(errno.ENODEV, "No such device")
        del self.links[index]

    def _unroute(self, body: bytes) -> None:
        self.routes.remove(body)

    def _list_sets(self, _body: bytes) -> List[Tuple[int, bytes]]:
        return [(0x607, b"\2\0\0\0" + netlink.attribute(2, name.encode() + b"\0")) for name in self.sets]

    def _unset(self, body: bytes) -> None:
        self.sets.remove(netlink.text(netlink.attributes(body[4:])[2]))

    def _list_tables(self, _body: bytes) -> List[Tuple[int, bytes]]:
        return [
            (0xA00, struct.pack("=BBH", family, 0, 0) + netlink.attribute(1, name.encode() + b"\0"))
            for family, name in self.tables
        ]

    def remove_tables(self, messages: List[Tuple[int, int, bytes]]) -> None:
        for kind, _flags, body in messages:
            assert kind == 0xA02
            self.tables.remove((body[0], netlink.text(netlink.attributes(body[4:])[1])))


class FakeHost:
    """`host` is what parts get. Everything below `folder` is the host's file system."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.time = FakeTime()
        self.programs = FakePrograms()
        self.kernel = FakeKernel()
        self.killed: List[Tuple[int, int]] = []
        self.before = Before()
        self.target = Target(grace=1.0)
        self.on_signal: Callable[[int, int], None] = lambda _pid, _number: None
        self.complaints: Dict[Tuple[str, str], str] = {}

    @property
    def host(self) -> Host:
        return Host(
            target=self.target,
            before=self.before,
            paths=Paths.under(str(self.folder)),
            root=Root(str(self.folder)),
            kernel=kernel.Kernel(self.kernel.send, self.kernel.remove_tables),
            clock=self.time.clock,
            run=self.programs,
            signal=self._signal,
            own_pid=0,
            complaints=self.complaints,
        )

    def _signal(self, pid: int, number: int) -> None:
        self.killed.append((pid, number))
        self.on_signal(pid, number)

    def write(self, path: str, text: str = "") -> Path:
        place = Path(f"{self.folder}{path}")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        return place

    def make(self, *paths: str) -> None:
        for path in paths:
            Path(f"{self.folder}{path}").mkdir(parents=True, exist_ok=True)

    def has(self, path: str) -> bool:
        return os.path.lexists(f"{self.folder}{path}")

    def process(self, pid: int, name: str, group: str, *argv: str, parent: int = 1, start: int = 5) -> None:
        """As /proc shows it. Its program is the first word of its command line."""
        base = f"/proc/{pid}"
        self.write(f"{base}/stat", f"{pid} ({name}) S {parent} {' '.join(['0'] * 17)} {start} 0\n")
        self.write(f"{base}/comm", f"{name}\n")
        self.write(f"{base}/cmdline", "\0".join(argv) + "\0")
        self.write(f"{base}/cgroup", f"0::{group}\n")
        self.link(f"{base}/exe", argv[0] if argv else "/bin/true")
        self.link(f"{base}/ns/pid", "pid:[1]")

    def link(self, path: str, to: str) -> None:
        place = Path(f"{self.folder}{path}")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(to)

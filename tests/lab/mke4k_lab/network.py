# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's network: a namespace of its own with a bridge, and no way out of it."""

from __future__ import annotations

import contextlib
import ctypes
import os
from pathlib import Path
from typing import Iterator, List, Sequence

from .errors import LabError
from .plan import GATEWAY
from .run import run

BRIDGE = "labbr0"
NAMESPACES = Path("/run/netns")
CLONE_NEWNET = 0x40000000


def namespace(lab: str) -> str:
    return f"mke4k-lab-{lab}"


def namespace_file(lab: str) -> Path:
    return NAMESPACES / namespace(lab)


def exists(lab: str) -> bool:
    """Whether the namespace is there; after a reboot of the machine it is not."""
    return namespace_file(lab).exists()


def ensure(lab: str) -> None:
    """The namespace with its bridge; made again when an interrupted run left half of it."""
    name = namespace(lab)
    if exists(lab):
        if f" {GATEWAY}/" in run(["ip", "-n", name, "-o", "address", "show"]):
            return
        remove(lab)
    run(["ip", "netns", "add", name], what="Making the lab's network namespace")
    for command in (
        ["link", "set", "lo", "up"],
        ["link", "add", BRIDGE, "type", "bridge"],
        ["link", "set", BRIDGE, "up"],
        ["address", "add", f"{GATEWAY}/24", "dev", BRIDGE],
    ):
        run(["ip", "-n", name, *command], what="Making the lab's network")


def remove(lab: str) -> None:
    if exists(lab):
        run(["ip", "netns", "delete", namespace(lab)], what="Removing the lab's network namespace")


def entered(lab: str, command: Sequence[str]) -> List[str]:
    """The command line that runs `command` in the namespace.

    Not `ip netns exec`: that mounts a new /sys, without the cgroups that systemd-nspawn wants to see.
    """
    return ["nsenter", f"--net={namespace_file(lab)}", *command]


def replace_process(lab: str, command: Sequence[str]) -> None:
    """Becomes the command, in the namespace; does not return."""
    line = entered(lab, command)
    os.execvp(line[0], line)  # noqa: S606


@contextlib.contextmanager
def joined(lab: str) -> Iterator[None]:
    """This thread's new sockets are in the namespace, until the end of the block."""
    with Path("/proc/thread-self/ns/net").open("rb") as own, namespace_file(lab).open("rb") as other:
        _join(other.fileno())
        try:
            yield
        finally:
            _join(own.fileno())


def _join(descriptor: int) -> None:
    # os.setns is there from Python 3.12 on.
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, CLONE_NEWNET) != 0:
        raise LabError(f"The lab's network namespace could not be entered: {os.strerror(ctypes.get_errno())}.")

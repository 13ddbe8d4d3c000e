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
from .plan import GATEWAY, OPERATORS_ADDRESS
from .run import run

BRIDGE = "labbr0"
OPERATORS = "operators"
NAMESPACES = Path("/run/netns")
CLONE_NEWNET = 0x40000000


def namespace(lab: str, part: str = "") -> str:
    """The name of the lab's namespace, or of the one for a part of it (no lab's name has a dot)."""
    return f"mke4k-lab-{lab}.{part}" if part else f"mke4k-lab-{lab}"


def namespace_file(lab: str, part: str = "") -> Path:
    return NAMESPACES / namespace(lab, part)


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


def ensure_operators(lab: str) -> None:
    """A second namespace on the bridge, for the stand-in operators; made anew with the lab's."""
    name, own = namespace(lab), namespace(lab, OPERATORS)
    if namespace_file(lab, OPERATORS).exists():
        if f" {OPERATORS_ADDRESS}/" in run(["ip", "-n", own, "-o", "address", "show"]):
            return
        run(["ip", "netns", "delete", own], what="Removing half of the operators' network")
    run(["ip", "netns", "add", own], what="Making the operators' network namespace")
    for command in (
        ["-n", name, "link", "add", OPERATORS, "type", "veth", "peer", "name", "host0", "netns", own],
        ["-n", name, "link", "set", OPERATORS, "master", BRIDGE, "up"],
        ["-n", own, "link", "set", "lo", "up"],
        ["-n", own, "link", "set", "host0", "up"],
        ["-n", own, "address", "add", f"{OPERATORS_ADDRESS}/24", "dev", "host0"],
    ):
        run(["ip", *command], what="Making the operators' network")


def remove(lab: str) -> None:
    for part in (OPERATORS, ""):
        if namespace_file(lab, part).exists():
            run(["ip", "netns", "delete", namespace(lab, part)], what="Removing the lab's network namespace")


def entered(lab: str, command: Sequence[str], part: str = "") -> List[str]:
    """The command line that runs `command` in the namespace.

    Not `ip netns exec`: that mounts a new /sys, without the cgroups that systemd-nspawn wants to see.
    """
    return ["nsenter", f"--net={namespace_file(lab, part)}", *command]


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

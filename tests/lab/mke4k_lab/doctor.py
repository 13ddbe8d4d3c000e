# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine lacks to run the lab, and putting it there where that is possible."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Dict, List, Set

from . import golang
from .errors import LabError
from .run import run
from .say import say

# program → Debian package
NEEDED: Dict[str, str] = {
    "systemd-nspawn": "systemd-container",
    "mmdebstrap": "mmdebstrap",
    "ip": "iproute2",
    "nsenter": "util-linux",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "mount": "mount",
    "chroot": "coreutils",
}
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def problems() -> List[str]:
    """Everything that is missing, each with what to do; empty when the lab can run."""
    if not sys.platform.startswith("linux"):
        return ["This is not Linux: the hosts are systemd-nspawn containers. Use a Linux machine or virtual machine."]
    found = [f"The program {program} is missing: install the Debian package {NEEDED[program]}." for program in absent()]
    if not KEYRING.exists():
        found.append("Debian's signing keys are missing: install the package debian-archive-keyring.")
    if os.geteuid() != 0:
        found.append("This is not root: the lab mounts, makes namespaces and cgroups. Use sudo.")
    elif not may_mount(Path("/proc/self/status").read_text(encoding="utf-8")):
        found.append(
            "This root may not mount (no CAP_SYS_ADMIN, as in a container): use a machine or a virtual machine."
        )
    if not any("\toverlay" in line for line in _filesystems()):
        found.append("The kernel has no overlay file system: load the module, `modprobe overlay`.")
    if not Path("/sys/fs/cgroup").is_dir() or not any(Path("/sys/fs/cgroup").iterdir()):
        found.append("No cgroups are mounted at /sys/fs/cgroup.")
    if not golang.installed():
        found.append(f"Go is missing: {golang.WHERE_FROM}.")
    return found


def absent() -> List[str]:
    """The programs that are not in PATH."""
    return [program for program in NEEDED if shutil.which(program) is None]


def may_mount(status: str) -> bool:
    """Whether a process with this /proc/PID/status has CAP_SYS_ADMIN."""
    effective = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:"))
    return bool(int(effective, 16) >> 21 & 1)


def require() -> None:
    """Stops with all problems at once."""
    found = problems()
    if found:
        raise LabError("The lab can't run here:\n" + "\n".join(f"  - {problem}" for problem in found))


def install_packages() -> None:
    """Installs the missing Debian packages where this is root on a machine with apt."""
    packages: Set[str] = {NEEDED[program] for program in absent()}
    if not KEYRING.exists():
        packages.add("debian-archive-keyring")
    if not golang.installed():
        packages.add("golang-go")
    if not packages or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    say(f"installing {', '.join(sorted(packages))} …")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update"], env=env, what="Updating the package lists")
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *sorted(packages)]
    run(command, env=env, what="Installing packages")


def _filesystems() -> List[str]:
    return Path("/proc/filesystems").read_text(encoding="utf-8").splitlines()

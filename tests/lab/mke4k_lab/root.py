# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Debian root that all hosts share: made once by mmdebstrap, kept in the cache under the digest of its recipe."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import List

from .errors import LabError
from .files import building, remove, sha256_of_folder
from .paths import LAB_FOLDER
from .run import run
from .say import say

SUITE = "bookworm"
PACKAGES = (
    "systemd",
    "systemd-sysv",
    "dbus",
    "openssh-server",
    "python3",
    "iproute2",
    "iptables",
    "sudo",
    "ca-certificates",
    "kmod",
    "procps",
    "curl",
    "runc",
    "conntrack",
    "socat",
    "ebtables",
    "jq",
    "containernetworking-plugins",
)
# What would touch the machine's devices or clocks, or only costs boot time.
MASKED = (
    "apt-daily-upgrade.timer",
    "apt-daily.timer",
    "console-getty.service",
    "containerd.service",
    "dpkg-db-backup.timer",
    "e2scrub_all.timer",
    "fstrim.timer",
    "getty@.service",
    "logrotate.timer",
    "man-db.timer",
    "proc-sys-fs-binfmt_misc.automount",
    "sys-kernel-debug.mount",
    "sys-kernel-tracing.mount",
    "systemd-binfmt.service",
    "systemd-modules-load.service",
    "systemd-networkd-wait-online.service",
    "systemd-networkd.service",
    "systemd-networkd.socket",
    "systemd-random-seed.service",
    "systemd-resolved.service",
    "systemd-sysctl.service",
    "systemd-timesyncd.service",
    "systemd-udev-trigger.service",
    "systemd-udevd-control.socket",
    "systemd-udevd-kernel.socket",
    "systemd-udevd.service",
)
CNI_PLUGINS = ("bridge", "host-local", "loopback", "portmap")
PROGRAMS = (
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubectl",
    "kubelet",
    "etcd",
    "containerd",
    "containerd-shim",
    "containerd-shim-runc-v2",
)
BINARIES_IN_HOST = "/usr/local/lib/k0s-bin"
SUDO_PASSWORD = "labpw"
REMOVED = (
    "usr/share/doc",
    "usr/share/man",
    "usr/share/locale",
    "usr/lib/cni",
    "etc/machine-id",
    "var/lib/dbus/machine-id",
)


def recipe_key(tree: str, public_key: str) -> str:
    """The digest of everything that decides how the root looks."""
    parts = [SUITE, PACKAGES, MASKED, CNI_PLUGINS, PROGRAMS, BINARIES_IN_HOST, SUDO_PASSWORD, REMOVED]
    return hashlib.sha256(json.dumps([*parts, tree, public_key]).encode()).hexdigest()[:16]


def ensure_key(key: Path) -> str:
    """The lab's SSH key, made on first use; returns its public half."""
    public = key.with_suffix(".pub")
    with building(key.parent) as work:
        if not public.exists():
            remove(key.parent)
            work.mkdir(mode=0o700)
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "mke4k-lab", "-f", str(work / key.name)]
            run(command, what="Making the lab's SSH key")
    return public.read_text(encoding="utf-8")


def root_folder(cache: Path, public_key: str) -> Path:
    """Where the root for the present recipe is, made or not."""
    return cache / f"root-{recipe_key(sha256_of_folder(LAB_FOLDER / 'root'), public_key)}"


def ensure_root(cache: Path, public_key: str) -> Path:
    """The cached root; made now when it is not there (about half a minute)."""
    root = root_folder(cache, public_key)
    with building(root) as work:
        if not root.exists():
            say(f"making the hosts' Debian root in {root} …")
            _debian(work)
            _customise(work, public_key)
    return root


def _debian(work: Path) -> None:
    mirror = os.environ.get("MKE4K_LAB_DEBIAN_MIRROR", "")
    command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(PACKAGES)}", *_proxy()]
    command += [SUITE, str(work)]
    run([*command, mirror] if mirror else command, what="Making the Debian root")


def _proxy() -> List[str]:
    """The machine's own apt proxy, which mmdebstrap does not take over by itself."""
    if shutil.which("apt-config") is None:
        return []
    lines = run(["apt-config", "dump", "--format", "%f=%v%n", "Acquire::http"]).splitlines()
    found = dict(line.split("=", 1) for line in lines if "=" in line)
    proxy = found.get("Acquire::http::Proxy", "")
    return [f'--aptopt=Acquire::http::Proxy "{proxy}"'] if proxy else []


def _customise(root: Path, public_key: str) -> None:
    plugins = root / "opt/cni/bin"
    plugins.mkdir(parents=True)
    for plugin in CNI_PLUGINS:
        shutil.copy2(root / "usr/lib/cni" / plugin, plugins / plugin)
    for name in REMOVED:
        remove(root / name)
    for cached in (root / "var/lib/apt/lists").iterdir():
        remove(cached)
    shutil.copytree(LAB_FOLDER / "root", root, dirs_exist_ok=True)
    (root / "etc/sudoers.d/lab").chmod(0o440)
    (root / "etc/cni/net.d").mkdir(parents=True, exist_ok=True)
    units = root / "etc/systemd/system"
    for unit in MASKED:
        link = units / unit
        link.unlink(missing_ok=True)
        link.symlink_to("/dev/null")
    wants = units / "sysinit.target.wants"
    wants.mkdir(exist_ok=True)
    (wants / "lab-init.service").symlink_to("../lab-init.service")
    (root / BINARIES_IN_HOST.lstrip("/")).mkdir(parents=True)
    for program in PROGRAMS:
        (root / "usr/local/bin" / program).symlink_to(f"../lib/k0s-bin/{program}")
    _users(root, public_key)


def _users(root: Path, public_key: str) -> None:
    for user in ("ops", "opspw"):
        run(["chroot", str(root), "useradd", "-m", "-s", "/bin/bash", user], what=f"Making the user {user}")
    run(["chroot", str(root), "chpasswd"], text=f"opspw:{SUDO_PASSWORD}\n", what="Setting the password of opspw")
    run(["chroot", str(root), "ssh-keygen", "-A"], what="Making the hosts' SSH keys")
    for user, home in (("root", "root"), ("ops", "home/ops"), ("opspw", "home/opspw")):
        folder = root / home / ".ssh"
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / "authorized_keys").write_text(public_key, encoding="utf-8")
        run(["chroot", str(root), "chown", "-R", f"{user}:{user}", f"/{home}"], what=f"Giving {user} its home")


def require_linux_root() -> None:
    """The lab needs namespaces, mounts and cgroups of a Linux machine."""
    if not hasattr(os, "geteuid") or not Path("/proc/self/ns/net").exists():
        raise LabError("The lab runs on Linux only: its hosts are systemd-nspawn containers.")
    if os.geteuid() != 0:
        raise LabError("The lab needs root (it mounts, makes namespaces and cgroups). Run it with sudo.")

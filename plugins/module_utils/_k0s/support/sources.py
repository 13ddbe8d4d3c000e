# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is collected on a host: commands, files, folders. Never keys, tokens or the data of etcd.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple


@dataclass(frozen=True)
class Command:
    """A command whose output is kept. Of a `log` that is too long the end is kept, of all else the beginning."""

    name: str
    argv: Tuple[str, ...]
    log: bool = False
    timeout: float = 20.0


@dataclass(frozen=True)
class Sources:
    """`since` is for logs, such as `24 hours ago`; `namespaces` are those whose pods' logs are taken from the disk."""

    data_dir: str
    binary: str
    since: str
    namespaces: Tuple[str, ...]


# Namespaces whose pods belong to the cluster itself, and not to its users.
SYSTEM_NAMESPACES = (
    "kube-system", "kube-public", "kube-node-lease", "calico-system", "calico-apiserver", "tigera-operator", "k0rdent",
    "kcm-system", "kof", "mke", "projectsveltos", "cert-manager", "flux-system", "k0s-autopilot", "velero",
)  # fmt: skip


def commands(sources: Sources) -> Tuple[Command, ...]:
    """By the name of the file that their output is kept in."""
    journal = ("journalctl", "--no-pager", "--output=short-iso", f"--since={sources.since}")
    return (
        Command("logs/k0scontroller.log", (*journal, "--unit=k0scontroller.service"), log=True),
        Command("logs/k0sworker.log", (*journal, "--unit=k0sworker.service"), log=True),
        Command("logs/kernel.log", (*journal, "--dmesg", "--lines=1000"), log=True),
        Command("logs/errors-of-all-services.log", (*journal, "--priority=err", "--lines=500"), log=True),
        Command("units/status.txt", ("systemctl", "status", "--no-pager", "--lines=20", "k0scontroller", "k0sworker")),
        Command("units/text.txt", ("systemctl", "cat", "--no-pager", "k0scontroller", "k0sworker")),
        Command("units/failed.txt", ("systemctl", "list-units", "--failed", "--no-pager", "--plain")),
        Command("k0s/version.txt", (sources.binary, "version", "--all")),
        Command("k0s/sysinfo.txt", (sources.binary, "sysinfo", "--data-dir", sources.data_dir)),
        Command("k0s/containers.txt", (sources.binary, "ctr", "--namespace", "k8s.io", "containers", "list")),
        Command("k0s/tasks.txt", (sources.binary, "ctr", "--namespace", "k8s.io", "tasks", "list")),
        Command("k0s/images.txt", (sources.binary, "ctr", "--namespace", "k8s.io", "images", "list", "--quiet")),
        Command("system/uname.txt", ("uname", "-a")),
        Command("system/uptime.txt", ("uptime",)),
        Command("system/clock.txt", ("timedatectl", "--no-pager")),
        Command("system/memory.txt", ("free", "-m")),
        Command("system/processes.txt", ("ps", "-eo", "pid,ppid,user,stat,lstart,rss,pcpu,args", "--sort=pid", "-ww")),
        Command("disks/space.txt", ("df", "-PTh")),
        Command("disks/inodes.txt", ("df", "-Pi")),
        Command("disks/devices.txt", ("lsblk",)),
        Command("disks/k0s.txt", ("du", "-xh", "--max-depth=1", sources.data_dir)),
        Command("network/addresses.txt", ("ip", "addr")),
        Command("network/links.txt", ("ip", "-d", "link")),
        Command("network/routes.txt", ("ip", "route", "show", "table", "all")),
        Command("network/rules.txt", ("ip", "rule")),
        Command("network/sockets.txt", ("ss", "-lntup")),
        Command("network/iptables.txt", ("iptables-save", "-c")),
        Command("network/nftables.txt", ("nft", "list", "ruleset")),
        Command("network/ipvs.txt", ("ipvsadm", "-Ln")),
    )


FILES = (
    "/etc/os-release", "/etc/hosts", "/etc/resolv.conf", "/etc/fstab", "/proc/meminfo", "/proc/mounts", "/proc/modules",
    "/proc/loadavg", "/proc/pressure/cpu", "/proc/pressure/io", "/proc/pressure/memory", "/etc/k0s/k0s.yaml",
    "/etc/k0s/mke4k.json", "/etc/k0s/containerd.toml",
)  # fmt: skip
# All files of these folders with these endings.
FOLDERS = (("/etc/k0s/containerd.d", ".toml"), ("/etc/cni/net.d", ""), ("/etc/k0s/certs.d", ".toml"))
# Only names, sizes, owners and times of what is below.
LISTED = ("/etc/k0s", "{data_dir}", "{data_dir}/pki", "{data_dir}/pki/etcd", "{data_dir}/manifests",
          "{data_dir}/images", "{data_dir}/bin", "/run/k0s", "/opt/cni/bin", "/var/log/pods")  # fmt: skip

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps what a host is in a file on it (`save FILE`), and tells as JSON what became different (`compare FILE`).

It looks at all that a reset has to leave as it was. None of the collection's code takes part.
"""

from __future__ import annotations

import grp
import hashlib
import json
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterator, List

# Nothing lasts in these, or the kernel makes them up.
NOT_FILES = ("/proc", "/sys", "/dev")
# Below /etc and where units are, the content counts too.
CONTENT = ("/etc/", "/usr/lib/systemd/", "/lib/systemd/", "/usr/local/", "/opt/")
LARGEST = 1 << 20
# Counters, and what names a boot or a process.
MOVING = re.compile(
    r"^(fs/(dentry-state|file-nr|inode-nr|inode-state|quota/|aio-nr|binfmt_misc)|kernel/(ns_last_pid|pty/nr|random/|sched_domain"
    r"|perf_event|threads-max)|net/netfilter/nf_conntrack_count|net/ipv4/tcp_fastopen_key|debug/)"
)
COUNTERS = re.compile(r" ?\[\d+:\d+\]")
PROGRAMS = ("iptables-nft-save", "iptables-legacy-save", "ip6tables-nft-save", "ip6tables-legacy-save")


def main() -> None:
    verb, place = sys.argv[1:]
    now = state(place)
    if verb == "save":
        Path(place).write_text(json.dumps(now), encoding="utf-8")
        return
    before: Dict[str, List[str]] = json.loads(Path(place).read_text(encoding="utf-8"))
    different: List[str] = []
    for aspect, lines in now.items():
        old, new = set(before[aspect]), set(lines)
        different += [f"{aspect}: gone: {line}" for line in sorted(old - new)]
        different += [f"{aspect}: new: {line}" for line in sorted(new - old)]
    print(json.dumps(different))


def state(own: str) -> Dict[str, List[str]]:
    """Each aspect as lines that can be compared; `own` is the file that it is kept in."""
    return {
        "files": sorted(line for line in files() if not line.startswith(f"{own} ")),
        "units": output("systemctl", "list-unit-files", "--no-pager", "--no-legend"),
        "users": sorted(":".join(str(part) for part in entry) for entry in pwd.getpwall()),
        "groups": sorted(f"{entry.gr_name}:{entry.gr_gid}:{','.join(entry.gr_mem)}" for entry in grp.getgrall()),
        "mounts": sorted(mounts()),
        "links": sorted(os.listdir("/sys/class/net")),
        "routes": routes(),
        "rules": rules(),
        "ipsets": output("ipset", "list", "-name"),
        "ipvs": text("/proc/net/ip_vs").splitlines(),
        "settings": sorted(settings()),
        "modules": sorted(line.split()[0] for line in text("/proc/modules").splitlines()),
        "cgroups": sorted(cgroups()),
        "hosts": text("/etc/hosts").splitlines(),
        "processes": sorted(processes()),
    }


def text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def output(*argv: str) -> List[str]:
    program = shutil.which(argv[0])
    if program is None:
        return []
    done = subprocess.run([program, *argv[1:]], capture_output=True, text=True, timeout=60, check=False)
    return [line.rstrip() for line in done.stdout.splitlines()]


def files() -> Iterator[str]:
    """Path, kind, mode and owner, and a digest where the content counts."""
    for folder, names, others in os.walk("/"):
        names[:] = [name for name in names if os.path.join(folder, name) not in NOT_FILES]
        for name in [*names, *others]:
            path = os.path.join(folder, name)
            try:
                now = os.lstat(path)
            except FileNotFoundError:
                continue
            yield f"{path} {stat.filemode(now.st_mode)} {now.st_uid}:{now.st_gid}{content(path, now)}"


def content(path: str, now: os.stat_result) -> str:
    if stat.S_ISLNK(now.st_mode):
        return f" -> {os.readlink(path)}"
    if not stat.S_ISREG(now.st_mode) or not path.startswith(CONTENT) or now.st_size > LARGEST:
        return ""
    return f" {hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]}"


def mounts() -> Iterator[str]:
    for line in text("/proc/self/mounts").splitlines():
        device, path, kind = line.split()[:3]
        yield f"{path} {kind} {device}"


def routes() -> List[str]:
    found = output("ip", "-4", "route", "show", "table", "all") + output("ip", "-6", "route", "show", "table", "all")
    rules_of_routing = output("ip", "-4", "rule") + output("ip", "-6", "rule")
    # Neighbours give routes of IPv6 a time to live.
    return sorted(re.sub(r" expires \d+sec| hoplimit \d+", "", line) for line in found + rules_of_routing)


def rules() -> List[str]:
    """Tables, chains with their policies, and rules, without counters."""
    found: List[str] = []
    for program in PROGRAMS:
        table = ""
        for line in output(program):
            if line.startswith("*"):
                table = line
            if line and line[0] in "*:-":
                found.append(f"{program} {table} {COUNTERS.sub('', line)}")
    return found


def settings() -> Iterator[str]:
    base = "/proc/sys"
    for folder, _names, others in os.walk(base):
        for name in others:
            path = os.path.join(folder, name)
            if not MOVING.match(os.path.relpath(path, base)) and os.stat(path).st_mode & stat.S_IRUSR:
                yield f"{os.path.relpath(path, base)} = {' '.join(text(path).split())}"


def cgroups() -> Iterator[str]:
    """Groups by hierarchy; those of sessions come and go."""
    base = "/sys/fs/cgroup"
    for folder, _names, _others in os.walk(base):
        path = os.path.relpath(folder, base)
        if not re.search(r"\.scope$|/user@|/user-\d+\.slice|/run-|\.mount$|\.device$", path):
            yield path


def processes() -> Iterator[str]:
    """Programs that run, without those of this very visit."""
    table: Dict[int, int] = {}
    names: Dict[int, str] = {}
    for entry in os.listdir("/proc"):
        status = text(f"/proc/{entry}/status") if entry.isdigit() else ""
        fields = dict(line.partition(":\t")[::2] for line in status.splitlines())
        if fields.get("PPid", "").strip().isdigit() and text(f"/proc/{entry}/cmdline"):
            table[int(entry)] = int(fields["PPid"])
            names[int(entry)] = fields["Name"].strip()
    own, pid = set(), os.getpid()
    while pid in table and pid not in own:
        own.add(pid)
        pid = table[pid]
    visits = {"sshd", "sshd-session", "sudo", "sh", "bash", "python3", "sftp-server", "systemctl"}
    yield from (name for pid, name in names.items() if pid not in own and name not in visits)


if __name__ == "__main__":
    main()

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk of a host: the shared root below, an overlay of its own above, and real folders where containerd works.

/var/lib and /opt are not on the overlay: containerd makes overlays there, and an overlay can't carry another's upper
folder. They are whole folders, so that `k0s reset` can remove its data folder as it does on a real host.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Dict, List

from . import firewall
from .paths import LAB_FOLDER, LabPaths
from .plan import GATEWAY, HostPlan, Plan
from .run import run

PLAIN_FOLDERS = ("var/lib", "opt")
CONTAINERD_CONFIG = LAB_FOLDER / "root/usr/local/share/lab/containerd.toml"
MOUNTS = Path("/proc/self/mountinfo")


def root_of(paths: LabPaths, host: str) -> Path:
    """The host's root as it sees it (without /var/lib and /opt)."""
    return paths.hosts / host / "root"


def binds(paths: LabPaths, host: HostPlan) -> List[str]:
    """The host's real folders, as `FOLDER:/path`."""
    return [f"{_plain(paths, host.name, folder)}:/{folder}" for folder in PLAIN_FOLDERS]


def make(paths: LabPaths, base: Path, host: HostPlan, plan: Plan) -> None:
    """A fresh disk for the host, from the cached root."""
    home = paths.hosts / host.name
    for part in ("upper", "work", "root"):
        (home / part).mkdir(parents=True)
    for path, content in settings(paths.name, host, plan).items():
        file = home / "upper" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    for folder in PLAIN_FOLDERS:
        plain = _plain(paths, host.name, folder)
        plain.mkdir(parents=True)
        if host.disk and folder == "var/lib":
            run(["mount", "-t", "tmpfs", "-o", f"size={host.disk},mode=755", "lab-disk", str(plain)])
        run(["cp", "-a", "--reflink=auto", f"{base / folder}/.", str(plain)], what=f"Copying /{folder} for {host.name}")
    mount(paths, base, host.name)


def mount(paths: LabPaths, base: Path, host: str) -> None:
    """Puts the overlay together."""
    home = paths.hosts / host
    options = f"lowerdir={base},upperdir={home / 'upper'},workdir={home / 'work'}"
    command = ["mount", "-t", "overlay", "-o", options, f"lab-{host}", str(home / "root")]
    run(command, what=f"Mounting the root of {host}")


def unmount_below(folder: Path) -> None:
    """Unmounts everything at or under a folder of the lab, the deepest first."""
    for point in mounts_below(MOUNTS.read_text(encoding="utf-8"), folder):
        run(["umount", "-l", point], what="Unmounting a host's disk")


def mounts_below(mountinfo: str, folder: Path) -> List[str]:
    """The mount points at or under `folder`, last mounted first."""
    points = [line.split(" ")[4].replace("\\040", " ") for line in mountinfo.splitlines()]
    return [point for point in reversed(points) if Path(point) == folder or folder in Path(point).parents]


def settings(lab: str, host: HostPlan, plan: Plan) -> Dict[str, str]:
    """The files that differ from host to host, by their path under the root."""
    names = "".join(f"{other.address} {other.name}\n" for other in plan.hosts)
    routes = " ".join(f"{other.pod_range}={other.address}" for other in plan.hosts if other != host)
    files = {
        "etc/hostname": f"{host.name}\n",
        "etc/hosts": f"127.0.0.1 localhost\n::1 localhost ip6-localhost\n{names}",
        "etc/machine-id": hashlib.sha256(f"mke4k-lab-{lab}-{host.name}".encode()).hexdigest()[:32] + "\n",
        "etc/lab.env": f'LAB_ADDRESS={host.address}\nLAB_GATEWAY={GATEWAY}\nLAB_POD_ROUTES="{routes}"\n',
    }
    if host.cni:
        files["etc/cni/net.d/10-lab.conflist"] = json.dumps(_cni_config(host), indent=1) + "\n"
    if plan.registry is not None:
        # Images that can be pulled are there to be run.
        files["etc/k0s/containerd.d/lab.toml"] = CONTAINERD_CONFIG.read_text(encoding="utf-8")
    return {**files, **firewall.files(host, plan.firewall)}


def _cni_config(host: HostPlan) -> Dict[str, object]:
    bridge = {
        "type": "bridge",
        "bridge": "cni0",
        "isGateway": True,
        "ipMasq": False,
        "hairpinMode": True,
        "ipam": {"type": "host-local", "ranges": [[{"subnet": host.pod_range}]], "routes": [{"dst": "0.0.0.0/0"}]},
    }
    portmap = {"type": "portmap", "capabilities": {"portMappings": True}}
    return {"cniVersion": "0.4.0", "name": "lab", "plugins": [bridge, portmap]}


def _plain(paths: LabPaths, host: str, folder: str) -> Path:
    return paths.hosts / host / "plain" / folder.replace("/", "-")

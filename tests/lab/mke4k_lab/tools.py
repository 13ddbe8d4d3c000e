# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs built from Go modules: Kubernetes, etcd, containerd, the pause image and the simulator of k0s.

Each is built once into the cache, under the version that its go.mod pins (own code: under the digest of its source).
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Mapping, Tuple

from . import golang
from .errors import LabError
from .files import building, sha256_of_folder
from .paths import SIMULATOR_FOLDER, TOOLS_FOLDER
from .run import run
from .say import say

FOR_SIMULATOR = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", "etcd")
FOR_K0S = (*FOR_SIMULATOR, "kubelet", "containerd", "containerd-shim-runc-v2")


@dataclass(frozen=True)
class Component:
    """One go.mod under tools/ and the programs it builds. `{version}` and `{minor}` in ldflags are filled in."""

    folder: str
    module: str
    programs: Mapping[str, str]
    tags: str = ""
    ldflags: str = "-s -w"


_GIT_VERSION = "k8s.io/component-base/version.git"


def _kubernetes(folder: str) -> Component:
    names = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kubectl", "kube-proxy")
    stamps = f"-X {_GIT_VERSION}Version={{version}} -X {_GIT_VERSION}Major=1 -X {_GIT_VERSION}Minor={{minor}}"
    return Component(
        folder=folder,
        module="k8s.io/kubernetes",
        programs={
            **{name: f"k8s.io/kubernetes/cmd/{name}" for name in names},
            "agnhost": "k8s.io/kubernetes/test/images/agnhost",
        },
        tags="providerless",
        # Without the stamp the API server would call itself v0.0.0.
        ldflags=f"-s -w {stamps} -X {_GIT_VERSION}TreeState=clean",
    )


ETCD = Component("etcd", "go.etcd.io/etcd/server/v3", {"etcd": "go.etcd.io/etcd/server/v3"})
CONTAINERD = Component(
    folder="containerd",
    module="github.com/containerd/containerd",
    programs={
        "containerd": "github.com/containerd/containerd/cmd/containerd",
        "containerd-shim-runc-v2": "github.com/containerd/containerd/cmd/containerd-shim-runc-v2",
    },
    tags="no_btrfs",
    ldflags="-s -w -X github.com/containerd/containerd/version.Version={version}",
)

# Plays the kubelets of many nodes, for tests of drains.
KWOK = Component("kwok", "sigs.k8s.io/kwok", {"kwok": "sigs.k8s.io/kwok/cmd/kwok"})


def pinned_version(component: Component) -> str:
    """The version of its main module, out of its go.mod."""
    text = (TOOLS_FOLDER / component.folder / "go.mod").read_text(encoding="utf-8")
    found = re.search(rf"^(?:require )?\s*{re.escape(component.module)} (v\S+)", text, re.MULTILINE)
    if found is None:
        raise LabError(f"tests/lab/tools/{component.folder}/go.mod requires no {component.module}.")
    return found.group(1)


def minor_of(version: str) -> int:
    """33 of v1.33.13."""
    found = re.match(r"v?1\.(\d+)", version)
    if found is None:
        raise LabError(f"{version!r} is no version of Kubernetes or k0s such as v1.33.13.")
    return int(found.group(1))


def kubernetes_for(version: str) -> Component:
    """The pinned Kubernetes that fits a k0s: of the same minor, else the next newer, else the newest."""
    pins: Dict[int, Component] = {}
    for folder in sorted(path.parent.name for path in TOOLS_FOLDER.glob("kubernetes*/go.mod")):
        component = _kubernetes(folder)
        pins[minor_of(pinned_version(component))] = component
    fitting = [minor for minor in sorted(pins) if minor >= minor_of(version)]
    return pins[fitting[0] if fitting else max(pins)]


def ensure_programs(cache: Path, names: Tuple[str, ...], k0s_version: str) -> Dict[str, Path]:
    """The wanted programs by name, built where they are missing."""
    found: Dict[str, Path] = {}
    for component in (kubernetes_for(k0s_version), ETCD, CONTAINERD, KWOK):
        for name in component.programs:
            if name in names:
                found[name] = _ensure(cache, component, name)
    return found


def ensure_simulator(cache: Path, version: str) -> Path:
    """The simulator of k0s that calls itself `version`."""
    target = cache / "simulator" / sha256_of_folder(SIMULATOR_FOLDER)[:16] / version / "k0s"
    build_program(cache, target, SIMULATOR_FOLDER, ".", tags="", ldflags=f"-s -w -X main.version={version}")
    return target


def ensure_own(cache: Path, name: str) -> Path:
    """A program of our own, out of the folder of its name under tools/."""
    folder = TOOLS_FOLDER / name
    target = cache / "tools" / f"{name}-{sha256_of_folder(folder)[:16]}" / name
    build_program(cache, target, folder, ".", tags="", ldflags="-s -w")
    return target


def _place(cache: Path, component: Component, name: str) -> Path:
    return cache / "tools" / f"{component.folder.partition('-')[0]}-{pinned_version(component)}" / name


def _ensure(cache: Path, component: Component, name: str) -> Path:
    target = _place(cache, component, name)
    version = pinned_version(component)
    ldflags = component.ldflags
    if "{minor}" in ldflags:
        ldflags = ldflags.replace("{minor}", str(minor_of(version)))
    ldflags = ldflags.replace("{version}", version)
    build_program(
        cache, target, TOOLS_FOLDER / component.folder, component.programs[name], tags=component.tags, ldflags=ldflags
    )
    return target


def build_program(cache: Path, target: Path, folder: Path, package: str, *, tags: str, ldflags: str) -> None:
    if target.exists():
        return
    with building(target) as work:
        if target.exists():
            return
        say(f"building {target.name} ({target.parent.name}) …")
        begin = time.monotonic()
        command = [golang.program(cache), "build", "-trimpath", "-buildvcs=false", "-tags", tags, "-ldflags", ldflags]
        command += ["-o", str(work), package]
        run(command, cwd=folder, env=golang.environment(), what=f"Building {target.name}")
        say(f"built {target.name} in {time.monotonic() - begin:.0f} s")

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The images that clusters in the lab run: programs from Go modules, with what they need of Debian.

Real k0s gets real programs. With the simulator, which runs no containers, all names stand for the pause image.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Dict, List, Mapping, Tuple

import yaml

from . import k0s, tools
from .arch import architecture
from .debian import files_of_programs
from .image import Content, Image, Link, ensure_layer
from .paths import CHARTS_FOLDER
from .root import ensure_key, ensure_root
from .run import run

PAUSE, AGNHOST, COREDNS, KUBE_PROXY = "pause", "agnhost", "coredns", "kube-proxy"
PUSHGATEWAY = "pushgateway-ttl"
AGNHOST_TAG = "2.53"
PAUSE_TAGS = ("3.8", "3.9", "3.10", "3.10.1")
# Below these a registry has what MKE 4k and k0rdent Enterprise take from their own.
MIRRORS = ("mke", "k0rdent-enterprise")
K0S_FOLDERS = ("k0sproject", "mke/k0sproject")
IPTABLES = ("iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore")


@dataclass(frozen=True)
class Named:
    """An image as somebody asks a registry for it."""

    repository: str
    tag: str
    image: str


def wanted(choice: k0s.Choice) -> List[Named]:
    """Every name that the registry has for clusters of this k0s."""
    names = [Named(f"mke/{PAUSE}", tag, PAUSE) for tag in PAUSE_TAGS]
    names.append(Named(f"mke/{AGNHOST}", AGNHOST_TAG, AGNHOST))
    for reference in k0s_images(choice):
        repository, _colon, tag = reference.rpartition(":")
        name = repository.rpartition("/")[2]
        names += [Named(f"{folder}/{name}", tag, program_of(reference)) for folder in K0S_FOLDERS]
    names += [Named(f"{mirror}/{path}", tag, PAUSE) for mirror in MIRRORS for path, tag in platform_images()]
    return names


def k0s_images(choice: k0s.Choice) -> Tuple[str, ...]:
    """The images that this k0s may want, as it says itself."""
    told = run([choice.path, "airgap", "list-images", "--all"], what="Asking k0s for its images")
    return tuple(line.strip() for line in told.splitlines() if ":" in line)


def program_of(reference: str) -> str:
    """Which of the images made here stands for an image of k0s."""
    name = reference.rpartition(":")[0].rpartition("/")[2]
    return name if name in (COREDNS, KUBE_PROXY, PUSHGATEWAY) else PAUSE


def platform_images() -> List[Tuple[str, str]]:
    """The images of the stand-in charts: path below a mirror, and tag."""
    found: Dict[Tuple[str, str], None] = {}
    for file in sorted(CHARTS_FOLDER.glob("*/images.yml")):
        for path, tags in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            found.update({(path, str(tag)): None for tag in tags})
    return list(found)


def ensure(cache: Path, choice: k0s.Choice) -> Mapping[str, Image]:
    """All images by their short names, built where they are missing."""
    pause = pause_image(cache)
    if choice.kind == k0s.SIMULATOR:
        return dict.fromkeys((PAUSE, AGNHOST, COREDNS, KUBE_PROXY, PUSHGATEWAY), pause)
    makers: Dict[str, Callable[[Path, str], Image]] = {
        AGNHOST: agnhost_image,
        COREDNS: coredns_image,
        KUBE_PROXY: kube_proxy_image,
    }
    # k0s runs it beside MKE's controllers and asks it whether it is well; nobody reads what it would keep.
    answering = replace(pause, entrypoint=(*pause.entrypoint, "serve", "9091"))
    return {
        PAUSE: pause,
        PUSHGATEWAY: answering,
        **{name: make(cache, choice.version) for name, make in makers.items()},
    }


def pause_image(cache: Path) -> Image:
    program = tools.ensure_own(cache, PAUSE)
    return Image((_program_layer(cache, program, "pause"),), entrypoint=("/pause",), user="65535:65535")


def coredns_image(cache: Path, _version: str) -> Image:
    program = tools.ensure_own(cache, COREDNS)
    return Image((_program_layer(cache, program, "coredns"),), entrypoint=("/coredns",))


def agnhost_image(cache: Path, version: str) -> Image:
    program = tools.ensure_programs(cache, (AGNHOST,), version)[AGNHOST]
    return Image((_program_layer(cache, program, "agnhost"),), entrypoint=("/agnhost",), command=("pause",))


def kube_proxy_image(cache: Path, version: str) -> Image:
    program = tools.ensure_programs(cache, (KUBE_PROXY,), version)[KUBE_PROXY]
    place = "usr/local/bin/kube-proxy"
    layers = (iptables_layer(cache), _program_layer(cache, program, place))
    return Image(layers, entrypoint=(f"/{place}",))


def iptables_layer(cache: Path) -> Path:
    """iptables, as it speaks to nftables, with its libraries, out of the root of the hosts."""
    root = ensure_root(cache, ensure_key(cache / "ssh" / "id_ed25519"))
    target = cache / "images" / f"iptables-{root.name}.tar"
    if target.exists():
        return target
    multi = "usr/sbin/xtables-nft-multi"
    files: Dict[str, Content] = dict(files_of_programs(root, [multi, "usr/sbin/conntrack"], ["usr/lib/*/xtables/*.so"]))
    files.update({f"usr/sbin/{name}": Link("xtables-nft-multi") for name in IPTABLES})
    # Debian's programs look for the loader and libraries where they were before everything moved to /usr.
    files.update({folder: Link(f"usr/{folder}") for folder in ("bin", "lib", "sbin")})
    if architecture() == "amd64":
        files["lib64"] = Link("usr/lib64")
    return ensure_layer(target, files)


def _program_layer(cache: Path, program: Path, place: str) -> Path:
    return ensure_layer(cache / "images" / f"{program.parent.name}-{program.name}.tar", {place: program})

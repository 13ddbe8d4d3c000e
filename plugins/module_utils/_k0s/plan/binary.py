# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a host gets the k0s binary from.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Union
from urllib.parse import quote

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BINARY_PATH, BinarySpec, PlainData

RELEASES = "https://github.com/k0sproject/k0s/releases/download"
ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64", "armv7l": "arm"}


@dataclass(frozen=True)
class BinarySource(PlainData):
    """The user's wish. At most one of `src`, `url` and `path`; none means the release's own download.

    `mirror` stands in for the folder above the releases and is laid out like it. `sha256` is one digest, or one for
    each architecture (`amd64`, `arm64`, `arm`).
    """

    src: str = ""
    url: str = ""
    path: str = ""
    mirror: str = ""
    sha256: Union[str, Mapping[str, str]] = ""
    public_key: str = ""
    install_path: str = BINARY_PATH


def binary_for(source: BinarySource, version: str, machine: str) -> BinarySpec:
    """The binary of `version` for a host whose kernel calls its machine `machine`."""
    architecture = ARCHITECTURES.get(machine, machine)
    sha256 = source.sha256 if isinstance(source.sha256, str) else source.sha256.get(architecture, "")
    common = {"path": source.install_path or BINARY_PATH, "sha256": sha256.lower(), "public_key": source.public_key}
    if source.src:
        return BinarySpec(src=filled(source.src, version, architecture), **common)
    if source.path:
        return BinarySpec(staged=filled(source.path, version, architecture), **common)
    url = filled(source.url, version, architecture)
    if not url:
        base = f"{(source.mirror or RELEASES).rstrip('/')}/{quote(version, safe='')}"
        url = f"{base}/k0s-{quote(version, safe='')}-{architecture}"
    folder = url.rsplit("/", 1)[0]
    return BinarySpec(
        url=url,
        checksum_url="" if sha256 else f"{folder}/sha256sums.txt",
        signature_url=f"{url}.sig" if source.public_key else "",
        **common,
    )


def filled(template: str, version: str, architecture: str) -> str:
    """`{version}` and `{arch}` in a path or URL stand for the version and the architecture in k0s' spelling."""
    return template.replace("{version}", version).replace("{arch}", architecture)

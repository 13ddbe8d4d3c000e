# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References of images and charts. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """`host/repository:tag`. `host` has its port."""

    host: str
    repository: str
    tag: str

    @classmethod
    def of(cls, text: str, version: str = "") -> Reference:
        """From the reference of an image, or of a chart (`oci://…`) with its version. A digest counts as the tag."""
        bare = text.partition("://")[2] if "://" in text else text
        host, _slash, rest = bare.partition("/")
        name, _at, digest = rest.partition("@")
        last = name.rpartition("/")[2]
        tag = last.partition(":")[2]
        repository = name[: len(name) - len(tag) - 1] if tag else name
        return cls(host, repository, version.replace("+", "_") or digest or tag or "latest")

    def __str__(self) -> str:
        return f"{self.host}/{self.repository}{'@' if self.tag.startswith('sha256:') else ':'}{self.tag}"

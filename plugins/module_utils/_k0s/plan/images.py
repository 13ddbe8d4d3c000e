# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where hosts get archives of images from, and under which names k0s finds them.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Iterable, Mapping, Tuple, Union
from urllib.parse import quote, unquote, urlsplit

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import ImagesSpec, PlainData
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.binary import ARCHITECTURES, filled
from ansible_collections.mke4k.core.plugins.module_utils._k0s.versions import K0sVersion

# A name without a version, so that the archive of a new version takes the place of the old one.
K0S_ARCHIVE = "k0s-images.tar"
_ORIGINS = ("src", "url", "path", "mirror")


@dataclass(frozen=True)
class ImagesSource(PlainData):
    """The user's wish. Exactly one of `src`, `url`, `path` and `mirror`, which stands in for the releases of k0s.

    `sha256` is one digest, or one for each architecture. `name` is that of the file in k0s' folder.
    """

    name: str = ""
    src: str = ""
    url: str = ""
    path: str = ""
    mirror: str = ""
    sha256: Union[str, Mapping[str, str]] = ""


def images_from(listed: Iterable[Mapping[str, Any]]) -> Tuple[ImagesSource, ...]:
    """The wishes that name a source; what is empty was not wished. A mistake is a ValueError."""
    found = []
    known = {item.name for item in fields(ImagesSource)}
    for place, item in enumerate(listed):
        unknown = sorted(set(item) - known)
        given = [name for name in _ORIGINS if item.get(name)]
        if unknown:
            raise ValueError(f"image bundle {place} has {', '.join(unknown)}; known are {', '.join(sorted(known))}")
        if len(given) > 1:
            raise ValueError(f"image bundle {place} has {' and '.join(given)}; give one of them")
        if given:
            found.append(ImagesSource.from_dict(item))
    names = [_name(item) for item in found]
    odd = [name for name in names if "/" in name or name in ("", ".", "..")]
    if odd:
        raise ValueError(f"image bundle {odd[0]!r} has no usable file name; give it a name")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two image bundles would both be the file {', '.join(twice)}; give one of them another name")
    return tuple(found)


def images_for(sources: Iterable[ImagesSource], version: str, machine: str, data_dir: str) -> Tuple[ImagesSpec, ...]:
    """The archives for a host whose kernel calls its machine `machine`."""
    return tuple(_spec(source, version, ARCHITECTURES.get(machine, machine), data_dir) for source in sources)


def _spec(source: ImagesSource, version: str, architecture: str, data_dir: str) -> ImagesSpec:
    sha256 = source.sha256 if isinstance(source.sha256, str) else source.sha256.get(architecture, "")
    src, path, url = (filled(text, version, architecture) for text in (source.src, source.path, source.url))
    if source.mirror:
        url = (
            f"{source.mirror.rstrip('/')}/{quote(version, safe='')}/{quote(_released(version, architecture), safe='')}"
        )
    return ImagesSpec(
        path=f"{data_dir}/images/{filled(_name(source), version, architecture)}",
        sha256=sha256.lower(),
        origin=src or path or url,
        src=src,
        staged=path,
        url=url,
        checksum_url=f"{url.rsplit('/', 1)[0]}/sha256sums.txt" if url and not sha256 else "",
    )


def _released(version: str, architecture: str) -> str:
    """The name of the archive in a release of k0s, which changed with 1.36."""
    if K0sVersion(version) >= K0sVersion("v1.36.0"):
        return f"k0s-airgap-bundle-{version}-linux-{architecture}.tar"
    return f"k0s-airgap-bundle-{version}-{architecture}"


def _name(source: ImagesSource) -> str:
    if source.name:
        return source.name
    if source.mirror:
        return K0S_ARCHIVE
    return unquote(urlsplit(source.src or source.path or source.url).path).rpartition("/")[2]

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits until k0s has imported an archive of images, which it does by itself some seconds after the file is there.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
import os
import re
import tarfile
from datetime import datetime, timezone
from typing import Dict, Iterable, List, Mapping, Sequence, Set

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import delivery_difference
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command, receipt
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.files import told
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import Request
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import Clock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, NodeState

LIST_TIMEOUT = 30.0
SETTLE = 600.0
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 3.0
_SHOWN = 5
_LABEL = re.compile(r"io\.k0sproject\.ocibundle-paths=(\{.*?\}|\S*)")
_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
_FRACTION = re.compile(r"\.(\d+)")


def require(spec: NodeSpec, state: NodeState) -> None:
    """Refuses to wait for the import of an archive that is not there."""
    absent = [item.path for item in spec.images if delivery_difference(item, state)]
    if absent:
        raise K0sError(
            f"the archives of images are not the wanted ones, or not there: {', '.join(absent)}. Bring them to the "
            "host first (mke4k.core.k0s_share)"
        )


def wait_for_import(request: Request, record: str, clock: Clock) -> None:
    """Returns when containerd has every image of every archive, and notes it."""
    paths = [item.path for item in request.spec.images]
    wanted = {path: names_in(path) for path in paths}
    end = clock.now() + max(SETTLE, request.wait_timeout)
    pause = _FIRST_PAUSE
    while True:
        lack = missing(wanted, imported(request.spec.binary.path, paths))
        if not lack:
            receipt.record_import(record, paths)
            return
        if clock.now() >= end:
            raise K0sError(
                f"k0s did not import {'; '.join(lack)}. Its log says why (`journalctl -u {request.spec.service} | grep "
                "-i bundle`); an archive must hold OCI or Docker images for this machine, and is not compressed"
            )
        clock.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def missing(wanted: Mapping[str, Sequence[str]], found: Mapping[str, Set[str]]) -> List[str]:
    """What of the wanted archives is not there, in words. An archive that names no image is there with any of it."""
    lack = []
    for path, names in wanted.items():
        absent = [name for name in names if name not in found[path]]
        if absent:
            more = f" and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else ""
            lack.append(f"{', '.join(absent[:_SHOWN])}{more} of {path}")
        elif not found[path]:
            lack.append(path)
    return lack


def imported(binary: str, paths: Iterable[str]) -> Dict[str, Set[str]]:
    """The images that k0s labelled with each of these archives, as they are now."""
    found: Dict[str, Set[str]] = {path: set() for path in paths}
    result = command.run([binary, "ctr", "--namespace=k8s.io", "images", "ls"], LIST_TIMEOUT)
    if result.rc != 0:
        return found
    times = {path: os.stat(path).st_mtime_ns for path in found if os.path.exists(path)}
    for name, marks in labelled(result.out).items():
        for path, since in marks.items():
            if path in times and (not since or nanoseconds(since) == times[path]):
                found[path].add(name)
    return found


def labelled(listing: str) -> Dict[str, Dict[str, str]]:
    """By image the archives it came from, each with the time of the file; older k0s tell no time."""
    found: Dict[str, Dict[str, str]] = {}
    for line in listing.splitlines():
        match = _LABEL.search(line)
        if match:
            found[line.split(None, 1)[0]] = _marks(match.group(1))
    return found


def _marks(text: str) -> Dict[str, str]:
    try:
        parsed = json.loads(text)
    except ValueError:
        return dict.fromkeys(text.partition(",")[0].split(";"), "")
    return {str(path): str(since) for path, since in parsed.items()} if isinstance(parsed, dict) else {}


def nanoseconds(text: str) -> int:
    """A time in Go's form with up to nine digits after the point, which Python's own parsers lose."""
    fraction = _FRACTION.search(text)
    digits = (fraction.group(1) if fraction else "").ljust(9, "0")[:9]
    whole = _FRACTION.sub("", text, count=1).replace("Z", "+00:00")
    try:
        moment = datetime.fromisoformat(whole)
    except ValueError:
        return -1
    seconds = int((moment - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds())
    return seconds * 10**9 + int(digits)


def names_in(path: str) -> List[str]:
    """The images that an archive names; only its index is read."""
    with told(path, "could not be read"):
        try:
            with tarfile.open(path, "r:") as archive:
                return _names(archive)
        except tarfile.TarError as error:
            raise K0sError(
                f"{path} is no archive of images that k0s could import ({error}). Give an uncompressed tar, as "
                "`k0s airgap bundle-artifacts`, `docker save` or `skopeo copy … oci-archive:` make it"
            ) from error


def _names(archive: tarfile.TarFile) -> List[str]:
    parts: Dict[str, object] = {}
    for member in archive:
        name = member.name[2:] if member.name.startswith("./") else member.name
        if name in ("index.json", "manifest.json"):
            stream = archive.extractfile(member)
            parts[name] = json.loads(stream.read()) if stream else None
        if len(parts) == 2:
            break
    names: List[str] = []
    index = parts.get("index.json")
    if isinstance(index, dict):
        for manifest in index.get("manifests") or ():
            notes = manifest.get("annotations") or {}
            names += [str(notes[key]) for key in _NAMES if "/" in str(notes.get(key, ""))][:1]
    docker = parts.get("manifest.json")
    if not names and isinstance(docker, list):
        names = [str(tag) for item in docker for tag in item.get("RepoTags") or ()]
    return list(dict.fromkeys(names))

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a host can pull what it will need, before anything is installed.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Dict, Iterator, List, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.request import RegistryProbe, Request
from ansible_collections.mke4k.core.plugins.module_utils._oci.client import Access, Client
from ansible_collections.mke4k.core.plugins.module_utils._oci.errors import (
    LoginRefused,
    OciError,
    Unreachable,
    Untrusted,
)
from ansible_collections.mke4k.core.plugins.module_utils._oci.reference import Reference

TIMEOUT = 10.0
LIST_TIMEOUT = 30.0
_AT_ONCE = 8
_NAMES = {Unreachable: "registry-unreachable", Untrusted: "registry-untrusted", LoginRefused: "registry-login"}
_REMEDIES = {
    Unreachable: "let the host reach the registry (DNS, routes, firewalls), or correct spec.registries",
    Untrusted: "give the certificate authority of the registry as caData, or as ca in mke4k_registries",
    LoginRefused: "give a login as mke4k_registry_username and mke4k_registry_password, or in mke4k_registries",
}


def registry_findings(request: Request) -> Iterator[Finding]:
    """One finding for each registry that cannot be used, or that lacks something."""
    tags: Optional[Dict[str, str]] = None
    for registry in request.registries:
        wanted = [*registry.images, *registry.charts]
        if registry.k0s_images and request.staged and os.path.exists(request.staged):
            try:
                tags = tags if tags is not None else k0s_tags(request.staged)
            except K0sError as error:
                yield Finding(
                    WARNING, "k0s-images-unknown", request.place,
                    f"the images of k0s were not looked for, k0s does not say which they are: {error}",
                    "check that the registry has them (`k0s airgap list-images`)",
                )  # fmt: skip
                tags = {}
            wanted += [f"{place}:{tags[name]}" for name, place in registry.k0s_images.items() if name in tags]
        yield from _of_one(request, registry, wanted)


def k0s_tags(binary: str) -> Dict[str, str]:
    """The tags of k0s' own images by their short names, in the words of the k0s that will run."""
    result = command.check([binary, "airgap", "list-images", "--all"], LIST_TIMEOUT)
    references = [Reference.of(line.strip()) for line in result.out.splitlines() if line.strip()]
    return {item.repository.rpartition("/")[2]: item.tag for item in references}


def _of_one(request: Request, registry: RegistryProbe, wanted: Sequence[str]) -> Iterator[Finding]:
    try:
        with Client(_access(registry), TIMEOUT) as client:
            client.ping()
        lacking = _lacking(registry, sorted(set(wanted)))
    except OciError as error:
        name = _NAMES.get(type(error), "registry-unusable")
        remedy = _REMEDIES.get(type(error), "see what the registry's own log says of this request")
        yield Finding(ERROR, name, request.place, str(error), remedy)
        return
    if lacking:
        yield Finding(
            ERROR,
            "registry-incomplete",
            request.place,
            f"{registry.host} does not have {', '.join(lacking)}",
            "push them into the registry (`ansible-playbook mke4k.core.mirror`), or correct spec.registries",
        )


def _access(registry: RegistryProbe) -> Access:
    return Access(registry.host, registry.ca, registry.username, registry.password)


def _lacking(registry: RegistryProbe, wanted: Sequence[str]) -> List[str]:
    """Those that the registry does not have, asked over a few connections at once."""
    parts = [part for part in (wanted[number::_AT_ONCE] for number in range(_AT_ONCE)) if part]
    if not parts:
        return []
    with ThreadPoolExecutor(max_workers=len(parts)) as pool:
        found = list(pool.map(lambda part: _absent(registry, part), parts))
    return sorted(name for part in found for name in part)


def _absent(registry: RegistryProbe, wanted: Sequence[str]) -> List[str]:
    absent = []
    with Client(_access(registry), TIMEOUT) as client:
        for name in wanted:
            reference = Reference.of(f"{registry.host}/{name}")
            if client.manifest_digest(reference.repository, reference.tag) is None:
                absent.append(name)
    return absent

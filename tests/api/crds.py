# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CRDs of what the collection talks to: the projects' own ones where they are at hand, else our minimal ones.

The own ones lie beside the checkout, in ../shared/crds, or where MKE4K_CRDS says; their projects' licences allow that,
but they are too many and too large to be part of this one. Those of Cluster API and its AWS provider else come out of
their Go modules, where Go can get them. A contract test compares ours with the projects' own ones.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import yaml

from tests.api.client import AdminClient, Object
from tests.capi.programs import PAIRS
from tests.lab.mke4k_lab.errors import LabError
from tests.lab.mke4k_lab.paths import COLLECTION_FOLDER

MINIMAL = Path(__file__).parent / "crds"
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
SERVED_SECONDS = 120
# The releases of k0rdent Enterprise 1.1, and the groups whose CRDs lie in their Go modules.
OLDEST = "capa-2.8"
MODULE_GROUPS = ("cluster.x-k8s.io", "infrastructure.cluster.x-k8s.io")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NoSuchGroup(Exception):
    """Nobody has a CRD of that API group."""


def real_folder() -> Path:
    """Where the projects' own CRDs are, if they are anywhere."""
    given = os.environ.get("MKE4K_CRDS", "")
    return Path(given) if given else COLLECTION_FOLDER.parent / "shared" / "crds"


@lru_cache(maxsize=None)
def minimal() -> Mapping[str, Object]:
    """Our own ones by name (`plural.group`)."""
    return _read(sorted(MINIMAL.glob("*.yaml")))


@lru_cache(maxsize=None)
def real() -> Mapping[str, Object]:
    """The projects' own ones by name; empty where they are not at hand."""
    return _read(sorted(real_folder().rglob("*.yaml")))


@lru_cache(maxsize=None)
def from_modules() -> Mapping[str, Object]:
    """Of the kinds that we have a minimal one of; empty where there is no Go, or it cannot get the modules."""
    pair = PAIRS[OLDEST]
    try:
        folders = [source.files() / "config" / "crd" / "bases" for source in (pair.capi, pair.capa)]
    except LabError as error:
        sys.stderr.write(f"Our minimal CRDs of Cluster API are used: {error}\n")
        return {}
    names = {f"{crd['spec']['group']}_{crd['spec']['names']['plural']}.yaml" for crd in minimal().values()}
    return _read(file for folder in folders for file in sorted(folder.glob("*.yaml")) if file.name in names)


def of_groups(groups: Iterable[str], prefer_real: bool = True) -> list[Object]:
    """All CRDs of these API groups; of those that both have, the project's own."""
    wanted = set(groups)
    known = {**minimal(), **(_own_ones(wanted) if prefer_real else {})}
    missing = wanted - {str(crd["spec"]["group"]) for crd in known.values()}
    if missing:
        raise NoSuchGroup(f"There is no CRD of {', '.join(sorted(missing))} in {MINIMAL} or {real_folder()}.")
    return [crd for _name, crd in sorted(known.items()) if crd["spec"]["group"] in wanted]


def _own_ones(groups: set[str]) -> Mapping[str, Object]:
    """Go is only asked for what is not beside the checkout."""
    there = {str(crd["spec"]["group"]) for crd in real().values()}
    return {**(from_modules() if set(MODULE_GROUPS) & groups - there else {}), **real()}


def load(client: AdminClient, crds: Iterable[Object]) -> None:
    """Create those that are not there and wait until their objects can be listed."""
    wanted = list(crds)
    there = {str(item["metadata"]["name"]) for item in client.call("GET", CRDS)["items"]}
    fresh = [crd for crd in wanted if crd["metadata"]["name"] not in there]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda crd: client.call("POST", CRDS, crd), fresh))
    for crd in fresh:
        _wait_served(client, crd)


def served_version(crd: Object) -> str:
    """The version that objects are stored in."""
    return next(str(version["name"]) for version in crd["spec"]["versions"] if version["storage"])


def _wait_served(client: AdminClient, crd: Object) -> None:
    spec = crd["spec"]
    path = f"/apis/{spec['group']}/{served_version(crd)}/{spec['names']['plural']}"
    end = time.monotonic() + SERVED_SECONDS
    answer = client.request("GET", path)
    while answer.status != 200 and time.monotonic() < end:
        time.sleep(0.1)
        answer = client.request("GET", path)
    if answer.status != 200:
        raise TimeoutError(f"{crd['metadata']['name']} is not served after {SERVED_SECONDS} s: {answer.text[:500]}")


def _read(files: Iterable[Path]) -> dict[str, Object]:
    found = {}
    for file in files:
        with file.open("rb") as stream:
            for document in yaml.load_all(stream, _LOADER):
                if document and document.get("kind") == "CustomResourceDefinition":
                    found[str(document["metadata"]["name"])] = document
    return found

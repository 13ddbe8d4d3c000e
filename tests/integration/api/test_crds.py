# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our minimal CRDs stand in for the projects' own ones: what they say has to be true of those too."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import crds
from tests.api.bed import Bed

GROUPS = sorted({str(crd["spec"]["group"]) for crd in crds.minimal().values()})
# Their projects publish no files of these: Calico and Dex register them by themselves, Mirantis keeps its own.
UNPUBLISHED = ("crd.projectcalico.org", "dex.coreos.com", "mke.mirantis.com")
PUBLISHED = sorted(name for name, crd in crds.minimal().items() if crd["spec"]["group"] not in UNPUBLISHED)
WITHOUT_REAL = "the projects' own CRDs are not beside this checkout (../shared/crds, or MKE4K_CRDS)"


def versions(crd: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {str(version["name"]): version for version in crd["spec"]["versions"]}


def differences(ours: dict[str, Any], theirs: dict[str, Any], path: str) -> list[str]:
    """Where a schema of ours says something that theirs does not."""
    found = []
    if ours.get("type") != theirs.get("type"):
        found.append(f"{path}: {ours.get('type')} is {theirs.get('type')} there")
    known = set(ours.get("properties", {}))
    required, there = set(ours.get("required", [])), set(theirs.get("required", [])) & (known or set())
    if required != there:
        found.append(f"{path}: requires {sorted(required)}, there {sorted(there)}")
    for name, schema in ours.get("properties", {}).items():
        other = theirs.get("properties", {}).get(name)
        if other is None:
            found.append(f"{path}.{name}: not there")
        else:
            found += differences(schema, other, f"{path}.{name}")
    if "items" in ours and "items" in theirs:
        found += differences(ours["items"], theirs["items"], f"{path}[]")
    return found


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_minimal_crd_says_nothing_that_the_projects_own_one_does_not(name: str) -> None:
    if not crds.real():
        pytest.skip(WITHOUT_REAL)
    ours, theirs = crds.minimal()[name], crds.real()[name]
    for key in ("group", "scope", "names"):
        mine, other = ours["spec"][key], theirs["spec"][key]
        assert mine == ({field: other.get(field) for field in mine} if key == "names" else other)
    for version, schema in versions(ours).items():
        other = versions(theirs)[version]
        assert {key: schema[key] for key in ("served", "storage")} == {key: other[key] for key in ("served", "storage")}
        assert schema.get("subresources") == other.get("subresources")
        found = differences(schema["schema"]["openAPIV3Schema"], other["schema"]["openAPIV3Schema"], name)
        assert found == []


def test_the_server_takes_in_all_minimal_crds(bed: Bed) -> None:
    bed.load_crds(*GROUPS, prefer_real=False)
    for crd in crds.minimal().values():
        path = f"/apis/{crd['spec']['group']}/{crds.served_version(crd)}/{crd['spec']['names']['plural']}"
        assert bed.client.call("GET", path)["kind"] == f"{crd['spec']['names']['kind']}List"


def test_a_group_that_nobody_knows_is_told(bed: Bed) -> None:
    with pytest.raises(crds.NoSuchGroup, match=r"There is no CRD of nobody\.example"):
        bed.load_crds("nobody.example")

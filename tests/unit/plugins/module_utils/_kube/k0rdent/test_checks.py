# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When k0rdent counts as ready, and what is said while it is not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.checks import management_ready, release_ready
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.components import (
    available_providers,
    component_table,
    components,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import FAILED, MET, PENDING
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.k0rdent.objects import management, ready


def test_a_management_with_all_components_is_ready() -> None:
    assert management_ready(["cluster-api-provider-aws"])(management()).state == MET


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "does not exist"),
        (management(observedGeneration=2), "generation 2"),
        (
            management(failing={"capi": "HelmRelease k0rdent/capi is not yet ready: x"}),
            "capi: HelmRelease k0rdent/capi",
        ),
        (management(components={}, conditions=[]), "kcm has not looked at it yet"),
        (
            management(components={}, condition=ready("False", "ReleaseIsNotReady", "Release x is not ready")),
            "Release x is not ready",
        ),
        (management(release="k0rdent-enterprise-1-0-0"), "its release is k0rdent-enterprise-1-0-0 and not yet"),
        (management(condition=ready("False", "NotAllComponentsHealthy", "late")), "late"),
        (management(conditions=[]), "no condition Ready"),
    ],
)
def test_a_management_that_is_not_ready_says_why(found: Any, said: str) -> None:
    verdict = management_ready()(found)
    assert verdict.state == PENDING
    assert said in verdict.message


def test_every_component_that_fails_is_named_with_its_own_error() -> None:
    verdict = management_ready()(management(failing={"kcm": "one", "projectsveltos": "two"}))
    assert verdict.message == "kcm: one; projectsveltos: two"


def test_a_provider_that_nobody_installs_is_waited_for() -> None:
    verdict = management_ready(["cluster-api-provider-gcp"])(management())
    assert verdict.state == PENDING
    assert "cluster-api-provider-gcp: it is not among the components" in verdict.message


def test_incompatible_contracts_end_the_wait_because_kcm_does_not_try_again() -> None:
    verdict = management_ready()(management(condition=ready("False", "HasIncompatibleContracts", "v1beta1 is missing")))
    assert verdict.state == FAILED
    assert "v1beta1 is missing" in verdict.message


def test_a_release_is_ready_with_its_templates() -> None:
    made = {"type": "TemplatesCreated", "status": "True"}
    valid = {"type": "TemplatesValid", "status": "False", "message": "Missing or invalid templates: aws"}
    item: dict[str, Any] = {"metadata": {}, "status": {"ready": False, "conditions": [made, valid]}}
    assert "Missing or invalid templates: aws" in release_ready()(item).message
    item["status"] = {"ready": True, "conditions": [made, {**valid, "status": "True"}]}
    assert release_ready()(item).state == MET


def test_components_are_listed_in_the_order_in_which_they_come_up() -> None:
    rows = components(management(failing={"projectsveltos": "two\nlines"}))
    assert [row.name for row in rows] == ["kcm", "capi", "cluster-api-provider-aws", "projectsveltos"]
    assert rows[3].message == "two lines"
    table = component_table(rows)
    assert table[0].split() == ["COMPONENT", "TEMPLATE", "READY", "MESSAGE"]
    assert "two lines" in table[4]


def test_a_component_without_words_is_not_ready_yet() -> None:
    row = components(management(components={"capi": {}}))[0]
    assert (row.ready, row.message) == (False, "not ready yet")


@pytest.mark.parametrize("found", [None, {}, management(components=None)])
def test_without_components_there_is_no_table(found: Any) -> None:
    assert component_table(components(found)) == []


def test_available_providers_are_sorted() -> None:
    assert available_providers(management()) == ["bootstrap-k0sproject-k0smotron", "infrastructure-aws"]
    assert available_providers(None) == []

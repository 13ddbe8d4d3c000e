# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers are added, and never removed."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.providers import (
    Provider,
    provider_patch,
    refuse_unknown,
    united,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.k0rdent.objects import management, release

AWS, GCP = Provider("cluster-api-provider-aws"), Provider("cluster-api-provider-gcp")


def test_what_is_there_needs_no_patch() -> None:
    assert provider_patch(management(), [AWS]) == []


def test_what_is_missing_is_appended_so_that_nobody_elses_gets_lost() -> None:
    patch = provider_patch(management(), [AWS, GCP])
    assert patch == [{"op": "add", "path": "/spec/providers/-", "value": {"name": GCP.name}}]


def test_the_first_providers_of_a_management_without_any() -> None:
    found = management()
    del found["spec"]["providers"]
    patch = provider_patch(found, [AWS, Provider(GCP.name, {"a": 1})])
    entries = [{"name": AWS.name}, {"name": GCP.name, "config": {"a": 1}}]
    assert patch == [{"op": "add", "path": "/spec/providers", "value": entries}]


def test_values_of_a_provider_that_is_there_are_merged_into_its_own() -> None:
    found = management(providers=[{"name": "other"}, {"name": AWS.name, "config": {"images": {"a": 1}, "keep": 2}}])
    asked = Provider(AWS.name, {"images": {"b": 3}})
    (operation,) = provider_patch(found, [asked])
    assert operation["path"] == "/spec/providers/1/config"
    assert operation["value"] == {"images": {"a": 1, "b": 3}, "keep": 2}
    assert provider_patch(management(providers=[{"name": AWS.name, "config": operation["value"]}]), [asked]) == []


def test_a_provider_that_the_release_does_not_have_is_refused_with_the_nearest_name() -> None:
    known = release("cluster-api-provider-aws", "cluster-api-provider-gcp")
    with pytest.raises(KubeError) as caught:
        refuse_unknown(known, management(), [Provider("cluster-api-provider-asw"), Provider("gcp")])
    message = str(caught.value)
    assert "'cluster-api-provider-asw' (did you mean 'cluster-api-provider-aws'?)" in message
    assert "'gcp' (did you mean 'cluster-api-provider-gcp'?)" in message
    assert caught.value.details["providers"] == ["cluster-api-provider-asw", "gcp"]


def test_a_provider_with_a_template_of_its_own_in_the_management_is_known() -> None:
    refuse_unknown(release(), management(providers=[{"name": "mine", "template": "mine-1"}]), [Provider("mine")])


@pytest.mark.parametrize(
    ("given", "name", "config"),
    [("aws", "aws", {}), ({"name": "aws", "config": {"a": 1}}, "aws", {"a": 1}), ({"name": "aws"}, "aws", {})],
)
def test_a_provider_is_a_name_or_an_entry(given: Any, name: str, config: dict[str, Any]) -> None:
    assert Provider.of(given) == Provider(name, config)


def test_the_same_provider_twice_is_one_with_the_values_of_both() -> None:
    found = united([Provider("aws", {"a": 1, "b": 1})], [Provider("gcp"), Provider("aws", {"b": 2})])
    assert found == [Provider("aws", {"a": 1, "b": 2}), Provider("gcp")]

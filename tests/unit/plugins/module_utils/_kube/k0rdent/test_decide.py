# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is found of a k0rdent, and what is decided about it."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import with_registries
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.helm import Release
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.decide import (
    ADOPT,
    INSTALL,
    KEEP,
    Wish,
    decide,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.find import Found
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.providers import Provider
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.releases import (
    is_older,
    next_release,
    version_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.secrets import registry_secrets, ui_secret
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._config.support import cluster, document
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.k0rdent.objects import management

CHART = {"spec": {"namespace": "k0rdent", "version": "1.1.0"}}


def helm_release(version: str = "1.1.0", namespace: str = "kcm-system") -> Release:
    return Release("kcm", namespace, 1, "deployed", "secret", "k0rdent-enterprise", version)


def test_an_empty_cluster_gets_the_chart_of_the_release() -> None:
    intent = decide(Found(), Wish(), cluster())
    assert (intent.action, intent.namespace, intent.chart["version"]) == (INSTALL, "k0rdent", "1.1.0")
    assert intent.has_ui
    assert intent.notes == ()


def test_a_k0rdent_of_somebody_else_is_adopted_where_it_is() -> None:
    intent = decide(Found(management(), release=helm_release()), Wish(), cluster())
    assert (intent.action, intent.namespace) == (ADOPT, "kcm-system")
    assert "1.1.0 in namespace kcm-system was installed by somebody else" in intent.notes[0]
    assert not intent.has_ui


def test_an_adopted_k0rdent_that_is_older_is_left_and_said_so() -> None:
    intent = decide(Found(management(), release=helm_release("1.0.0")), Wish(), cluster())
    assert intent.action == ADOPT
    assert "older than the 1.1.0" in intent.notes[1]


def test_a_k0rdent_that_only_its_management_tells_of_is_adopted() -> None:
    found = Found(management(), flux_namespace="k0rdent-system")
    intent = decide(found, Wish(), cluster())
    assert (intent.action, intent.namespace, found.version) == (ADOPT, "k0rdent-system", "1.1.0")


def test_our_own_is_kept_up_to_date() -> None:
    intent = decide(Found(management(), chart=CHART), Wish(version="1.2.3"), cluster())
    assert (intent.action, intent.chart["version"]) == (INSTALL, "1.2.3")


def test_our_own_is_never_downgraded() -> None:
    intent = decide(Found(management(), chart=CHART), Wish(version="1.0.0"), cluster())
    assert intent.action == KEEP
    assert "cannot go back" in intent.notes[0]


def test_an_upgrade_that_k0rdent_made_itself_counts() -> None:
    found = management()
    found["spec"]["release"] = "k0rdent-enterprise-1-2-3"
    assert decide(Found(found, chart=CHART), Wish(), cluster()).action == KEEP


def test_our_own_stays_in_its_namespace() -> None:
    chart = {"spec": {"namespace": "elsewhere", "version": "1.1.0"}}
    intent = decide(Found(management(), chart=chart), Wish(), cluster())
    assert intent.namespace == intent.chart["namespace"] == "elsewhere"
    with pytest.raises(KubeError, match="runs in elsewhere already"):
        decide(Found(management(), chart=chart), Wish(namespace="k0rdent"), cluster())


def test_the_open_edition_has_a_chart_and_a_namespace_of_its_own() -> None:
    intent = decide(Found(), Wish(edition="oss", version="1.4.0"), cluster())
    assert intent.namespace == "kcm-system"
    assert intent.chart["chart"].endswith("/kcm")
    assert not intent.has_ui


def test_without_the_ui_there_is_no_password_to_keep() -> None:
    assert not decide(Found(), Wish(ui=False), cluster()).has_ui


def test_providers_come_from_the_file_and_from_options() -> None:
    config = cluster("v4.1.1", k0rdent={"enabled": True, "providers": [{"name": "aws", "config": {"a": 1}}]})
    intent = decide(Found(), Wish(providers=[Provider("gcp"), Provider("aws", {"b": 2})]), config)
    assert intent.providers == (Provider("aws", {"a": 1, "b": 2}), Provider("gcp"))


@pytest.mark.parametrize(
    ("found", "version"),
    [
        (Found(release=helm_release("1.0.0")), "1.0.0"),
        (Found(chart=CHART), "1.1.0"),
        (Found({"spec": {"release": "mine"}}), ""),
        (Found(), ""),
    ],
)
def test_the_version_is_what_somebody_tells(found: Found, version: str) -> None:
    assert found.version == version


@pytest.mark.parametrize(
    ("left", "right", "older"),
    [("1.0.0", "1.1.0", True), ("1.10.0", "1.9.9", False), ("1.1.0", "1.1.0", False), ("", "1.1.0", False)],
)
def test_versions_are_compared_by_their_numbers(left: str, right: str, older: bool) -> None:
    assert is_older(left, right) is older


def mirrored(**login: Any) -> Cluster:
    url = "registry.example.com/mke"
    registries = {"imageRegistry": {"url": url}, "chartRegistry": {"url": f"oci://{url}"}}
    loaded = load(document("v4.1.2", registries=registries))
    return with_registries(loaded, [{"host": "registry.example.com", **login}]).require()


def decoded(secret: dict[str, Any]) -> dict[str, str]:
    return {key: base64.b64decode(text).decode() for key, text in secret["data"].items()}


def test_kcm_gets_the_login_of_a_private_registry() -> None:
    config = mirrored(username="reader", password="word")
    intent = decide(Found(), Wish(), config)
    (secret,) = registry_secrets(config, intent.chart, "k0rdent")
    assert decoded(secret) == {"username": "reader", "password": "word"}
    assert secret["metadata"]["name"] == intent.chart["values"]["controller"]["registryCredsSecret"]


def test_kcm_gets_the_authority_of_a_private_registry() -> None:
    authority = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    config = mirrored(ca=authority)
    (secret,) = registry_secrets(config, decide(Found(), Wish(), config).chart, "k0rdent")
    assert decoded(secret) == {"ca.crt": authority}


def test_no_secrets_without_a_private_registry() -> None:
    assert registry_secrets(cluster(), decide(Found(), Wish(), cluster()).chart, "k0rdent") == []


def test_the_password_of_the_ui_is_for_admin() -> None:
    assert decoded(ui_secret("k0rdent", "word")) == {"username": "admin", "password": "word"}


@pytest.mark.parametrize(
    ("current", "version", "name"),
    [
        ("k0rdent-enterprise-1-1-0", "1.2.3", "k0rdent-enterprise-1-2-3"),
        ("kcm-1-1-0", "v1.2.0-rc1", "kcm-1-2-0-rc1"),
        ("k0rdent-enterprise-1-1-0", "1.1.0", ""),
        ("k0rdent-enterprise-1-2-3", "1.1.0", ""),
        ("mine", "1.1.0", ""),
    ],
)
def test_the_release_after_an_upgrade_has_the_new_version_in_its_name(current: str, version: str, name: str) -> None:
    assert next_release(current, version) == name


def test_a_release_without_a_version_in_its_name_has_none() -> None:
    assert version_of("mine") == ""
    assert version_of("kcm-1-1-0-rc1") == "1.1.0-rc1"

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.mke_config import (
    HIDDEN_DIGEST,
    MkeObjects,
    mke_objects,
    without_hidden,
)

from .support import document, host

SAML = {"enabled": True, "ssoMetadataURL": "https://idp.example.com/metadata", "usernameAttr": "name"}


def objects(written: dict[str, Any], additions: dict[str, Any] | None = None, **inventory: Any) -> MkeObjects:
    cluster = load(written, **inventory).require()
    return mke_objects(cluster, written["spec"], additions or {})


def spec_of(written: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return dict(objects(written, **rest).config["spec"])


def test_the_object_holds_what_the_user_wrote_and_no_default() -> None:
    written = document(monitoring={"enableGrafana": False})
    spec = spec_of(written)
    assert spec == {"hosts": [host("10.0.0.11")], "monitoring": {"enableGrafana": False}, "version": "v4.1.2"}


def test_unknown_fields_reach_the_operator_untouched() -> None:
    spec = spec_of(document(monitoring={"novelty": {"deep": [1, "x"]}}, wholly={"new": True}))
    assert spec["monitoring"] == {"novelty": {"deep": [1, "x"]}}
    assert spec["wholly"] == {"new": True}


def test_text_that_a_survey_made_of_booleans_and_numbers_gets_the_type_of_its_field() -> None:
    spec = spec_of(document(monitoring={"enableGrafana": "false"}, kubelet={"maxPods": "200"}))
    assert spec["monitoring"] == {"enableGrafana": False}
    assert spec["kubelet"] == {"maxPods": 200}


def test_the_version_is_the_release_as_upstream_writes_it() -> None:
    assert spec_of(document(version="4.1.1"))["version"] == "v4.1.1"


def test_hosts_of_the_inventory_are_written_into_the_object() -> None:
    written = document()
    del written["spec"]["hosts"]
    hosts = [{"name": "a", "role": "controller+worker", "ssh": {"address": "10.0.0.1", "user": "ops", "port": 2222}}]
    assert spec_of(written, inventory_hosts=hosts)["hosts"] == [
        {"role": "controller+worker", "ssh": {"address": "10.0.0.1", "user": "ops", "port": 2222}}
    ]


def test_the_licence_goes_into_a_secret_where_the_release_can_take_it_from_one() -> None:
    found = objects(document("v4.2.0", license={"token": "abc"}))
    assert found.config["spec"]["license"] == {"secretRef": {"name": "mke-license"}}
    (secret,) = found.secrets
    assert (secret["type"], secret["data"]) == ("mke.mirantis.com/license", {"token": "YWJj"})
    assert secret["metadata"] == {"name": "mke-license", "namespace": "mke"}


def test_the_licence_stays_in_the_object_of_releases_that_have_no_other_place_for_it() -> None:
    found = objects(document("v4.1.2", license={"token": "abc"}))
    assert (found.config["spec"]["license"], found.secrets) == ({"token": "abc"}, ())


def test_sections_from_elsewhere_replace_those_of_the_file() -> None:
    assert spec_of(document(), additions={"certificates": {"ca": "PEM"}})["certificates"] == {"ca": "PEM"}


def test_nothing_secret_is_shown_when_the_objects_are_printed() -> None:
    assert "abc" not in repr(objects(document("v4.2.0", license={"token": "abc"})))


def test_fields_that_the_operator_used_and_removed_are_no_difference() -> None:
    config = objects(document(authentication={"saml": SAML})).config
    rest = {key: value for key, value in SAML.items() if key != "ssoMetadataURL"}
    live = {**config, "spec": {**config["spec"], "authentication": {"saml": rest}}}
    assert without_hidden(config, live)["spec"]["authentication"]["saml"] == rest
    assert config["spec"]["authentication"]["saml"] == SAML


def test_a_changed_hidden_field_is_a_difference() -> None:
    config = objects(document(authentication={"saml": SAML})).config
    other = {**config, "metadata": {**config["metadata"], "annotations": {HIDDEN_DIGEST: "0" * 64}}}
    assert without_hidden(config, other) == without_hidden(config, None) == config

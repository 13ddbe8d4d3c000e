# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kubeconfigs: which cluster one is of, what becomes of it, and what is never shown."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.plugin_utils._kubeconfig import (
    KubeconfigError,
    access_of,
    admin_access,
    contexts,
    dump,
    parse,
    redacted,
)
from ansible_collections.mke4k.core.plugins.plugin_utils._kubeconfig_plan import (
    RefusedError,
    Wish,
    is_current,
    planned,
    refuse_others,
)
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.kubeconfigs import (
    NOW,
    SERVER,
    admin,
    authority,
    secrets_of,
)


def wish(**values: Any) -> Wish:
    return Wish(**{"path": "/home/u/.mke/mke.kubeconf", "context": "mke", **values})


def written(
    name: str = "one", existing: dict[str, Any] | None = None, days: int = 365, **values: Any
) -> dict[str, Any]:
    return planned(existing or {}, admin_access(admin(name, days)), wish(**values), NOW)


def test_a_new_file_has_one_context_of_the_wished_name() -> None:
    document = written()
    access = access_of(document, "mke")
    assert access is not None
    assert (access.server, access.ca_sha256, access.cluster) == (SERVER, authority().sha256, "mke")
    assert document["current-context"] == "mke"
    assert [item.context for item in contexts(document)] == ["mke"]
    assert parse(dump(document)) == document


def test_server_and_cluster_can_be_named() -> None:
    document = written(server="https://api.example.com:6443", cluster="berlin")
    assert document["clusters"][0]["name"] == "berlin"
    assert document["clusters"][0]["cluster"]["server"] == "https://api.example.com:6443"


def test_a_file_of_this_cluster_is_left_as_it_is() -> None:
    first = written()
    assert written(existing=first) == first
    assert is_current(first, wish(ca_sha256=authority().sha256), NOW)
    assert is_current(first, wish(ca_sha256=authority().sha256, server=SERVER), NOW)


@pytest.mark.parametrize(
    ("existing", "asked"),
    [
        ({}, {}),
        (written(), {"ca_sha256": ""}),
        (written(), {"context": "other"}),
        (written(), {"server": "https://elsewhere:6443"}),
        (written(), {"ca_sha256": authority("two").sha256}),
        (written(days=29), {}),
        ({**written(), "current-context": "x"}, {}),
        ({**written(), "users": []}, {}),
    ],
)
def test_what_makes_a_look_at_the_host_necessary(existing: dict[str, Any], asked: dict[str, Any]) -> None:
    assert not is_current(existing, wish(**{"ca_sha256": authority().sha256, **asked}), NOW)


def test_a_certificate_that_ends_within_30_days_is_renewed() -> None:
    old = written(days=29)
    new = written(existing=old)
    assert new != old
    assert is_current(new, wish(ca_sha256=authority().sha256), NOW)


def test_a_changed_server_is_written() -> None:
    new = written(existing=written(), server="https://new:6443")
    assert new["clusters"][0]["cluster"]["server"] == "https://new:6443"


def test_a_file_of_another_cluster_is_refused_with_a_remedy() -> None:
    with pytest.raises(RefusedError) as error:
        written("two", existing=written("one"))
    text = str(error.value)
    assert "/home/u/.mke/mke.kubeconf was not written" in text
    assert authority("one").sha256[:16] in text
    assert authority("two").sha256[:16] in text
    assert "remove the file" in text


def test_a_file_with_other_clusters_needs_merge() -> None:
    with pytest.raises(RefusedError, match=r"also holds other clusters \(contexts work\).*merge"):
        written("two", existing=written("one", context="work"))


def test_a_new_cluster_cannot_take_the_file_of_another() -> None:
    with pytest.raises(RefusedError, match="does not exist yet"):
        refuse_others(written(), "", wish())
    refuse_others({}, "", wish())


def test_merge_keeps_everything_else_and_the_current_context() -> None:
    existing = {**written("one", context="work"), "extensions": [{"name": "x"}]}
    document = written("two", existing=existing, merge=True)
    assert [item.context for item in contexts(document)] == ["work", "mke"]
    assert document["current-context"] == "work"
    assert document["extensions"] == [{"name": "x"}]
    assert access_of(document, "work") == access_of(existing, "work")
    assert is_current(document, wish(ca_sha256=authority("two").sha256, merge=True), NOW)


def test_merge_into_an_empty_file_makes_the_context_current() -> None:
    assert written(merge=True)["current-context"] == "mke"


def test_merge_renews_in_place_under_the_names_that_are_there() -> None:
    existing = parse(admin(days=10))
    document = written(existing=existing, merge=True, context="Default")
    assert [item["name"] for item in document["users"]] == ["user"]
    assert [item["name"] for item in document["clusters"]] == ["local"]
    assert document["users"] != existing["users"]


def test_merge_refuses_a_context_of_another_cluster() -> None:
    with pytest.raises(RefusedError, match="remove the context"):
        written("two", existing=written("one"), merge=True)


def test_merge_refuses_names_that_another_cluster_uses() -> None:
    existing = written("one", context="work", cluster="mke")
    with pytest.raises(RefusedError, match="context work of another cluster uses the names mke"):
        written("two", existing=existing, merge=True)


def test_a_file_of_the_same_cluster_under_another_context_may_be_replaced() -> None:
    document = written(existing=written(context="old"))
    assert [item.context for item in contexts(document)] == ["mke"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "not YAML"),
        ("- a", "not a kubeconfig"),
        ("kind: Secret", "not a kubeconfig"),
        ("{kind: Config, users: 3}", "users are not a list"),
        ("{kind: Config, contexts: [3]}", "contexts are not a list of mappings"),
    ],
)
def test_what_is_no_kubeconfig_is_said_so(text: str, problem: str) -> None:
    with pytest.raises(KubeconfigError, match=problem):
        parse(text)


def test_an_answer_without_a_key_is_refused() -> None:
    document = yaml.safe_load(admin())
    del document["users"][0]["user"]["client-key-data"]
    with pytest.raises(KubeconfigError, match="client certificate and its key"):
        admin_access(yaml.safe_dump(document))


def test_odd_entries_are_no_cluster_of_ours() -> None:
    document = parse(
        "{kind: Config, contexts: [{name: mke}, {name: x, context: {cluster: c, user: u}}],"
        " clusters: [{name: c, cluster: {certificate-authority-data: '%%%'}}], users: [{name: u, user: 3}]}"
    )
    access = access_of(document, "x")
    assert access is not None
    assert access.ca_sha256 == ""
    assert not access.is_lasting(NOW)
    assert access.expires() is None


def test_a_lasting_certificate_is_judged_by_the_given_time() -> None:
    access = admin_access(admin(days=31))
    assert access.is_lasting(NOW)
    assert not access.is_lasting(NOW + datetime.timedelta(days=2))


def test_a_diff_shows_no_secret() -> None:
    document = written()
    document["users"].append(
        {"name": "t", "user": {"token": "s3cret", "password": "s3cret", "exec": {"env": ["s3cret"]}}}
    )
    text = redacted(document)
    assert "s3cret" not in text
    assert authority().sha256 in text
    assert not [secret for secret in secrets_of(admin()) if secret in text]
    assert redacted({}) == ""
    assert "key" not in repr(admin_access(admin())) or secrets_of(admin())[0] not in repr(admin_access(admin()))

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One registry: logins, certificates, and what it has."""

from __future__ import annotations

import io
import json
import socket
from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._oci.client import Access, Client
from ansible_collections.mke4k.core.plugins.module_utils._oci.errors import (
    LoginRefused,
    Refused,
    Unreachable,
    Untrusted,
)
from ansible_collections.mke4k.core.plugins.module_utils._oci.reference import Reference

from .fake_registry import PASSWORD, FakeRegistry, digest_of

BLOB = b"a layer" * 1000


@pytest.mark.parametrize("auth", ["", "basic", "bearer"])
def test_each_way_of_logging_in_works(tmp_path: Path, auth: str) -> None:
    with FakeRegistry(tmp_path, auth) as registry, Client(registry.access()) as client:
        client.ping()
        assert client.manifest_digest("mke/pause", "3.10") is None
        client.upload("mke/pause", digest_of(BLOB), io.BytesIO(BLOB), len(BLOB))
        client.put_manifest("mke/pause", "3.10", "application/json", b"{}")
        assert client.has_blob("mke/pause", digest_of(BLOB))
        assert client.manifest_digest("mke/pause", "3.10") == digest_of(b"{}")


@pytest.mark.parametrize("auth", ["basic", "bearer"])
@pytest.mark.parametrize(
    ("login", "says"),
    [
        ({"password": "wrong-one"}, "refuses the login of pusher"),
        ({"username": "", "password": ""}, "refuses a request without a login"),
    ],
)
def test_a_refused_login_is_told_without_the_password(
    tmp_path: Path, auth: str, login: dict[str, str], says: str
) -> None:
    with FakeRegistry(tmp_path, auth) as registry, Client(registry.access(**login)) as client:
        with pytest.raises(LoginRefused, match=says) as caught:
            client.ping()
        assert "wrong-one" not in str(caught.value.report())


def test_a_login_is_only_left_to_a_server_with_https(registry: FakeRegistry) -> None:
    with Client(registry.access()) as client, pytest.raises(LoginRefused, match="no HTTPS URL"):
        client._token({"realm": "http://example.com/token"}, "")


def test_an_unknown_authority_is_told(registry: FakeRegistry) -> None:
    with Client(registry.access(ca="")) as client, pytest.raises(Untrusted, match="is not trusted"):
        client.ping()
    with pytest.raises(Untrusted, match="cannot be read"):
        Client(registry.access(ca="-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))


def test_nobody_at_that_address_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    with Client(Access(host)) as client, pytest.raises(Unreachable, match="connection refused"):
        client.ping()


def test_a_connection_that_was_idle_is_made_again(registry: FakeRegistry) -> None:
    with Client(registry.access()) as client:
        client.ping()
        registry.faults = [0]
        assert client.manifest_digest("mke/pause", "3.10") is None


def test_a_connection_that_ends_at_once_is_told(registry: FakeRegistry) -> None:
    registry.faults = [0]
    with Client(registry.access()) as client, pytest.raises(Unreachable, match="gave no answer"):
        client.ping()


@pytest.mark.parametrize(("status", "passes"), [(503, True), (429, True), (400, False)])
def test_other_answers_are_told_in_the_registrys_words(registry: FakeRegistry, status: int, passes: bool) -> None:
    registry.faults = [status]
    with Client(registry.access()) as client, pytest.raises(Refused, match="come back later") as caught:
        client.ping()
    assert caught.value.passes == passes


def test_a_blob_is_taken_over_from_another_repository(registry: FakeRegistry) -> None:
    registry.blobs.add(("mke/a", digest_of(BLOB)))
    with Client(registry.access()) as client:
        assert client.mount("mke/b", digest_of(BLOB), "mke/a")
        assert client.has_blob("mke/b", digest_of(BLOB))
        assert not client.mount("mke/b", digest_of(b"other"), "mke/a")


@pytest.mark.parametrize(
    ("text", "version", "host", "repository", "tag"),
    [
        ("quay.io/k0sproject/pause:3.10", "", "quay.io", "k0sproject/pause", "3.10"),
        ("10.0.0.1:5000/mke/pause", "", "10.0.0.1:5000", "mke/pause", "latest"),
        ("oci://10.0.0.1:5000/mke/app", "1.0.0+a", "10.0.0.1:5000", "mke/app", "1.0.0_a"),
        ("r.example.com/a/b:1@sha256:abc", "", "r.example.com", "a/b", "sha256:abc"),
    ],
)
def test_references_are_taken_apart(text: str, version: str, host: str, repository: str, tag: str) -> None:
    found = Reference.of(text, version)
    assert (found.host, found.repository, found.tag) == (host, repository, tag)


def test_references_are_put_together_again() -> None:
    assert str(Reference("h:1", "a/b", "1")) == "h:1/a/b:1"
    assert str(Reference("h:1", "a/b", "sha256:1")) == "h:1/a/b@sha256:1"


def test_no_password_is_in_the_text_of_an_access(registry: FakeRegistry) -> None:
    assert PASSWORD not in repr(registry.access())
    assert PASSWORD not in json.dumps(registry.requests)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.clean import (
    Known,
    clean,
    clean_data,
    names_and_sizes,
    secret_values,
)

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIcanary\nMIIcanary2\n-----END RSA PRIVATE KEY-----"
# Where a secret may stand; {} is the secret.
PLACES = [
    "password: {}",
    "  registryPassword: {}",
    '  "password": "{}",',
    'msg="login with password: {} failed"',
    "the password is {}",
    "--token={} --v=2",
    '--token="{}"',
    r'level=info msg="FLAG: --oidc-client-secret=\"{}\"" component=kube-apiserver',
    r'msg="{{\"token\":\"{}\",\"a\":1}}"',
    r'msg="{{\"level\":\"info\",\"msg\":\"{{\\\"password\\\":\\\"{}\\\"}}\"}}"',
    '{{"clientSecret":"{}"}}',
    'Environment="AWS_SECRET_ACCESS_KEY={}"',
    "Environment=REGISTRY_AUTH={}",
    "HTTPS_PROXY=http://user:{}@proxy.example.com:3128",
    "url: https://{}@git.example.com/x.git",
    "Authorization: Bearer {}",
    "authorization=Basic {}",
    'curl -H "Authorization: {}"',
    "GET /x?token={}&a=1",
    "GET /x?X-Amz-Signature={}",
    '"auth": "{}"',
    "api_key={}",
    '  password = "{}"',
    "client_secret = '{}' # old",
    "secret-access-key={}",
]
LOOKS = [
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJjYW5hcnkifQ.c2lnbmF0dXJl",
    "AKIAIOSFODNN7EXAMPLE",
    "H4sIAAAAAAAC" + "a" * 80 + "==",
    "abcdef.0123456789abcdef",
    base64.b64encode(KEY.encode()).decode(),
    "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
    "$6$rounds=5000$usesomesillystri$D4IrlXatmP7rx3P3InaxBeoomnAihCKRVQAr/36eYTgo",
]


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=20)
@given(secret=st.text("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", min_size=16, max_size=40))
def test_a_secret_is_masked_where_a_secret_stands(place: str, secret: str) -> None:
    text = f"before\n{place.format(secret)}\nafter"
    cleaned = clean(text)
    assert secret not in cleaned
    assert cleaned.startswith("before\n")
    assert cleaned.endswith("\nafter")
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize("secret", LOOKS)
def test_what_looks_like_a_secret_is_masked_wherever_it_stands(secret: str) -> None:
    assert secret not in clean(f'time="x" msg="got {secret} from there"')


@pytest.mark.parametrize("text", [KEY, json.dumps({"x": KEY}), f"a\n{KEY}\nb", KEY.partition("-----END")[0]])
def test_a_private_key_is_masked_in_any_shape(text: str) -> None:
    assert "MIIcanary" not in clean(text)


@pytest.mark.parametrize(
    "text",
    [
        "--service-account-signing-key-file=/var/lib/k0s/pki/sa.key",
        r'msg="server" burstTokens=10 refreshSecret=\"true\" tokenAge=1h0m0s',
        "--token-ttl=1h0m0s --kubelet-client-key=/var/lib/k0s/pki/apiserver-kubelet-client.key",
        "secretName: registry-login",
        'token_path = "/etc/k0s/k0stoken"',
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "Jan 02 10:00:00 n1 k0s[1]: the token was invalidated",
        "10.77.0.11 kube-apiserver.example.com v1.33.13+k0s.0",
        "sha256:5cf26074fd3eb5d0ed087d96da1ff3a262e47b3c5ec1a64121652a18e33453e3",
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert clean(text) == text


def test_documents_are_cleaned_by_key_by_text_and_by_the_name_beside_a_value() -> None:
    cleaned = clean_data(
        {
            "spec": {
                "password": "canary-1",
                "values": "image: x\nadminPassword: canary-2\n",
                "env": [{"name": "DB_PASSWORD", "value": "canary-3"}, {"name": "LEVEL", "value": "info"}],
                "args": ["--token=canary-4", "--v=2"],
                "none": None,
                "count": 3,
            }
        }
    )
    text = json.dumps(cleaned)
    assert "canary" not in text
    assert cleaned["spec"]["env"][1] == {"name": "LEVEL", "value": "info"}
    assert (cleaned["spec"]["none"], cleaned["spec"]["count"], cleaned["spec"]["args"][1]) == (None, 3, "--v=2")


def test_known_values_are_masked_as_they_are_in_json_and_in_base64() -> None:
    value = 'qu"ote\\d-canary'
    known = Known([value, "short", "  ", "line\n"])
    encoded = base64.b64encode(value.encode()).decode()
    text = f"{value} {json.dumps(value)} {encoded} short"
    masked = known.masked(text)
    assert "canary" not in masked
    assert encoded not in masked
    assert masked.endswith(" short")


def test_of_two_known_values_the_longer_one_goes_whole() -> None:
    assert Known(["canary", "canary-and-more"]).masked("x canary-and-more y") == "x ******** y"


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"spec": {"password": "p1", "hosts": [{"sshPassword": "p2"}]}}, {"p1", "p2"}),
        ({"secretName": "open", "tokens": ["a", "b"]}, {"a", "b"}),
        ({"enabled": True, "password": None}, set()),
        ("text", set()),
    ],
)
def test_what_a_document_itself_calls_secret_is_known(document: Any, found: Any) -> None:
    assert secret_values(document) == found


def test_of_hidden_values_names_and_sizes_are_told() -> None:
    assert names_and_sizes({"a": "xyz", "b": None}) == {"a": "(3 characters)", "b": "(0 characters)"}

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chain from the Credential to the Secret: the first link that does not hold is named."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.chain import (
    API_VERSION,
    CONTROLLER,
    ROLE,
    STATIC,
    Chain,
    Link,
    identity_ref,
    is_allowed,
    judged,
    secret_ref,
    selects,
    source_ref,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

CREDENTIAL = Ref("k0rdent.mirantis.com/v1beta1", "Credential", "aws", "k0rdent")
IDENTITY = Ref(API_VERSION, STATIC, "aws-cluster-identity")
SECRET = Ref("v1", "Secret", "aws-cluster-identity-secret", "k0rdent")
KEYS = {"AccessKeyID": "eA==", "SecretAccessKey": "eA=="}
ALLOWING = {"spec": {"allowedNamespaces": {}, "secretRef": SECRET.name}}


def chain(**changed: Any) -> Chain:
    usual: dict[str, Any] = {
        "namespace": "k0rdent",
        "credential": Link(CREDENTIAL, {"spec": {}}),
        "identities": (Link(IDENTITY, ALLOWING),),
        "secret": Link(SECRET, {"data": KEYS}),
        "provider": "Deployment k0rdent/capa-controller-manager",
    }
    return Chain(**{**usual, **changed})


def allowing(allowed: Any) -> tuple[Link, ...]:
    return (Link(IDENTITY, {"spec": {"allowedNamespaces": allowed}}),)


# Cause: the chain that is broken there, and words that people have to read.
BROKEN: dict[str, tuple[Chain, str]] = {
    "credential-missing": (chain(credential=Link(CREDENTIAL, None)), "Credential k0rdent/aws"),
    "identity-missing": (chain(identities=(Link(IDENTITY, None),)), "AWSClusterStaticIdentity aws-cluster-identity"),
    "identity-not-allowed": (chain(identities=allowing({"selector": {"matchLabels": {}}})), "{selector: {matchLabels"),
    "identity-secret-missing": (chain(secret=Link(SECRET, None)), "Secret k0rdent/aws-cluster-identity-secret"),
    "identity-secret-incomplete": (chain(secret=Link(SECRET, {"data": {"AccessKeyID": ""}})), "no SecretAccessKey"),
    "provider-not-ready": (chain(provider_ready=False), "Deployment k0rdent/capa-controller-manager"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_link_that_does_not_hold_is_named(name: str) -> None:
    broken, words = BROKEN[name]
    found = judged(broken)
    assert found is not None
    assert found.cause.name == name
    assert words in found.text()


@pytest.mark.parametrize("ready", [True, None])
def test_a_chain_that_holds_is_no_cause(ready: bool | None) -> None:
    assert judged(chain(provider_ready=ready)) is None


def test_an_identity_that_says_nothing_of_namespaces_allows_none() -> None:
    found = judged(chain(identities=allowing(None)))
    assert found is not None
    assert found.evidence == "is not set, the child is in k0rdent"


def test_a_role_needs_the_identity_behind_it_too() -> None:
    role = Link(Ref(API_VERSION, ROLE, "prod"), ALLOWING)
    found = judged(chain(identities=(role, Link(IDENTITY, None)), secret=None))
    assert found is not None
    assert (found.cause.name, found.where) == ("identity-missing", str(IDENTITY))


def test_the_identity_of_the_controller_has_no_secret() -> None:
    assert judged(chain(identities=(Link(Ref(API_VERSION, CONTROLLER, "default"), ALLOWING),), secret=None)) is None


@pytest.mark.parametrize(
    "allowed",
    [
        {},
        {"list": None},
        # As CAPA's webhook writes it into every identity.
        {"list": None, "selector": {}},
        {"selector": {}},
        {"list": ["other", "k0rdent"]},
        {"selector": {"matchLabels": {"team": "a"}}},
        {"selector": {"matchLabels": {"kubernetes.io/metadata.name": "k0rdent"}}},
        {"list": ["other"], "selector": {"matchExpressions": [{"key": "team", "operator": "Exists"}]}},
    ],
)
def test_namespaces_that_are_allowed(allowed: Any) -> None:
    assert is_allowed(allowed, "k0rdent", {"team": "a"})


@pytest.mark.parametrize(
    "allowed",
    [
        None,
        "all",
        {"list": []},
        {"list": ["other"]},
        {"selector": {"matchLabels": {}}},
        {"selector": {"matchLabels": {}, "matchExpressions": []}},
        {"selector": {"matchLabels": {"team": "b"}}},
        {"selector": {"matchExpressions": [{"key": "team", "operator": "DoesNotExist"}]}},
    ],
)
def test_namespaces_that_are_not_allowed(allowed: Any) -> None:
    assert not is_allowed(allowed, "k0rdent", {"team": "a"})


@pytest.mark.parametrize(
    ("operator", "values", "fits"),
    [
        ("In", ["a", "b"], True),
        ("In", ["b"], False),
        ("NotIn", ["b"], True),
        ("NotIn", ["a"], False),
        ("Exists", None, True),
        ("DoesNotExist", None, False),
        ("Like", ["a"], False),
    ],
)
def test_expressions_select_as_kubernetes_does(operator: str, values: Any, fits: bool) -> None:
    expression = {"key": "team", "operator": operator, "values": values}
    assert selects({"matchExpressions": [expression]}, {"team": "a"}) is fits


def test_the_secret_is_where_the_provider_runs() -> None:
    assert secret_ref({"spec": {"secretRef": "keys"}}, "capa-system") == Ref("v1", "Secret", "keys", "capa-system")
    assert secret_ref({"spec": {"secretRef": {"name": "keys"}}}, "capa-system").name == "keys"


def test_a_credential_without_words_names_a_static_identity() -> None:
    assert identity_ref({"spec": {"identityRef": {"name": "x"}}}) == Ref(API_VERSION, STATIC, "x")
    assert identity_ref(None).name == ""


def test_the_source_of_a_role_is_found() -> None:
    role = {"spec": {"sourceIdentityRef": {"kind": STATIC, "name": "x"}}}
    assert source_ref(role) == Ref(API_VERSION, STATIC, "x")
    assert source_ref(ALLOWING) is None

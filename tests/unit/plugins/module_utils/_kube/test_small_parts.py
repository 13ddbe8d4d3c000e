# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._kube.access import Access
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.order import deletion_waves, waves
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.resources import (
    Resource,
    discovered,
    discovery_path,
    known,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import LONGEST_DELAY, asked_delay, delay, passes


def test_objects_and_kinds_are_named_as_people_do() -> None:
    ref = Ref.of({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "mke"}})
    assert str(ref) == "Deployment mke/web"
    assert str(Ref.of({"kind": "Node", "metadata": {"name": "n1"}})) == "Node n1"
    assert (str(ref.of_kind), str(Kind("v1", "Secret"))) == ("Deployment.apps", "Secret")


def test_an_error_reports_its_details() -> None:
    assert KubeError("no", ref="x").report() == {"msg": "no", "ref": "x"}
    assert Refused("no", 403, "Forbidden").report() == {"msg": "no", "status": 403, "reason": "Forbidden"}


def test_what_others_need_comes_first_and_goes_last() -> None:
    kinds = ["MkeConfig", "Deployment", "Secret", "CustomResourceDefinition", "Namespace", "ClusterRoleBinding"]
    manifests = [{"kind": kind, "metadata": {"name": "x"}} for kind in kinds]
    order = [item["kind"] for wave in waves(manifests) for item in wave]
    assert order == ["Namespace", "CustomResourceDefinition", "Secret", "ClusterRoleBinding", "Deployment", "MkeConfig"]
    backwards = deletion_waves([Ref.of(item) for item in manifests])
    assert [ref.kind for wave in backwards for ref in wave] == order[::-1]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (Kind("v1", "Secret"), "/api/v1/namespaces/x/secrets/a"),
        (Kind("v1", "Node"), "/api/v1/nodes/a"),
        (Kind("apps/v1", "DaemonSet"), "/apis/apps/v1/namespaces/x/daemonsets/a"),
        (Kind("operator.tigera.io/v1", "TigeraStatus"), "/apis/operator.tigera.io/v1/tigerastatuses/a"),
        (Kind("k0rdent.mirantis.com/v1beta1", "MultiClusterService"),
         "/apis/k0rdent.mirantis.com/v1beta1/multiclusterservices/a"),
    ],
)  # fmt: skip
def test_kinds_that_are_always_needed_cost_no_discovery(kind: Kind, path: str) -> None:
    found = known(kind)
    assert found is not None
    assert found.path("x", "a") == path


def test_other_kinds_are_discovered() -> None:
    listed = {
        "resources": [
            {"name": "things", "kind": "Thing", "namespaced": True},
            {"name": "things/status", "kind": "Thing"},
        ]
    }
    assert discovered("e.com/v1", listed) == {Kind("e.com/v1", "Thing"): Resource("e.com/v1", "things", True)}
    assert (
        Resource("e.com/v1", "things", True).path("x", "a", "status") == "/apis/e.com/v1/namespaces/x/things/a/status"
    )
    assert (discovery_path("v1"), discovery_path("e.com/v1")) == ("/api/v1", "/apis/e.com/v1")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_weather_passes(status: int) -> None:
    assert passes(status)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_a_refusal_does_not_pass(status: int) -> None:
    assert not passes(status)
    assert passes(status, "ServerTimeout")


@given(st.integers(0, 1000), st.floats(0, 1))
def test_pauses_grow_to_a_limit_and_are_spread(attempt: int, chance: float) -> None:
    assert 0 <= delay(attempt, chance) <= LONGEST_DELAY
    assert delay(attempt, chance, 7.0) >= 7.0


@pytest.mark.parametrize(
    ("headers", "status", "asked"),
    [
        ({"Retry-After": "7"}, {}, 7.0),
        ({}, {"details": {"retryAfterSeconds": 3}}, 3.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, {}, None),
        ({}, {}, None),
    ],
)
def test_what_the_server_asks_for_is_read_from_both_places(headers: Any, status: Any, asked: Any) -> None:
    assert asked_delay(headers, status) == asked


def test_options_win_over_the_environment_and_empty_ones_do_not() -> None:
    environ = {
        "K8S_AUTH_HOST": "https://awx",
        "K8S_AUTH_API_KEY": "t",
        "K8S_AUTH_VERIFY_SSL": "no",
        "K8S_AUTH_CONTEXT": "e",
    }
    access = Access.of({"host": "", "context": "o", "api_key": None}, environ)
    assert (access.host, access.api_key, access.validate_certs, access.context) == ("https://awx", "t", False, "o")
    assert access.is_given


def test_impersonation_takes_groups_as_list_or_text() -> None:
    assert Access.of({"impersonate_groups": ["a", "b"]}, {}).impersonate_groups == ("a", "b")
    assert Access.of({}, {"K8S_AUTH_IMPERSONATE_GROUPS": "a,b"}).impersonate_groups == ("a", "b")


def test_the_usual_variable_of_kubectl_counts_where_nothing_else_is_said() -> None:
    assert Access.of({}, {"KUBECONFIG": "/k"}).kubeconfig == "/k"
    assert Access.of({"host": "https://x"}, {"KUBECONFIG": "/k"}).kubeconfig == ""
    assert not Access.of({}, {}).is_given


def test_no_secret_is_shown_when_an_access_is_printed() -> None:
    shown = repr(Access.of({"kubeconfig": "hush1", "api_key": "hush2", "password": "hush3"}, {}))
    assert "hush" not in shown

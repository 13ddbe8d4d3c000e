# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._children.mothership import children_of, read_mothership
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.mothership_server import (
    CHILDREN,
    K0RDENT,
    PROVIDERS,
    child,
    mothership,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import api_of, refused


def test_everything_that_children_need_takes_four_requests() -> None:
    api = api_of(mothership(child("a"), child("b")))
    facts = read_mothership(api, "mke-operator")
    assert (facts.namespace, facts.version, api.requests) == ("k0rdent", "v4.1.2", 4)
    assert facts.providers == dict.fromkeys(PROVIDERS, True)
    assert list(facts.credentials) == ["aws-cluster-identity-cred"]
    assert sorted(facts.others) == ["a", "b"]
    assert facts.asked
    assert facts.has_child_configs


def test_a_mothership_without_the_kind_is_told_from_one_without_children() -> None:
    server = mothership()
    assert read_mothership(api_of(server), "mke-operator").has_child_configs
    server.troubles = [refused(404, "NotFound", "the server could not find the requested resource")]
    assert not read_mothership(api_of(server), "mke-operator").has_child_configs


def test_the_engine_of_k0rdent_looks_for_its_namespace_and_its_templates() -> None:
    server = mothership()
    server.objects[f"{K0RDENT}/namespaces/kcm-system/clustertemplates/aws-standalone-cp-1-0-12"] = {
        "metadata": {"name": "aws-standalone-cp-1-0-12"},
        "status": {"valid": True},
    }
    facts = read_mothership(api_of(server), "k0rdent")
    assert facts.namespace == "kcm-system"
    assert list(facts.templates) == ["aws-standalone-cp-1-0-12"]
    assert read_mothership(api_of(server), "k0rdent", "elsewhere").namespace == "elsewhere"


def test_children_of_both_engines_are_seen() -> None:
    server = mothership(child("a"))
    deployment = {"metadata": {"name": "b", "namespace": "k0rdent"}, "kind": "ClusterDeployment"}
    server.objects[f"{K0RDENT}/namespaces/k0rdent/clusterdeployments/b"] = deployment
    server.objects[f"{K0RDENT}/namespaces/k0rdent/clusterdeployments/a"] = {"metadata": {"name": "a"}}
    found = children_of(api_of(server))
    assert sorted(found) == ["a", "b"]
    assert found["a"] == server.objects[f"{CHILDREN}/a"]

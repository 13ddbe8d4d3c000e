# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""k0rdent is installed, adopted, watched and removed on a real API server, with a stand-in for its controller."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, TimedOut
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.decide import Wish, decide
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.find import find
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.install import Patience
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.present import Outcome, Terms, present
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.providers import Provider
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.remove import remove
from tests.integration.api.mothership.cluster import Mothership
from tests.lab.standin import helm, kinds
from tests.lab.standin.api import Object

AWS = "cluster-api-provider-aws"
SILENT: Callable[[str], None] = lambda _text: None  # noqa: E731
GENERATED = "made-for-this-test"


@pytest.fixture
def config() -> Cluster:
    document = {"hosts": [{"role": "controller+worker", "ssh": {"address": "10.0.0.11"}}], "version": "v4.1.2"}
    envelope = {"apiVersion": "mke.mirantis.com/v1alpha1", "kind": "MkeConfig", "metadata": {"name": "mke"}}
    return load({**envelope, "spec": document}).require()


def terms(seconds: float = 30, **changes: Any) -> Terms:
    patience = Patience(seconds, SILENT, time.monotonic)
    return Terms(**{"patience": patience, "make_password": lambda: GENERATED, "chart_seconds": 60, **changes})


def run(there: Mothership, config: Cluster, wish: Wish | None = None, **changes: Any) -> tuple[Outcome, dict[str, Any]]:
    """What the action does: look, decide, act."""
    api = there.bed.api()
    found = find(api)
    done = present(api, config, found, decide(found, wish or Wish(), config), terms(**changes))
    return done, done.to_dict(found)


def password(there: Mothership) -> str:
    secret = there.api.get(kinds.SECRET, "mke4k-k0rdent-ui", "k0rdent") or {"data": {"password": ""}}
    return base64.b64decode(secret["data"]["password"]).decode()


def taken_away(there: Mothership, **changes: Any) -> list[str]:
    api = there.bed.api()
    return remove(api, find(api), "k0rdent", Patience(20, SILENT, time.monotonic), **{"dry_run": False, **changes})


def child(there: Mothership) -> None:
    spec = {"template": "aws-standalone-cp-1-0-12", "credential": "aws-cluster-identity-cred"}
    there.api.create(kinds.CLUSTER_DEPLOYMENT, kinds.CLUSTER_DEPLOYMENT.made("child", "k0rdent", spec=spec))


def installed_by_helm(there: Mothership, namespace: str, version: str = "1.0.0") -> None:
    """As `helm install kcm` leaves it: no Chart object, but Helm's record."""
    there.bed.ensure_namespace(namespace)
    name = "k0rdent-enterprise"
    there.api.apply(kinds.SECRET, helm.record("kcm", namespace, name, version, helm.DEPLOYED), "helm")
    image = f"registry.test/kcm:{version}"
    labels = {"app": "kcm"}
    pods: Object = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "manager", "image": image}]}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": pods}
    made = kinds.DEPLOYMENT.made("kcm-k0rdent-enterprise-controller-manager", namespace, spec=spec)
    there.api.apply(kinds.DEPLOYMENT, made, "helm")


def test_k0rdent_is_installed_and_all_its_components_come_up(mothership: Mothership, config: Cluster) -> None:
    done, result = run(mothership, config)
    assert done.changed
    assert result["chart"]["action"] == "created"
    assert result["chart"]["version"] == "1.1.0"
    assert [row["name"] for row in result["components"]][:2] == ["kcm", "capi"]
    assert all(row["ready"] for row in result["components"])
    assert "infrastructure-aws" in result["providers"]
    assert result["text"][0].split()[0] == "COMPONENT"
    assert password(mothership) == GENERATED
    assert GENERATED not in str(result) + str(done.diffs)


def test_a_second_run_changes_nothing_and_asks_little(mothership: Mothership, config: Cluster) -> None:
    run(mothership, config)
    api = mothership.bed.api()
    found = find(api)
    again = present(api, config, found, decide(found, Wish(), config), terms())
    assert not again.changed
    assert again.action == "unchanged"
    assert password(mothership) == GENERATED
    assert api.requests <= 10


def test_check_mode_predicts_and_makes_nothing(mothership: Mothership, config: Cluster) -> None:
    done, result = run(mothership, config, dry_run=True)
    assert done.changed
    assert result["chart"]["action"] == "created"
    assert mothership.api.list(kinds.CHART) == []
    assert password(mothership) == ""
    run(mothership, config)
    again, _result = run(mothership, config, dry_run=True)
    assert not again.changed


def test_a_password_that_is_given_is_used_and_shown_nowhere(mothership: Mothership, config: Cluster) -> None:
    done, result = run(mothership, config, password="given-by-me")
    assert password(mothership) == "given-by-me"
    assert "given-by-me" not in str(result) + str(done.diffs)
    assert base64.b64encode(b"given-by-me").decode() not in str(result) + str(done.diffs)


def test_the_time_out_has_the_error_of_the_component(mothership: Mothership, config: Cluster) -> None:
    text = "HelmRelease k0rdent/cluster-api-provider-aws is not yet ready: manifest unknown"
    mothership.fault(k0rdent__cluster_api_provider_aws={"error": text})
    with pytest.raises(TimedOut) as caught:
        run(mothership, config, seconds=4)
    assert f"{AWS}: {text}" in str(caught.value)
    mothership.fault()
    done, _result = run(mothership, config)
    assert not done.changed
    assert all(row["ready"] for row in _result["components"])


def test_a_bad_template_is_named_with_its_error(mothership: Mothership, config: Cluster) -> None:
    mothership.fault(k0rdent__template__cluster_api_1_0_4={"error": "chart not found in the registry"})
    with pytest.raises(TimedOut) as caught:
        run(mothership, config, seconds=4)
    assert "cluster-api-1-0-4: chart not found in the registry" in str(caught.value)


def test_a_provider_that_is_missing_is_added(mothership: Mothership, config: Cluster) -> None:
    run(mothership, config)
    management = mothership.api.get(kinds.MANAGEMENT, "kcm")
    assert management is not None
    others = [item for item in management["spec"]["providers"] if item["name"] != AWS]
    mothership.api.patch(kinds.MANAGEMENT, management, {"spec": {"providers": others}})
    mothership.until(lambda item: AWS not in item["status"]["components"], kinds.MANAGEMENT, "kcm")
    done, result = run(mothership, config, Wish(providers=[Provider(AWS)]))
    assert done.changed
    assert AWS in done.diffs[0]["after"]
    assert AWS not in done.diffs[0]["before"]
    assert AWS in [row["name"] for row in result["components"] if row["ready"]]
    again, _result = run(mothership, config, Wish(providers=[Provider(AWS)]))
    assert not again.changed


def test_a_provider_that_nobody_knows_is_refused(mothership: Mothership, config: Cluster) -> None:
    with pytest.raises(KubeError, match="did you mean 'cluster-api-provider-aws'"):
        run(mothership, config, Wish(providers=[Provider("aws")]))


def test_a_k0rdent_of_somebody_else_is_adopted(mothership: Mothership, config: Cluster) -> None:
    installed_by_helm(mothership, "kcm-system")
    done, result = run(mothership, config)
    assert not done.changed
    assert result["adopted"]
    assert result["chart"]["action"] == "adopted"
    assert result["namespace"] == "kcm-system"
    assert "installed by somebody else" in str(result["text"])
    assert "older than the 1.1.0" in str(result["text"])
    assert all(row["ready"] for row in result["components"])
    assert mothership.api.list(kinds.CHART) == []


def test_a_newer_k0rdent_is_not_downgraded(mothership: Mothership, config: Cluster) -> None:
    run(mothership, config, Wish(version="1.2.3"))
    done, result = run(mothership, config)
    assert not done.changed
    assert result["chart"]["version"] == "1.2.3"
    assert "cannot go back" in str(result["notes"])


def test_an_upgrade_goes_on_to_the_release_of_the_new_chart(mothership: Mothership, config: Cluster) -> None:
    run(mothership, config)
    done, result = run(mothership, config, Wish(version="1.2.3"))
    assert done.changed
    assert result["components"][0]["template"] == "k0rdent-enterprise-1-2-3"


def test_it_is_removed_in_order_and_its_namespace_with_it(mothership: Mothership, config: Cluster) -> None:
    run(mothership, config, Wish(namespace="k0rdent"))
    predicted = taken_away(mothership, dry_run=True)
    assert mothership.api.get(kinds.MANAGEMENT, "kcm") is not None
    steps = taken_away(mothership)
    assert steps == predicted
    assert steps[:2] == ["Management kcm", "Helm release kcm"]
    assert mothership.api.list(kinds.CHART) == []
    assert taken_away(mothership) == []


def test_it_is_not_removed_while_it_looks_after_clusters(mothership: Mothership, config: Cluster) -> None:
    run(mothership, config)
    child(mothership)
    with pytest.raises(KubeError, match="k0rdent/child"):
        taken_away(mothership)
    assert mothership.api.list(kinds.CHART) != []


def test_a_k0rdent_of_somebody_else_is_not_removed(mothership: Mothership, config: Cluster) -> None:
    installed_by_helm(mothership, "kcm-system")
    run(mothership, config)
    with pytest.raises(KubeError, match="installed by somebody else"):
        taken_away(mothership)

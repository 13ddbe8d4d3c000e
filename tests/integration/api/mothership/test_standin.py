# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in operators do in order what the real ones do, and fail where they are told to."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.integration.api.mothership.cluster import Mothership
from tests.lab.standin import kinds, objects
from tests.lab.standin.api import ApiError, Object

TIGERA_VALUES: Object = {
    "installation": {
        "cni": {"type": "Calico"},
        "calicoNetwork": {
            "bgp": "Disabled",
            "ipPools": [{"cidr": "10.20.0.0/16", "encapsulation": "VXLAN", "blockSize": 26}],
        },
    },
    "defaultFelixConfiguration": {"enabled": True, "vxlanPort": 4789, "vxlanVNI": 10000},
}
MANAGEMENT = (kinds.MANAGEMENT, "kcm")
CONFIG = (kinds.MKE_CONFIG, "mke", "mke")


def is_ready(item: Object) -> bool:
    return objects.is_true(item, "Ready")


def reason(item: Object) -> str:
    found: list[Any] = [one for one in objects.status_of(item).get("conditions") or () if one["type"] == "Ready"]
    return str(found[0]["reason"]) if found else ""


def calico(there: Mothership) -> None:
    there.chart("calico", "mke/mirrored-chart-tigera-operator", "v3.30.200", "tigera-operator", TIGERA_VALUES)


def k0rdent(there: Mothership) -> None:
    there.chart("kcm", "k0rdent-enterprise/charts/k0rdent-enterprise", "1.1.0", "k0rdent")


def mke(there: Mothership, **spec: Any) -> None:
    there.chart("mke-operator", "mke/mke-operator", "3.11.2", "mke")
    there.api.apply(kinds.MKE_CONFIG, kinds.MKE_CONFIG.made("mke", "mke", spec={"version": "v4.1.2", **spec}), "test")


def component(item: Object, name: str) -> Object:
    found: Object = (objects.status_of(item).get("components") or {}).get(name) or {}
    return found


def test_calico_becomes_available_with_the_pool_and_felix_of_its_values(mothership: Mothership) -> None:
    calico(mothership)
    status = mothership.until(lambda item: objects.is_true(item, "Available"), kinds.TIGERA_STATUS, "calico")
    installation = mothership.until(is_ready, kinds.INSTALLATION, "default")
    pool = mothership.api.get(kinds.IP_POOL, "default-ipv4-ippool")
    felix = mothership.api.get(kinds.FELIX, "default")
    assert pool is not None
    assert felix is not None
    assert (pool["spec"]["cidr"], pool["spec"]["vxlanMode"], pool["spec"]["blockSize"]) == (
        "10.20.0.0/16",
        "Always",
        26,
    )
    assert (felix["spec"]["vxlanPort"], felix["spec"]["vxlanVNI"], felix["spec"]["healthPort"]) == (4789, 10000, 9099)
    assert installation["spec"]["calicoNetwork"]["ipPools"][0]["name"] == "default-ipv4-ippool"
    assert status["status"]["conditions"][0]["observedGeneration"] == installation["metadata"]["generation"]


def test_calico_says_what_is_wrong_with_it(mothership: Mothership) -> None:
    mothership.fault(calico__calico={"error": "Pod calico-system/calico-node-x failed to pull container image"})
    calico(mothership)
    status = mothership.until(lambda item: objects.is_true(item, "Degraded"), kinds.TIGERA_STATUS, "calico")
    assert not objects.is_true(status, "Available")
    assert "failed to pull" in str(status["status"]["conditions"])


def test_calico_waits_for_its_workloads(mothership: Mothership) -> None:
    mothership.fault(pods__calico_typha={"never": True})
    calico(mothership)
    status = mothership.until(lambda item: objects.is_true(item, "Progressing"), kinds.TIGERA_STATUS, "calico")
    mothership.until(lambda item: "calico-typha" in str(item["status"]), kinds.TIGERA_STATUS, "calico")
    assert not objects.is_true(status, "Available")


def test_k0rdent_comes_up_from_its_release_to_all_components(mothership: Mothership) -> None:
    k0rdent(mothership)
    management = mothership.until(is_ready, *MANAGEMENT)
    status = management["status"]
    assert status["release"] == management["spec"]["release"] == "k0rdent-enterprise-1-1-0"
    assert all(entry["success"] for entry in status["components"].values())
    assert {"kcm", "capi", "projectsveltos", "cluster-api-provider-aws"} <= set(status["components"])
    assert {"infrastructure-aws", "bootstrap-k0sproject-k0smotron"} <= set(status["availableProviders"])
    release = mothership.api.get(kinds.RELEASE, "k0rdent-enterprise-1-1-0")
    assert objects.is_true(release, "TemplatesCreated")
    assert objects.is_true(release, "TemplatesValid")
    assert mothership.api.get(kinds.HELM_RELEASE, "kcm", "k0rdent") is not None


def test_components_wait_for_those_they_depend_on(mothership: Mothership) -> None:
    mothership.fault(k0rdent__kcm={"never": True})
    k0rdent(mothership)
    found = mothership.until(lambda item: bool(component(item, "capi")), *MANAGEMENT)
    assert component(found, "capi")["error"] == "Some dependencies are not ready yet. Waiting for kcm"
    assert component(found, "projectsveltos")["error"] == "Some dependencies are not ready yet. Waiting for capi"
    mothership.fault()
    mothership.until(is_ready, *MANAGEMENT)


def test_a_failing_provider_is_named_with_its_error_and_recovers(mothership: Mothership) -> None:
    mothership.fault(k0rdent__cluster_api_provider_aws={"error": "manifest unknown"})
    k0rdent(mothership)
    found = mothership.until(lambda item: component(item, "projectsveltos").get("success") is True, *MANAGEMENT)
    assert component(found, "cluster-api-provider-aws")["error"] == "manifest unknown"
    assert reason(found) == "NotAllComponentsHealthy"
    assert "infrastructure-aws" not in found["status"]["availableProviders"]
    mothership.fault()
    healed = mothership.until(is_ready, *MANAGEMENT)
    assert "error" not in component(healed, "cluster-api-provider-aws")


def test_a_component_that_flaps_is_ready_then_not_then_ready(mothership: Mothership) -> None:
    mothership.fault(k0rdent__projectsveltos={"flap": 0.3})
    k0rdent(mothership)
    mothership.until(is_ready, *MANAGEMENT)
    mothership.until(lambda item: "it stopped answering" in str(item["status"]), *MANAGEMENT)
    mothership.until(is_ready, *MANAGEMENT)


def test_a_release_with_a_bad_template_holds_the_management_back(mothership: Mothership) -> None:
    name = "cluster-api-provider-aws-1-0-3"
    mothership.fault(**{f"k0rdent__template__{name}".replace("-", "_"): {"error": "chart not found"}})
    k0rdent(mothership)
    found = mothership.until(lambda item: reason(item) == "ReleaseIsNotReady", *MANAGEMENT)
    template = mothership.api.get(kinds.PROVIDER_TEMPLATE, name)
    assert objects.status_of(template)["validationError"] == "chart not found"
    assert "components" not in found["status"]


def test_a_provider_that_is_missing_comes_when_it_is_added(mothership: Mothership) -> None:
    mothership.fault(k0rdent__cluster_api_provider_aws={"missing": True})
    k0rdent(mothership)
    found = mothership.until(is_ready, *MANAGEMENT)
    assert not component(found, "cluster-api-provider-aws")
    providers = [*found["spec"]["providers"], {"name": "cluster-api-provider-aws"}]
    mothership.fault()
    mothership.api.patch(kinds.MANAGEMENT, found, {"spec": {"providers": providers}})
    mothership.until(lambda item: component(item, "cluster-api-provider-aws").get("success") is True, *MANAGEMENT)


def deployed_child(there: Mothership) -> None:
    spec = {"template": "aws-standalone-cp-1-0-12", "credential": "aws-cluster-identity-cred"}
    there.api.create(kinds.CLUSTER_DEPLOYMENT, kinds.CLUSTER_DEPLOYMENT.made("child", "k0rdent", spec=spec))


def refusal(there: Mothership) -> str:
    """What comes back of an attempt to take all providers away; a policy counts some moments after it was made."""
    management = there.api.get(*MANAGEMENT)
    assert management is not None
    for _try in range(100):
        message = attempt(there, {"spec": {"providers": []}})
        if message:
            return message
        attempt(there, {"spec": {"providers": management["spec"]["providers"]}})
        time.sleep(0.05)
    return ""


def attempt(there: Mothership, patch: Object) -> str:
    try:
        there.api.patch(kinds.MANAGEMENT, kinds.MANAGEMENT.made("kcm"), patch)
    except ApiError as error:
        return str(error)
    return ""


def test_a_provider_in_use_cannot_be_removed(mothership: Mothership) -> None:
    k0rdent(mothership)
    mothership.until(is_ready, *MANAGEMENT)
    deployed_child(mothership)
    assert "cannot be removed from the Management" in refusal(mothership)


def test_a_management_is_deleted_after_the_last_cluster_deployment(mothership: Mothership) -> None:
    k0rdent(mothership)
    mothership.until(is_ready, *MANAGEMENT)
    deployed_child(mothership)
    refusal(mothership)
    with pytest.raises(ApiError, match="management deletion is forbidden"):
        mothership.api.delete(*MANAGEMENT)
    mothership.api.delete(kinds.CLUSTER_DEPLOYMENT, "child", "k0rdent")
    mothership.until(lambda _item: deleted(mothership), *MANAGEMENT)
    mothership.until_gone(*MANAGEMENT)
    assert mothership.api.list(kinds.HELM_RELEASE, "k0rdent") == []


def deleted(there: Mothership) -> bool:
    """Whether the deletion was let through: the policy forgets a ClusterDeployment some moments after it is gone."""
    try:
        return there.api.delete(*MANAGEMENT)
    except ApiError:
        return False


def test_mke_operator_brings_the_services_and_lists_them(mothership: Mothership) -> None:
    mke(mothership, ingressController={"enabled": False}, services=[{"name": "mine", "template": "mine-1.0.0"}])
    config = mothership.until(is_ready, *CONFIG)
    services = {item["name"]: item for item in config["status"]["services"]}
    assert "nginx" not in services
    assert {"cert-manager", "authentication", "ui", "mine"} <= set(services)
    assert all(item["ready"] for item in services.values())
    secret = mothership.api.get(kinds.SECRET, "sh.helm.release.v1.authentication.v1", "mke")
    assert secret is not None
    assert secret["metadata"]["labels"]["status"] == "deployed"
    assert mothership.api.get(kinds.CRD, "passwords.dex.coreos.com") is not None
    assert config["spec"]["tracking"] == {"enabled": True}


def test_a_service_that_fails_says_so_in_the_mke_config(mothership: Mothership) -> None:
    mothership.fault(mke__monitoring={"error": "context deadline exceeded"})
    mke(mothership)
    config = mothership.until(
        lambda item: reason(item) == "ServicesNotReady" and "ui" not in str(conditions(item)), *CONFIG
    )
    services = {item["name"]: item for item in config["status"]["services"]}
    assert services["monitoring"] == {
        "name": "monitoring",
        "version": "57.2.0",
        "ready": False,
        "message": "context deadline exceeded",
    }
    assert services["prometheus-service-monitors"]["message"] == "waiting for monitoring"


def conditions(item: Object) -> Any:
    return objects.status_of(item).get("conditions")


def test_passwords_are_known_only_after_authentication(mothership: Mothership) -> None:
    mothership.fault(mke__authentication={"never": True})
    mke(mothership)
    mothership.until(
        lambda item: "node-feature-discovery" not in str(conditions(item)) and bool(conditions(item)), *CONFIG
    )
    assert mothership.api.get(kinds.CRD, "passwords.dex.coreos.com") is None

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects that the templates of k0rdent make of a child on AWS: pure, from options to manifests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.api.client import Object
from tests.aws.bed import Keys

NAMESPACE = "k0rdent"
CORE, INFRASTRUCTURE = "cluster.x-k8s.io/v1beta1", "infrastructure.cluster.x-k8s.io/v1beta2"
DEPLOYMENT = "k0rdent.mirantis.com/v1beta1"
PLURALS = {
    "Cluster": (CORE, "clusters"),
    "Machine": (CORE, "machines"),
    "MachineDeployment": (CORE, "machinedeployments"),
    "AWSCluster": (INFRASTRUCTURE, "awsclusters"),
    "AWSMachine": (INFRASTRUCTURE, "awsmachines"),
    "AWSMachineTemplate": (INFRASTRUCTURE, "awsmachinetemplates"),
    "AWSClusterStaticIdentity": (INFRASTRUCTURE, "awsclusterstaticidentities"),
    "ClusterDeployment": (DEPLOYMENT, "clusterdeployments"),
    "Credential": (DEPLOYMENT, "credentials"),
    "Deployment": ("apps/v1", "deployments"),
    "Secret": ("v1", "secrets"),
    "Event": ("v1", "events"),
}
CLUSTER_LABEL = "cluster.x-k8s.io/cluster-name"
CLEANUP = "k0rdent.mirantis.com/cleanup"
HELD = "k0rdent.mirantis.com/cluster-deployment"
PROFILE = "control-plane.cluster-api-provider-aws.sigs.k8s.io"
IMAGE = "ami-0a2023251014f8664"
VERSION = "v1.32.6"
PROVIDER = "capa-controller-manager"


@dataclass(frozen=True)
class Wish:
    """A child. `machine`: fields of its AWSMachines that differ from the usual ones."""

    name: str
    region: str = "eu-west-1"
    identity: str = "aws-cluster-identity"
    zones: int = 1
    control_planes: int = 1
    workers: int = 0
    machine: Mapping[str, object] = field(default_factory=dict)


def path(kind: str, name: str = "", namespace: str = NAMESPACE) -> str:
    """Where the API server has it."""
    version, plural = PLURALS[kind]
    root = "/apis/" if "/" in version else "/api/"
    place = "" if kind == "AWSClusterStaticIdentity" else f"/namespaces/{namespace}"
    return f"{root}{version}{place}/{plural}" + (f"/{name}" if name else "")


def made(kind: str, name: str, **more: object) -> Object:
    """An object with a spec and the like."""
    labels = more.pop("labels", None)
    metadata = {"name": name, **({"labels": labels} if labels else {})}
    extra = more.pop("metadata", {})
    assert isinstance(extra, dict)
    return {"apiVersion": PLURALS[kind][0], "kind": kind, "metadata": {**metadata, **extra}, **more}


def identity(name: str, keys: Keys | None, *, allowed: bool = True) -> list[Object]:
    """A static identity with its Secret and Credential; without keys there is no Secret.

    The provider's webhook takes an identity without `allowedNamespaces` for one that all namespaces may use.
    """
    labels = {"k0rdent.mirantis.com/component": "kcm"}
    data = {"AccessKeyID": keys.access_key, "SecretAccessKey": keys.secret_key} if keys else {}
    secret = made("Secret", f"{name}-secret", type="Opaque", labels=labels, stringData=data)
    namespaces: Object = {} if allowed else {"list": ["elsewhere"]}
    spec = {"secretRef": f"{name}-secret", "allowedNamespaces": namespaces}
    static = made("AWSClusterStaticIdentity", name, labels=labels, spec=spec)
    ref = {"apiVersion": INFRASTRUCTURE, "kind": "AWSClusterStaticIdentity", "name": name}
    credential = made("Credential", name, spec={"identityRef": ref})
    return [*([secret] if keys else []), static, credential]


def provider() -> Object:
    """The Deployment that the provider would run in."""
    labels = {"control-plane": PROVIDER, "cluster.x-k8s.io/provider": "infrastructure-aws"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "manager", "image": "capa"}]}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
    return made("Deployment", PROVIDER, labels=labels, spec=spec)


def deployment(wish: Wish) -> Object:
    """What stands for the child."""
    config = {
        "controlPlaneNumber": wish.control_planes,
        "workersNumber": wish.workers,
        "region": wish.region,
        "clusterIdentity": {"name": wish.identity},
    }
    spec = {"template": "aws-standalone-cp-1-0-14", "credential": wish.identity, "config": config}
    return made("ClusterDeployment", wish.name, metadata={"finalizers": [HELD]}, spec=spec)


def cluster(wish: Wish) -> list[Object]:
    """The network and all that is in it."""
    labels = {CLUSTER_LABEL: wish.name}
    ref = {"apiVersion": INFRASTRUCTURE, "kind": "AWSCluster", "name": wish.name, "namespace": NAMESPACE}
    network = {"pods": {"cidrBlocks": ["10.244.0.0/16"]}, "services": {"cidrBlocks": ["10.96.0.0/12"]}}
    join = {"description": "k0s controller join API", "protocol": "tcp", "fromPort": 9443, "toPort": 9443}
    spec = {
        "region": wish.region,
        "sshKeyName": "",
        "identityRef": {"kind": "AWSClusterStaticIdentity", "name": wish.identity},
        "controlPlaneLoadBalancer": {"healthCheckProtocol": "TCP"},
        "network": {
            "additionalControlPlaneIngressRules": [join],
            "vpc": {"availabilityZoneUsageLimit": wish.zones},
        },
    }
    metadata = {"annotations": {"aws.cluster.x-k8s.io/external-resource-gc": "true"}, "finalizers": [CLEANUP]}
    return [
        made("Cluster", wish.name, labels=labels, spec={"clusterNetwork": network, "infrastructureRef": ref}),
        made("AWSCluster", wish.name, labels=labels, metadata=metadata, spec=spec),
    ]


def machines(wish: Wish) -> list[Object]:
    """The control planes one by one, as k0smotron makes them, and the workers."""
    found = []
    for number in range(wish.control_planes):
        found += control_plane(wish, f"{wish.name}-cp-{number}")
    return [*found, *workers(wish)]


def control_plane(wish: Wish, name: str) -> list[Object]:
    """A machine; the one of AWS first, or Cluster API looks again only half a minute later."""
    labels = {CLUSTER_LABEL: wish.name, "cluster.x-k8s.io/control-plane": ""}
    return [
        start_data(wish, f"{name}-boot"),
        made("AWSMachine", name, labels=labels, spec=machine(wish)),
        made("Machine", name, labels=labels, spec=_machine_spec(wish, name, "AWSMachine", f"{name}-boot")),
    ]


def workers(wish: Wish) -> list[Object]:
    name = f"{wish.name}-md"
    labels = {CLUSTER_LABEL: wish.name, "cluster.x-k8s.io/deployment-name": name}
    template = {"metadata": {"labels": labels}, "spec": _machine_spec(wish, name, "AWSMachineTemplate", f"{name}-boot")}
    # There is no object for the control plane as a whole that could be asked whether it is stable.
    unasked = {"machineset.cluster.x-k8s.io/skip-preflight-checks": "ControlPlaneIsStable"}
    spec = {
        "clusterName": wish.name,
        "replicas": wish.workers,
        "selector": {"matchLabels": labels},
        "template": template,
    }
    return [
        start_data(wish, f"{name}-boot"),
        made("AWSMachineTemplate", name, spec={"template": {"spec": machine(wish)}}),
        made(
            "MachineDeployment", name, labels={CLUSTER_LABEL: wish.name}, metadata={"annotations": unasked}, spec=spec
        ),
    ]


def machine(wish: Wish) -> Object:
    return {
        "instanceType": "m5.large",
        "cloudInit": {"insecureSkipSecretsManager": True},
        "publicIP": False,
        "rootVolume": {"size": 32, "type": "gp3"},
        "sshKeyName": "",
        "iamInstanceProfile": PROFILE,
        "ami": {"id": IMAGE},
        **wish.machine,
    }


def start_data(wish: Wish, name: str) -> Object:
    """What k0smotron lets a machine start with; nothing here starts."""
    data = {"value": "#cloud-config\nruncmd: [true]\n", "format": "cloud-config"}
    return _secret(wish, name, data)


def kubeconfig(wish: Wish, text: str) -> Object:
    return _secret(wish, f"{wish.name}-kubeconfig", {"value": text})


def _secret(wish: Wish, name: str, data: Object) -> Object:
    return made("Secret", name, type="cluster.x-k8s.io/secret", labels={CLUSTER_LABEL: wish.name}, stringData=data)


def _machine_spec(wish: Wish, name: str, kind: str, data: str) -> Object:
    ref = {"apiVersion": INFRASTRUCTURE, "kind": kind, "name": name, "namespace": NAMESPACE}
    boot = {"dataSecretName": data}
    return {"clusterName": wish.name, "version": VERSION, "bootstrap": boot, "infrastructureRef": ref}

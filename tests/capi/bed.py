# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bed: an API server, a simulated AWS, and between them the real Cluster API with its real provider for AWS.

Only AWS, the machines' Nodes and what machines start with are played, and of k0rdent what is in others.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tests.api import crds
from tests.api.bed import Bed
from tests.api.client import MERGE, Object
from tests.api.servers import free_ports
from tests.aws.bed import Aws, Keys, running
from tests.capi import manifests
from tests.capi.definitions import Definitions, Ports, register
from tests.capi.managers import Managers
from tests.capi.manifests import NAMESPACE, PROFILE, Wish, path
from tests.capi.others import Others
from tests.capi.programs import Pair

if TYPE_CHECKING:
    from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api

# Of what stands above Cluster API. Nobody works on them but others.py.
ABOVE = ("k0rdent.mirantis.com", "mke.mirantis.com", "helm.toolkit.fluxcd.io")
TAG = "sigs.k8s.io/cluster-api-provider-aws/cluster/"


class CapiBed:
    """What tests have in their hands."""

    def __init__(self, pair: Pair, bed: Bed, aws: Aws, managers: Managers, others: Others) -> None:
        self.pair = pair
        self.bed = bed
        self.aws = aws
        self.managers = managers
        self.others = others
        self.client = bed.client

    @property
    def api(self) -> Api:
        """The collection's own client."""
        return self.bed.api()

    def kubeconfig(self) -> Object:
        return self.bed.kubeconfig()

    def identity(self, name: str, keys: Keys | None, *, allowed: bool = True) -> str:
        """Keys under a name that children use."""
        for manifest in manifests.identity(name, keys, allowed=allowed):
            self.put(manifest)
        return name

    def rotate(self, name: str, keys: Keys) -> None:
        """Other keys in the Secret, and nothing else."""
        data = {"AccessKeyID": keys.access_key, "SecretAccessKey": keys.secret_key}
        self.patch("Secret", f"{name}-secret", {"stringData": data})

    def child(self, wish: Wish) -> None:
        """All objects of a child, as a template of k0rdent makes them."""
        self.put(manifests.kubeconfig(wish, yaml.safe_dump(self.kubeconfig())))
        for manifest in [manifests.deployment(wish), *manifests.cluster(wish), *manifests.machines(wish)]:
            self.put(manifest)

    def scale(self, wish: Wish) -> int:
        """Another number of workers; the generation of what stands for the child then."""
        config = {"spec": {"config": {"workersNumber": wish.workers}}}
        found = self.client.call("PATCH", path("ClusterDeployment", wish.name), config, MERGE)
        replicas = {"spec": {"replicas": wish.workers}}
        self.client.call("PATCH", path("MachineDeployment", f"{wish.name}-md"), replicas, MERGE)
        return int(found["metadata"]["generation"])

    def put(self, manifest: Object) -> None:
        """Make an object; one that is there already stays."""
        answer = self.client.request("POST", path(manifest["kind"]), manifest)
        assert answer.status in (201, 409), f"{manifest['kind']} {manifest['metadata']['name']}: {answer.text}"

    def get(self, kind: str, name: str) -> Object | None:
        return self.client.get(path(kind, name))

    def patch(self, kind: str, name: str, body: Object) -> None:
        self.client.call("PATCH", path(kind, name), body, MERGE)

    def delete(self, kind: str, name: str) -> None:
        """Ask for it to go; it may have gone already."""
        answer = self.client.request("DELETE", path(kind, name))
        assert answer.status in (200, 404), f"{kind} {name}: {answer.text}"

    def until(self, what: str, met: Callable[[], object], seconds: float = 90.0) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if met():
                return
            time.sleep(0.2)
        raise AssertionError(f"{what}: not within {seconds:.0f} s")

    def touch(self, name: str) -> None:
        """Let the provider look at a child now."""
        mark = {"metadata": {"annotations": {"tests/looked-at": str(time.time())}}}
        self.patch("AWSCluster", name, mark)

    def in_aws(self, name: str, region: str) -> dict[str, int]:
        """How many of each kind of resource the simulated AWS has of a child; kinds without any are left out."""
        ec2 = self.aws.client("ec2", region)
        tag = [{"Name": "tag-key", "Values": [f"{TAG}{name}"]}]
        found = {
            "vpc": ec2.describe_vpcs(Filters=tag)["Vpcs"],
            "subnet": ec2.describe_subnets(Filters=tag)["Subnets"],
            "internet-gateway": ec2.describe_internet_gateways(Filters=tag)["InternetGateways"],
            "elastic-ip": ec2.describe_addresses(Filters=tag)["Addresses"],
            "nat-gateway": [
                item for item in ec2.describe_nat_gateways(Filters=tag)["NatGateways"] if item["State"] != "deleted"
            ],
            "route-table": ec2.describe_route_tables(Filters=tag)["RouteTables"],
            "security-group": ec2.describe_security_groups(Filters=tag)["SecurityGroups"],
            "network-interface": ec2.describe_network_interfaces(Filters=tag)["NetworkInterfaces"],
            "volume": ec2.describe_volumes(Filters=tag)["Volumes"],
            "instance": [
                item
                for group in ec2.describe_instances(Filters=tag)["Reservations"]
                for item in group["Instances"]
                if item["State"]["Name"] != "terminated"
            ],
            "load-balancer": [
                item
                for item in self.aws.client("elb", region).describe_load_balancers()["LoadBalancerDescriptions"]
                if item["LoadBalancerName"].startswith(name)
            ],
        }
        return {kind: len(items) for kind, items in found.items() if items}


@contextmanager
def capi_bed(pair: Pair, folder: Path) -> Iterator[CapiBed]:
    """One for as long as the block lasts."""
    # Built, or said why not, before anything is started.
    for source in (pair.capi, pair.capa):
        source.build()
    with ExitStack() as stack:
        aws = stack.enter_context(running("--auth"))
        bed = Bed.start()
        stack.callback(bed.stop)
        prepare(aws)
        pki = bed.servers.pki
        ports = Ports(*free_ports(6))
        definitions = Definitions(pair, ports, pki.ca)
        crds.load(bed.client, crds.of_groups(ABOVE))
        managers = Managers(pair, folder, bed.kubeconfig_file(folder), ports, aws.url)
        _certificate(folder, pki.certificate, pki.key)
        _install(bed, definitions, managers, stack)
        others = Others(bed.client, managers.restart_provider)
        others.start()
        stack.callback(others.stop)
        found = CapiBed(pair, bed, aws, managers, others)
        found.put(manifests.provider())
        yield found


def prepare(aws: Aws) -> None:
    """What clusterawsadm has made in the account, as far as machines need it."""
    iam = aws.client("iam")
    iam.create_role(RoleName=PROFILE, AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName=PROFILE)
    iam.add_role_to_instance_profile(InstanceProfileName=PROFILE, RoleName=PROFILE)


def _install(bed: Bed, definitions: Definitions, managers: Managers, stack: ExitStack) -> None:
    bed.ensure_namespace(NAMESPACE)
    crds.load(bed.client, definitions.crds())
    stack.callback(managers.stop)
    managers.start()
    register(bed.client, definitions.webhooks())


def _certificate(folder: Path, certificate: Path, key: Path) -> None:
    """The managers show the certificate of the API server: both are on the same address."""
    place = folder / "webhooks"
    place.mkdir()
    (place / "tls.crt").write_bytes(certificate.read_bytes())
    (place / "tls.key").write_bytes(key.read_bytes())
    (place / "tls.key").chmod(0o600)

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong with children, and the very words that the real controllers have for it. Pure.

Texts are those of Cluster API Provider AWS 2.8.2 and 2.11.1: they print the same AWS error in two ways.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, Iterable, Tuple

from .wish import digest

OLD, NEW = "2.8", "2.11"
ACCOUNT = "123456789012"
USER = f"arn:aws:iam::{ACCOUNT}:user/k0rdentUser"


@dataclass(frozen=True)
class Failure:
    """One failure. `stage`: where on the way up it stops; `down`: on the way down. `kind`: whose condition tells it.

    `operation` is that of AWS (`EC2: CreateVpc`). Without a `code` the words are the controller's own.
    """

    name: str
    stage: str = ""
    down: str = ""
    kind: str = "AWSCluster"
    condition: str = ""
    reason: str = ""
    severity: str = "Warning"
    prefix: str = ""
    code: str = ""
    words: str = ""
    operation: str = ""
    status: int = 400
    event: str = ""
    event_prefix: str = ""
    # What an older CAPA has in its condition instead of the cause: only its event tells.
    hidden: str = ""

    def aws(self, capa: str) -> str:
        """The error of AWS as this release of CAPA prints it."""
        if not self.code:
            return self.words
        request = digest(self.name, 32)
        request = "-".join((request[:8], request[8:12], request[12:16], request[16:20], request[20:]))
        if capa == OLD:
            return f"{self.code}: {self.words}\n\tstatus code: {self.status}, request id: {request}"
        return (
            f"operation error {self.operation}, https response error StatusCode: {self.status},"
            f" RequestID: {request}, api error {self.code}: {self.words}"
        )

    def text(self, capa: str) -> str:
        """The message of the condition."""
        return self.hidden or self.prefix + self.aws(capa)

    def event_text(self, capa: str) -> str:
        return self.event_prefix + self.aws(capa)

    def told_by(self, capa: str) -> Failure:
        """As this release of CAPA tells it."""
        return _NEW_WAY.get(self.name, self) if capa == NEW else self


def _vpc(name: str, code: str, words: str, status: int = 400, event: str = "FailedCreateVPC") -> Failure:
    return Failure(
        name, "vpc", "", "AWSCluster", "VpcReady", "VpcReconciliationFailed", "Warning",
        "failed to create vpc: ", code, words, "EC2: CreateVpc", status, event, "Failed to create new managed VPC: ",
    )  # fmt: skip


def denied(action: str, resource: str = "*") -> str:
    """As EC2 puts it."""
    return (
        f"You are not authorized to perform this operation. User: {USER} is not authorized to perform: {action} on"
        f" resource: {resource} because no identity-based policy allows the {action} action. Encoded authorization"
        " failure message: Zm9vYmFy"
    )


_NETWORK = (
    Failure(
        "eip-quota", "nat", "", "AWSCluster", "NatGatewaysReady", "NatGatewaysReconciliationFailed", "Warning",
        "failed to create one or more IP addresses for NAT gateways: failed to allocate Elastic IP: ",
        "AddressLimitExceeded", "The maximum number of addresses has been reached.", "EC2: AllocateAddress",
        event="FailedAllocateAddress", event_prefix="Failed to allocate Elastic IP for \"common\": ",
    ),
    _vpc("vpc-quota", "VpcLimitExceeded", "The maximum number of VPCs has been reached."),
    Failure(
        "internet-gateway-quota", "igw", "", "AWSCluster", "InternetGatewayReady", "InternetGatewayFailed", "Warning",
        "failed to create internet gateway: ", "InternetGatewayLimitExceeded",
        "The maximum number of internet gateways has been reached.", "EC2: CreateInternetGateway",
        event="FailedCreateInternetGateway", event_prefix="Failed to create new managed Internet Gateway: ",
    ),
    # CAPA 2.8 goes on without the gateways, and then says that there are none.
    Failure(
        "nat-gateway-quota", "routes", "", "AWSCluster", "RouteTablesReady", "RouteTableReconciliationFailed",
        "Warning", "", "NatGatewayLimitExceeded",
        "Performing this operation would exceed the limit of 5 NAT gateways", "EC2: CreateNatGateway",
        event="FailedCreateNATGateway", event_prefix="Failed to create new NAT Gateway: ",
        hidden="no nat gateways available in \"us-west-2a\" for private subnet \"subnet-0a1b2c3d4e5f60718\"",
    ),
    Failure(
        "load-balancer-quota", "load-balancer", "", "AWSCluster", "LoadBalancerReady", "LoadBalancerFailed", "Warning",
        "failed to create classic load balancer: &{Name:apiserver Scheme:internet-facing Listeners:[0xc0012f2a80]"
        " HealthCheck:0xc000d1e3c0}: ", "TooManyLoadBalancers",
        f"Exceeded quota of account {ACCOUNT}", "Elastic Load Balancing: CreateLoadBalancer",
    ),
    _vpc("permission-denied", "UnauthorizedOperation", denied("ec2:CreateVpc"), 403, "UnauthorizedOperation"),
    Failure(
        "load-balancer-denied", "load-balancer", "", "AWSCluster", "LoadBalancerReady", "LoadBalancerFailed",
        "Warning", "failed to create classic load balancer: ", "AccessDenied",
        f"User: {USER} is not authorized to perform: elasticloadbalancing:CreateLoadBalancer on resource:"
        f" arn:aws:elasticloadbalancing:us-west-2:{ACCOUNT}:loadbalancer/apiserver because no identity-based policy"
        " allows the elasticloadbalancing:CreateLoadBalancer action",
        "Elastic Load Balancing: CreateLoadBalancer", 403,
    ),
    _vpc(
        "organization-denied", "UnauthorizedOperation",
        f"You are not authorized to perform this operation. User: {USER} is not authorized to perform: ec2:CreateVpc"
        " on resource: * with an explicit deny in a service control policy. Encoded authorization failure message:"
        " Zm9vYmFy", 403, "UnauthorizedOperation",
    ),
    _vpc(
        "credentials-invalid", "AuthFailure", "AWS was not able to validate the provided access credentials", 401,
        "AuthFailure",
    ),
    _vpc("credentials-expired", "ExpiredToken", "The security token included in the request is expired", 400),
    _vpc("clock-skew", "RequestExpired", "Request has expired."),
    _vpc("region-off", "OptInRequired", "You are not subscribed to this service. Please go to http://aws.amazon.com to"
         " subscribe.", 403),
    _vpc("throttled", "RequestLimitExceeded", "Request limit exceeded.", 503),
    _vpc(
        "account-pending-network", "PendingVerification",
        "Your request for accessing resources in this region is being validated.",
    ),
    Failure(
        "security-group-quota", "security-groups", "", "AWSCluster", "ClusterSecurityGroupsReady",
        "SecurityGroupReconciliationFailed", "Warning", "failed to create security group: ",
        "SecurityGroupLimitExceeded", "The maximum number of security groups for VPC has been reached.",
        "EC2: CreateSecurityGroup", event="FailedCreateSecurityGroup",
        event_prefix="Failed to create managed SecurityGroup for Role \"node\": ",
    ),
    Failure(
        "dns-wait", "load-balancer", "", "AWSCluster", "LoadBalancerReady", "WaitForDNSNameResolve", "Info",
    ),
    # No condition, no event, no finalizer.
    Failure("silent", "vpc", "", "nobody"),
)  # fmt: skip

_NEW_WAY: Dict[str, Failure] = {
    "nat-gateway-quota": Failure(
        "nat-gateway-quota", "nat", "", "AWSCluster", "NatGatewaysReady", "NatGatewaysReconciliationFailed", "Warning",
        "failed to create NAT gateway: ", "NatGatewayLimitExceeded",
        "Performing this operation would exceed the limit of 5 NAT gateways", "EC2: CreateNatGateway",
        event="FailedCreateNATGateway", event_prefix="Failed to create new NAT Gateway: ",
    ),
}  # fmt: skip


def _down(name: str, stage: str, condition: str, operation: str, code: str, words: str, event: str) -> Failure:
    return Failure(
        name, "", stage, "AWSCluster", condition, "DeletingFailed", "Warning", "", code, words, operation,
        403 if code == "AccessDenied" else 400, event,
    )  # fmt: skip


_LEAVING = (
    _down(
        "subnet-in-use", "subnets", "SubnetsReady", "EC2: DeleteSubnet", "DependencyViolation",
        "The subnet 'subnet-0123456789abcdef0' has dependencies and cannot be deleted.", "FailedDeleteSubnet",
    ),
    _down(
        "security-group-in-use", "security-groups", "ClusterSecurityGroupsReady", "EC2: DeleteSecurityGroup",
        "DependencyViolation", "resource sg-0123456789abcdef0 has a dependent object", "FailedDeleteSecurityGroup",
    ),
    _down(
        "vpc-in-use", "vpc", "VpcReady", "EC2: DeleteVpc", "DependencyViolation",
        "The vpc 'vpc-0123456789abcdef0' has dependencies and cannot be deleted.", "FailedDeleteVPC",
    ),
    _down(
        "load-balancer-delete-denied", "load-balancer", "LoadBalancerReady",
        "Elastic Load Balancing: DeleteLoadBalancer", "AccessDenied",
        f"User: {USER} is not authorized to perform: elasticloadbalancing:DeleteLoadBalancer", "",
    ),
    # Nothing but an event: the condition says `Deleting` and no word more.
    Failure(
        "credentials-lost", "", "load-balancer", "AWSCluster", "LoadBalancerReady", "Deleting", "Info",
        code="AuthFailure", words="AWS was not able to validate the provided access credentials",
        operation="EC2: DescribeVpcs", status=401, event="AuthFailure",
    ),
    # The Secret was deleted first: all conditions stay as they were.
    Failure("secret-lost", "", "load-balancer", "nobody"),
)  # fmt: skip


def by_name(*groups: Iterable[Failure]) -> Dict[str, Failure]:
    return {failure.name: failure for group in groups for failure in group}


def shortened(failure: Failure, words: str) -> Failure:
    """The same failure in other words."""
    return replace(failure, words=words, hidden="")


NETWORK: Tuple[Failure, ...] = _NETWORK
LEAVING: Tuple[Failure, ...] = _LEAVING

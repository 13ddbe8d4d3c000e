# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every cause that the objects of a child can tell, each provoked."""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Family
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.causes.provoked import (
    DENIED,
    DUMP,
    NEW,
    OLD,
    USER,
    Provoked,
    blocked,
    helm,
    kcm,
    keys_revoked_midway,
    late,
    machine,
    mke_says,
    nat_quota,
    network,
    run,
    said,
    service,
    told,
    vpc,
    waiting_for_dns,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.follow.objects import deployment

ONCE = (OLD,)
NAT, NAT_FAILED = "NatGatewaysReady", "NatGatewaysReconciliationFailed"
ELB, ELB_FAILED = "LoadBalancerReady", "LoadBalancerFailed"
IGW, IGW_FAILED = "InternetGatewayReady", "InternetGatewayFailed"
SG, SG_FAILED = "ClusterSecurityGroupsReady", "SecurityGroupReconciliationFailed"
VALIDATED = "AWS was not able to validate the provided access credentials"
ELB_DENIED = f"User: {USER} is not authorized to perform: elasticloadbalancing:CreateLoadBalancer on resource: *"
SCP = f"User: {USER} is not authorized to perform: ec2:CreateVpc with an explicit deny in a service control policy"
REGISTER = f"User: {USER} is not authorized to perform: elasticloadbalancing:RegisterInstancesWithLoadBalancer"
ASSUME = f"User: {USER} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/capa"
ROLE = "arn:aws:iam::123456789012:role/custom"
ARCHITECTURES = (
    "The architecture 'x86_64' of the specified instance type does not match the architecture 'arm64' of the"
    " specified AMI. Specify an instance type and an AMI that have matching architectures, and try again."
)
VCPU = (
    "You have requested more vCPU capacity than your current vCPU limit of 16 allows for the instance bucket that the"
    " specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an"
    " adjustment to this limit."
)
NOT_IN_ZONE = (
    "Your requested instance type (m5.large) is not supported in your requested Availability Zone (us-west-2d). Please"
    " retry your request by not specifying an Availability Zone or choosing us-west-2a, us-west-2b, us-west-2c."
)
CAPACITY = "We currently do not have sufficient m5.large capacity in the Availability Zone you requested (us-west-2a)."
PROFILE = (
    "Value (control-plane.cluster-api-provider-aws.sigs.k8s.io) for parameter iamInstanceProfile.name is invalid."
    " Invalid IAM Instance Profile name"
)


def attach_denied(form: str) -> Family:
    text = told(form, "AccessDenied", REGISTER, "Elastic Load Balancing: RegisterInstancesWithLoadBalancer", 403)
    return machine(text, "ELBAttachFailed", "ELBAttached")


def dry_run(_form: str) -> Family:
    return Family("prod", deployment=deployment(spec={"dryRun": True}))


CASES: tuple[Provoked, ...] = (
    Provoked("eip-quota", network(NAT, NAT_FAILED, "AddressLimitExceeded",
             "The maximum number of addresses has been reached."), "AddressLimitExceeded"),
    Provoked("vpc-quota", vpc("VpcLimitExceeded", "The maximum number of VPCs has been reached."), "VpcLimitExceeded"),
    Provoked("internet-gateway-quota", network(IGW, IGW_FAILED, "InternetGatewayLimitExceeded",
             "The maximum number of internet gateways has been reached."), "InternetGatewayLimitExceeded"),
    Provoked("nat-gateway-quota", nat_quota, "NatGatewayLimitExceeded"),
    Provoked("load-balancer-quota", network(ELB, ELB_FAILED, "TooManyLoadBalancers",
                                            "Exceeded quota of account 123456789012",
                                            f"failed to create classic load balancer: {DUMP}: ",
                                            "Elastic Load Balancing: CreateLoadBalancer"),
             "TooManyLoadBalancers: Exceeded quota"),
    Provoked("security-group-quota", network(SG, SG_FAILED, "SecurityGroupLimitExceeded",
             "The maximum number of security groups for VPC has been reached."), "SecurityGroupLimitExceeded"),
    Provoked("network-quota", network("SubnetsReady", "SubnetsReconciliationFailed", "SubnetLimitExceeded",
             "The maximum number of subnets has been reached."), "SubnetLimitExceeded"),
    Provoked("network-quota", network(SG, SG_FAILED, "RulesPerSecurityGroupLimitExceeded",
             "The maximum number of rules per security group has been reached."), "RulesPerSecurityGroup"),
    Provoked("other-quota", network("VpcEndpointsReadyCondition", "VpcEndpointsReconciliationFailed",
             "VpcEndpointLimitExceeded", "The maximum number of endpoints has been reached."), "VpcEndpointLimit"),
    Provoked("vcpu-quota", run("VcpuLimitExceeded", VCPU), "vCPU limit of 16"),
    Provoked("volume-quota", run("VolumeLimitExceeded", "You have exceeded your maximum gp3 storage limit of 50 TiB in"
             " this region."), "gp3 storage limit"),
    Provoked("credentials-invalid", vpc("AuthFailure", VALIDATED), "AuthFailure"),
    Provoked("credentials-invalid", vpc("InvalidClientTokenId", "The security token included in the request is"
             " invalid."), "InvalidClientTokenId"),
    Provoked("credentials-expired", vpc("ExpiredToken", "The security token included in the request is expired"),
             "ExpiredToken"),
    Provoked("clock-skew", vpc("RequestExpired", "Request has expired."), "RequestExpired"),
    Provoked("clock-skew", vpc("SignatureDoesNotMatch", "Signature expired: 20261101T110000Z is now earlier than"
             " 20261101T115500Z"), "Signature expired"),
    Provoked("permission-denied", vpc("UnauthorizedOperation", DENIED.format("ec2:CreateVpc", "*")), "ec2:CreateVpc"),
    Provoked("permission-denied", network(ELB, ELB_FAILED, "AccessDenied", ELB_DENIED),
             "elasticloadbalancing:CreateLoadBalancer"),
    Provoked("permission-denied", run("UnauthorizedOperation", DENIED.format("ec2:RunInstances", "*")),
             "ec2:RunInstances"),
    Provoked("pass-role-denied", run("UnauthorizedOperation", DENIED.format("iam:PassRole", ROLE)), "iam:PassRole"),
    Provoked("assume-role-denied", vpc("AccessDenied", ASSUME), "sts:AssumeRole"),
    Provoked("organization-denied", vpc("UnauthorizedOperation", SCP), "service control policy"),
    Provoked("load-balancer-attach-denied", attach_denied, "RegisterInstancesWithLoadBalancer"),
    Provoked("region-off", vpc("OptInRequired", "You are not subscribed to this service."), "OptInRequired"),
    Provoked("account-pending", run("PendingVerification", "Your request for accessing resources in this region is"
             " being validated, and you will not be able to launch additional resources until it is complete."),
             "PendingVerification"),
    Provoked("throttled", vpc("RequestLimitExceeded", "Request limit exceeded."), "RequestLimitExceeded"),
    Provoked("throttled", network(ELB, ELB_FAILED, "Throttling", "Rate exceeded"), "Rate exceeded"),
    Provoked("aws-internal-error", run("InternalError", "An internal error has occurred"), "InternalError"),
    Provoked("credential-not-ready", kcm("CredentialReady", "Credential is not in Ready state"), "not in Ready", ONCE),
    Provoked("credential-missing", kcm("CredentialReady", 'failed to get Credential: credentials.k0rdent.mirantis.com'
             ' "aws" not found'), "not found", ONCE),
    Provoked("image-not-found", said('failed to create AWSMachine instance: failed to find ami: found no AMIs with the'
             ' name: "amzn2-ami-hvm*-gp2"'), "found no AMIs", ONCE),
    Provoked("image-not-found", said('failed to create AWSMachine instance: failed to discover default AMI: found no'
             ' AMIs with name "al2-*", architecture "x86_64", ownerID "137112412989"'), "al2-*", (NEW,)),
    Provoked("image-unknown", run("InvalidAMIID.NotFound", "The image id '[ami-0123456789abcdef0]' does not exist"),
             "ami-0123456789abcdef0"),
    Provoked("image-unknown", run("AuthFailure", "Not authorized for images: [ami-0123456789abcdef0]"), "ami-01234567"),
    Provoked("architecture-mismatch", run("InvalidParameterValue", ARCHITECTURES), "arm64"),
    Provoked("instance-type-unknown", run("InvalidParameterValue", "Invalid value 'm99.huge' for InstanceType."),
             "m99.huge"),
    Provoked("instance-type-unknown", run("InvalidInstanceType", "The following supplied instance types do not exist:"
             " [m99.huge]"), "m99.huge"),
    Provoked("instance-type-not-in-zone", run("Unsupported", NOT_IN_ZONE), "us-west-2d"),
    Provoked("insufficient-capacity", run("InsufficientInstanceCapacity", CAPACITY), "us-west-2a"),
    Provoked("instance-profile-missing", run("InvalidParameterValue", PROFILE), "control-plane.cluster-api"),
    Provoked("key-pair-missing", run("InvalidKeyPair.NotFound", "The key pair 'nokey' does not exist"), "nokey"),
    Provoked("root-volume-too-small", run("InvalidBlockDeviceMapping", "Volume of size 8GB is smaller than snapshot"
             " 'snap-0123', expect size >= 20GB"), ">= 20GB"),
    Provoked("zone-without-subnet", said('failed to create AWSMachine instance: failed to run machine "prod-cp-0", no'
             ' subnets available in availability zone "us-west-2z"'), "us-west-2z", ONCE),
    Provoked("instance-gone", said("", "InstanceTerminated"), "InstanceTerminated", ONCE),
    Provoked("dns-wait", waiting_for_dns, "WaitForDNSName", ONCE),
    Provoked("bootstrap-data-missing", said("failed to resolve userdata: failed to retrieve bootstrap data secret for"
             ' AWSMachine k0rdent/prod-cp-0: Secret "prod-cp-0" not found'), "bootstrap data secret", ONCE),
    Provoked("template-not-ready", kcm("TemplateReady", "Template is not marked as valid: chart pull error"), "chart",
             ONCE),
    Provoked("providers-not-deployed", kcm("TemplateReady", "Template is not marked as valid: one or more required"
             " providers are not deployed yet: [infrastructure-aws]"), "infrastructure-aws", ONCE),
    Provoked("providers-not-deployed", mke_says("one or more required k0rdent providers are not deployed yet:"
             " [cluster-api-provider-aws]"), "cluster-api-provider-aws", ONCE),
    Provoked("helm-release-failed", helm('Helm install failed for release k0rdent/prod with chart mke4k-aws@1.1.2:'
             ' AWSCluster "prod" is invalid: spec.region: Required value'), "spec.region", ONCE),
    Provoked("helm-release-failed", kcm("HelmChartReady", "HelmChart is not ready: manifest unknown"), "manifest unk",
             ONCE),
    Provoked("helm-release-waits", helm('Helm install failed for release k0rdent/prod: failed calling webhook'
             ' "default.awscluster": dial tcp 10.96.0.7:443: connect: connection refused'), "refused", ONCE),
    Provoked("dry-run", dry_run, "is true", ONCE),
    Provoked("services-not-ready", kcm("ServicesInReadyState", "9/10", services=[service("dex", "False")]), "9/10",
             ONCE),
    Provoked("cluster-late", late, "provider logs", ONCE),
    Provoked("deletion-blocked", blocked("SubnetsReady", "DependencyViolation", "The subnet 'subnet-0123456789abcdef0'"
             " has dependencies and cannot be deleted."), "subnet-0123456789abcdef0"),
    Provoked("deletion-blocked", blocked(SG, "DependencyViolation", "resource sg-0123456789abcdef0 has a dependent"
             " object"), "sg-0123456789abcdef0"),
    Provoked("deletion-protected", blocked("VpcReady", "OperationNotPermitted", "The instance 'i-0123456789abcdef0' may"
             " not be terminated. Modify its 'disableApiTermination' instance attribute and try again."), "i-01234567"),
    Provoked("deletion-without-credentials", keys_revoked_midway, "AuthFailure"),
    Provoked("permission-denied", blocked("LoadBalancerReady", "AccessDenied", ELB_DENIED), "CreateLoadBalancer"),
    Provoked("unknown", network("SubnetsReady", "SubnetsReconciliationFailed", "NeverHeardOf", "Something new went"
             " wrong."), "Something new went wrong"),
)  # fmt: skip

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong with machines, and above Cluster API. Pure."""

from __future__ import annotations

from typing import Dict, Tuple

from .failures import ACCOUNT, LEAVING, NETWORK, USER, Failure, by_name, denied


def _machine(name: str, code: str, words: str, status: int = 400) -> Failure:
    return Failure(
        name, "control-plane", "", "AWSMachine", "InstanceReady", "InstanceProvisionFailed", "Error",
        "failed to create AWSMachine instance: ", code, words, "EC2: RunInstances", status, "FailedCreate",
        "Failed to create instance: ",
    )  # fmt: skip


MACHINES: Tuple[Failure, ...] = (
    _machine(
        "vcpu-quota", "VcpuLimitExceeded",
        "You have requested more vCPU capacity than your current vCPU limit of 16 allows for the instance bucket that"
        " the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request"
        " an adjustment to this limit.",
    ),
    _machine(
        "insufficient-capacity", "InsufficientInstanceCapacity",
        "We currently do not have sufficient m5.xlarge capacity in the Availability Zone you requested (us-west-2a)."
        " Our system will be working on provisioning additional capacity.", 500,
    ),
    _machine(
        "instance-type-not-in-zone", "Unsupported",
        "Your requested instance type (m5.xlarge) is not supported in your requested Availability Zone (us-west-2d)."
        " Please retry your request by not specifying an Availability Zone or choosing us-west-2a, us-west-2b.",
    ),
    _machine(
        "instance-profile-missing", "InvalidParameterValue",
        "Value (control-plane.cluster-api-provider-aws.sigs.k8s.io) for parameter iamInstanceProfile.name is invalid."
        " Invalid IAM Instance Profile name",
    ),
    _machine(
        "pass-role-denied", "UnauthorizedOperation", denied("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/custom"), 403,
    ),
    _machine("run-instances-denied", "UnauthorizedOperation", denied("ec2:RunInstances"), 403),
    _machine("image-unknown", "InvalidAMIID.NotFound", "The image id '[ami-0123456789abcdef0]' does not exist"),
    _machine(
        "image-not-found", "",
        "failed to find ami: found no AMIs with the name: \"amzn2-ami-hvm*-gp2\" and architecture: \"x86_64\"",
    ),
    _machine("instance-type-unknown", "InvalidParameterValue", "Invalid value 'm99.huge' for InstanceType."),
    _machine(
        "instance-type-invalid", "InvalidInstanceType", "The following supplied instance types do not exist: [m99.huge]"
    ),
    _machine("key-pair-missing", "InvalidKeyPair.NotFound", "The key pair 'nokey' does not exist"),
    _machine(
        "root-volume-too-small", "InvalidBlockDeviceMapping",
        "Volume of size 8GB is smaller than snapshot 'snap-0123', expect size >= 20GB",
    ),
    _machine(
        "account-pending", "PendingVerification",
        "Your request for accessing resources in this region is being validated, and you will not be able to launch"
        " additional resources in this region until the validation is complete.",
    ),
    _machine(
        "volume-quota", "VolumeLimitExceeded",
        "You have exceeded your maximum gp3 storage limit of 50 TiB in this region.",
    ),
    _machine("zone-without-subnet", "", "no subnets available in availability zone \"us-west-2z\""),
    Failure(
        "bootstrap-data-missing", "control-plane", "", "AWSMachine", "InstanceReady", "InstanceProvisionFailed",
        "Error", "", "", "failed to resolve userdata: failed to retrieve bootstrap data secret for AWSMachine"
        " k0rdent/machine: Secret \"machine\" not found", event="FailedGetBootstrapData",
    ),
    # The instance runs and is ready, and stands behind no load balancer.
    Failure(
        "load-balancer-attach-denied", "control-plane", "", "AWSMachine", "ELBAttached", "ELBAttachFailed", "Error",
        "failed to register instance with load balancer: ", "AccessDenied",
        f"User: {USER} is not authorized to perform: elasticloadbalancing:RegisterInstancesWithLoadBalancer",
        "Elastic Load Balancing: RegisterInstancesWithLoadBalancer", 403, "FailedAttachControlPlaneELB",
    ),
)  # fmt: skip

ABOVE: Tuple[Failure, ...] = (
    Failure(
        "template-not-ready", "template", "", "ClusterDeployment", "TemplateReady", "Failed",
        words="Template is not marked as valid: one or more required providers are not deployed yet:"
        " [infrastructure-aws]",
    ),
    Failure(
        "credential-not-ready", "template", "", "ClusterDeployment", "CredentialReady", "Failed",
        words="Credential is not in Ready state",
    ),
    Failure(
        "helm-chart-failed", "template", "", "ClusterDeployment", "HelmChartReady", "Failed",
        words="failed to get helm chart source: HelmChart is not ready: chart pull error: manifest unknown",
    ),
    Failure(
        "helm-release-failed", "helm", "", "HelmRelease", "Ready", "InstallFailed",
        words="Helm install failed for release k0rdent/child with chart mke4k-aws@1.1.2: 1 error occurred:\n\t*"
        " admission webhook \"validation.awscluster.infrastructure.cluster.x-k8s.io\" denied the request: AWSCluster"
        " is invalid: spec.region: Required value",
    ),
    Failure(
        "services-not-ready", "services", "", "ClusterDeployment", "ServicesInReadyState", "Failed",
        words="{ready}/{services}",
    ),
    # After half an hour kcm calls it a failure.
    Failure(
        "cluster-late", "control-plane", "", "ClusterDeployment", "Ready", "Failed",
        words="Cluster is not ready. Check the provider logs for more details.",
    ),
    # It was ready, and is not any more.
    Failure(
        "degraded", "services", "", "HelmRelease", "Ready", "UpgradeFailed",
        words="Helm upgrade failed for release k0rdent/child with chart mke4k-aws@1.1.2: context deadline exceeded",
    ),
    # mke-operator makes no ClusterDeployment.
    Failure("stalled", "deployment", "", "nobody"),
)  # fmt: skip

FAILURES: Dict[str, Failure] = by_name(NETWORK, LEAVING, MACHINES, ABOVE)

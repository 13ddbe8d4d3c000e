# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why children fail, and what a person can do about each. Nothing is final for Cluster API: what is lifted heals.

Sources: the error codes of the AWS API reference (EC2, Elastic Load Balancing, IAM), the quota codes of Service Quotas
that Cluster API Provider AWS lists for its own tests (test/e2e/shared/defaults.go), kcm's conditions.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Dict, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Cause

_GOES_ON = "Cluster API tries again by itself; the child goes on once that is done."
_ASK = (
    "aws service-quotas request-service-quota-increase --service-code {0} --quota-code {1} --desired-value N --region R"
)


def _quota(name: str, what: str, service: str, code: str, else_: str) -> Cause:
    ask = _ASK.format(service, code)
    return Cause(
        name,
        f"The quota of {what} is used up",
        f"Ask AWS for more (quota {code}): `{ask}`; or {else_}.",
        True,
        _GOES_ON,
    )


def _person(name: str, title: str, remedy: str, heals: str = _GOES_ON) -> Cause:
    return Cause(name, title, remedy, True, heals)


def _passes(name: str, title: str, remedy: str) -> Cause:
    return Cause(name, title, remedy, False)


CAUSES: Tuple[Cause, ...] = (
    _quota(
        "eip-quota", "Elastic IP addresses in the region", "ec2", "L-0263D0A3",
        "release addresses that are not used; new children take one in place of three with `availability_zones: 1`",
    ),
    _quota("vpc-quota", "VPCs in the region", "vpc", "L-F678F1CE", "remove VPCs that are not used"),
    _quota("internet-gateway-quota", "internet gateways in the region", "vpc", "L-A4707A72", "remove unused ones"),
    _quota(
        "nat-gateway-quota", "NAT gateways in the availability zone", "vpc", "L-FE5A380F",
        "remove unused ones, or make new children with `availability_zones: 1`",
    ),
    _quota(
        "vcpu-quota", "vCPUs of running on-demand instances", "ec2", "L-1216C47A",
        "stop instances, or make the child with smaller instance types or fewer nodes",
    ),
    _quota(
        "load-balancer-quota", "classic load balancers in the region", "elasticloadbalancing", "L-E9E9831D",
        "remove load balancers that are not used",
    ),
    _quota("volume-quota", "EBS storage in the region", "ebs", "L-7A658B76", "delete volumes that are not used"),
    _quota(
        "security-group-quota", "security groups, subnets or routes of the network", "vpc", "L-E79EC296",
        "remove those that are not used",
    ),
    _person(
        "credentials-invalid", "AWS does not accept the keys",
        "Give the mothership valid ones with mke4k.core.aws_credential (rotated keys need its `rotate`), and see in IAM"
        " that the key is active.",
    ),
    _person(
        "credentials-expired", "The temporary AWS keys have expired",
        "Give the mothership fresh ones with mke4k.core.aws_credential. Keys that do not expire (an IAM user of the"
        " role aws_credentials) spare children this.",
    ),
    _person(
        "clock-skew", "AWS says that the request has expired: the clock of the mothership's nodes is wrong",
        "Set the time on the mothership's nodes (chrony, systemd-timesyncd).",
    ),
    _person(
        "permission-denied", "AWS does not permit the call",
        "Attach the policies of Cluster API to the user or role behind the credential: mke4k.core.aws_iam makes and"
        " attaches them.",
    ),
    _person(
        "pass-role-denied", "AWS does not permit handing the node role to an instance",
        "Allow iam:PassRole for the role of the instance profile; Cluster API's own policies allow it for roles named"
        " *.cluster-api-provider-aws.sigs.k8s.io only.",
    ),
    _person(
        "organization-denied", "A policy of the AWS organization forbids the call",
        "Ask those who keep the service control policies to allow it for this account and region.",
    ),
    _person(
        "load-balancer-attach-denied", "The control plane runs, but could not be put behind the load balancer",
        "Allow elasticloadbalancing:RegisterInstancesWithLoadBalancer for the credential's user or role.",
    ),
    _person(
        "identity-missing", "The AWS identity that the credential names is not there",
        "Make it with mke4k.core.aws_credential. Cluster API says nothing of it: no condition, no event.",
    ),
    _person(
        "identity-not-allowed", "The AWS identity may not be used from the namespace of the child",
        "Set spec.allowedNamespaces of the identity to {} (mke4k.core.aws_credential does); a selector with empty"
        " matchLabels selects nothing in newer releases.",
    ),
    _person(
        "identity-secret-missing", "The Secret with the AWS keys is not where Cluster API reads it",
        "Make it with mke4k.core.aws_credential: it has to be in the namespace that the AWS provider runs in.",
    ),
    _person(
        "identity-secret-incomplete", "The Secret with the AWS keys lacks a key",
        "It needs AccessKeyID and SecretAccessKey; make it anew with mke4k.core.aws_credential.",
    ),
    _person(
        "credential-not-ready", "The Credential of k0rdent is not ready",
        "Make it anew with mke4k.core.aws_credential, its identity has to exist.",
    ),
    _person(
        "image-not-found", "No machine image matches the lookup",
        "Set image_lookup (format, org, base_os) to one that finds an image in this region, or an ami_id.",
    ),
    _person(
        "image-unknown", "There is no machine image with that id in the region",
        "Ids of images differ between regions: set ami_id to one of this region that is shared with the account.",
        heals="The machine templates of a live child are fixed before v4.2.1: make the child anew with another image.",
    ),
    _person(
        "instance-type-unknown", "AWS does not know the instance type",
        "Set instance_type to one that the region offers: `aws ec2 describe-instance-type-offerings`.",
        heals="The machine templates of a live child are fixed before v4.2.1: make the child anew with another type.",
    ),
    _person(
        "instance-type-not-in-zone", "The instance type is not offered in the availability zone",
        "Take another instance_type, or a region whose zones all offer it: mke4k.core.aws_preflight tells before.",
        heals="The machine templates of a live child are fixed before v4.2.1: make the child anew with another type.",
    ),
    _passes(
        "insufficient-capacity", "AWS has no room for that instance type in the zone just now",
        "It is tried again. Where it lasts, take another instance_type.",
    ),
    _person(
        "instance-profile-missing", "The instance profile of the machines is not there, or holds no role",
        "Make it with mke4k.core.aws_iam, or set iam_instance_profile to one that is there.",
    ),
    _person(
        "key-pair-missing", "There is no SSH key pair of that name in the region",
        "Import it (`aws ec2 import-key-pair`), or make the child with ssh_key_name: \"\" (no key).",
    ),
    _person(
        "root-volume-too-small", "The root volume is smaller than the image's own",
        "Set root_volume_size to the size of the image's snapshot or more.",
        heals="The machine templates of a live child are fixed before v4.2.1: make the child anew with a larger one.",
    ),
    _person(
        "account-pending", "AWS is still verifying the account",
        "Wait for AWS' e-mail (up to a day), or write to its support.",
    ),
    _person(
        "region-off", "The region is not enabled for the account",
        "Enable it under \"AWS Regions\" of the account, or take another region.",
    ),
    _person(
        "zone-without-subnet", "There is no subnet in the availability zone that the machine is to run in",
        "Take availability_zones that the network has; a child whose network is there already keeps it.",
    ),
    _passes("throttled", "AWS throttles the calls", "It is tried again. Fewer children at once help."),
    _passes("dns-wait", "The name of the load balancer is not known in DNS yet", "It takes a few minutes."),
    _passes(
        "bootstrap-data-missing", "The boot data of a machine is not there yet",
        "It comes from the control plane of the child; see whether k0smotron runs in the mothership.",
    ),
    _person(
        "template-not-ready", "The ClusterTemplate of the child is not valid",
        "See status.validationError of the template; the providers that it needs have to be deployed.",
    ),
    _person(
        "helm-release-failed", "Helm could not install the objects of the child",
        "See the HelmRelease of the child in the mothership; its message tells the field or object.",
    ),
    _person(
        "dry-run", "The ClusterDeployment is a dry run: nothing will ever be made",
        "k0rdent sets spec.dryRun where spec.config was empty. Set it to false.",
    ),
    _passes(
        "services-not-ready", "Services of the child are not running yet",
        "See status.services of its ClusterDeployment for which; a child without ready workers cannot run them.",
    ),
    _person(
        "cluster-late", "k0rdent has given up waiting: the cluster was not ready in time",
        "See the conditions of the Cluster and its machines, and the log of the AWS provider in the mothership.",
    ),
    _person(
        "providers-not-deployed", "The mothership has not deployed the providers that children in AWS need",
        "Add them with the role mke4k.core.k0rdent (k0rdent_providers), or wait until they are ready.",
    ),
    _person(
        "version-differs", "The child's release is not that of the mothership",
        "Leave `version` out; to upgrade children upgrade the mothership first.",
    ),
    _person("wrong-namespace", "Children are only accepted in the namespace k0rdent", "Leave `namespace` out."),
    _person(
        "refused", "The mothership refused the object",
        "Its message names the field. Nothing of this child was changed.", heals="",
    ),
    _person(
        "deletion-blocked", "Something in AWS that Cluster API did not make keeps the child from being deleted",
        "Remove what depends on the resource that is named (load balancers and network interfaces of Services,"
        " instances, VPC endpoints); mke4k.core.aws_orphans lists what belongs to the child.",
    ),
    _person(
        "deletion-protected", "An instance is protected against termination",
        "Switch DisableApiTermination off for it (`aws ec2 modify-instance-attribute`).",
    ),
    _person("unknown", "It does not come further, for a reason that is not known here", "See what the object says."),
)  # fmt: skip

BY_NAME: Dict[str, Cause] = {cause.name: cause for cause in CAUSES}

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Cluster API's AWS provider may do, as data: each statement with the file of the provider that asks for it.

Sources are below cmd/clusterawsadm/cloudformation/bootstrap of cluster-api-provider-aws v2.11.1, whose stack is the
reference; the release of k0rdent Enterprise (v2.8) asks for a part of it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Tuple

ANY = ("*",)
# Takes the place of the pattern of the roles that may be given to machines.
PASSED_ROLES = "{passed roles}"
SECRETS = ("arn:*:secretsmanager:*:*:secret:aws.cluster.x-k8s.io/*",)


@dataclass(frozen=True)
class Statement:
    """`actions`: names by service, separated by blanks. `{partition}` in resources is replaced."""

    source: str
    actions: Mapping[str, str]
    resources: Tuple[str, ...] = ANY
    condition: Mapping[str, Any] = field(default_factory=dict)

    def action_names(self) -> List[str]:
        return [f"{service}:{name}" for service, names in self.actions.items() for name in names.split()]


@dataclass(frozen=True)
class Policy:
    """`roles`: to which of the roles it is attached. `eks`: only needed for EKS clusters."""

    name: str
    description: str
    roles: Tuple[str, ...]
    statements: Tuple[Statement, ...]
    eks: bool = False


def _linked_role(source: str, service: str, role: str, partition: str = "*", folder: str = "") -> Statement:
    """The role that AWS makes for one of its services, at the first use in an account."""
    path = f"aws-service-role/{folder or service}.amazonaws.com/{role}"
    return Statement(
        source,
        {"iam": "CreateServiceLinkedRole"},
        (f"arn:{partition}:iam::*:role/{path}",),
        {"StringLike": {"iam:AWSServiceName": f"{service}.amazonaws.com"}},
    )


CONTROL_PLANE = Policy(
    "control-plane",
    "For the Kubernetes Cloud Provider AWS Control Plane",
    ("control-plane",),
    (
        Statement(
            "cloud_provider_integration_control_plane.go",
            {
                "autoscaling": "DescribeAutoScalingGroups DescribeLaunchConfigurations DescribeTags",
                "ec2": (
                    "AssignIpv6Addresses DescribeInstances DescribeImages DescribeRegions DescribeRouteTables"
                    " DescribeSecurityGroups DescribeSubnets DescribeVolumes CreateSecurityGroup CreateTags"
                    " CreateVolume ModifyInstanceAttribute ModifyVolume AttachVolume AuthorizeSecurityGroupIngress"
                    " CreateRoute DeleteRoute DeleteSecurityGroup DeleteVolume DetachVolume RevokeSecurityGroupIngress"
                    " DescribeVpcs"
                ),
                "elasticloadbalancing": (
                    "AddTags AttachLoadBalancerToSubnets ApplySecurityGroupsToLoadBalancer SetSecurityGroups"
                    " CreateLoadBalancer CreateLoadBalancerPolicy CreateLoadBalancerListeners ConfigureHealthCheck"
                    " DeleteLoadBalancer DeleteLoadBalancerListeners DescribeLoadBalancers"
                    " DescribeLoadBalancerAttributes DetachLoadBalancerFromSubnets DeregisterInstancesFromLoadBalancer"
                    " ModifyLoadBalancerAttributes RegisterInstancesWithLoadBalancer"
                    " SetLoadBalancerPoliciesForBackendServer CreateListener CreateTargetGroup DeleteListener"
                    " DeleteTargetGroup DeregisterTargets DescribeListeners DescribeLoadBalancerPolicies"
                    " DescribeTargetGroups DescribeTargetHealth ModifyListener ModifyTargetGroup RegisterTargets"
                    " SetLoadBalancerPoliciesOfListener"
                ),
                "iam": "CreateServiceLinkedRole",
                "kms": "DescribeKey",
            },
        ),
    ),
)

NODES = Policy(
    "nodes",
    "For the Kubernetes Cloud Provider AWS nodes",
    ("control-plane", "nodes"),
    (
        Statement(
            "cloud_provider_integration_node.go",
            {
                "ec2": (
                    "AssignIpv6Addresses DescribeInstances DescribeRegions CreateTags DescribeTags"
                    " DescribeNetworkInterfaces DescribeInstanceTypes"
                ),
                "ecr": (
                    "GetAuthorizationToken BatchCheckLayerAvailability GetDownloadUrlForLayer GetRepositoryPolicy"
                    " DescribeRepositories ListImages BatchGetImage"
                ),
            },
        ),
        Statement("node.go (secret backend)", {"secretsmanager": "DeleteSecret GetSecretValue"}, SECRETS),
        Statement(
            "cluster_api_node.go (session manager)",
            {
                "ssm": "UpdateInstanceInformation",
                "ssmmessages": "CreateControlChannel CreateDataChannel OpenControlChannel OpenDataChannel",
                "s3": "GetEncryptionConfiguration",
            },
        ),
    ),
)

_CONTROLLER = "cluster_api_controller.go"
CONTROLLERS = Policy(
    "controllers",
    "For the Kubernetes Cluster API Provider AWS Controllers",
    ("controllers", "control-plane"),
    (
        Statement(
            _CONTROLLER,
            {
                "ec2": (
                    "DescribeIpamPools AllocateIpamPoolCidr AttachNetworkInterface DetachNetworkInterface"
                    " AllocateAddress AssignIpv6Addresses AssignPrivateIpAddresses UnassignPrivateIpAddresses"
                    " AssociateRouteTable AssociateVpcCidrBlock AttachInternetGateway AuthorizeSecurityGroupIngress"
                    " CreateCarrierGateway CreateInternetGateway CreateEgressOnlyInternetGateway CreateNatGateway"
                    " CreateNetworkInterface CreateRoute CreateRouteTable CreateSecurityGroup CreateSubnet CreateTags"
                    " CreateVpc CreateVpcEndpoint DisassociateVpcCidrBlock ModifyVpcAttribute ModifyVpcEndpoint"
                    " DeleteCarrierGateway DeleteInternetGateway DeleteEgressOnlyInternetGateway DeleteNatGateway"
                    " DeleteRouteTable ReplaceRoute DeleteSecurityGroup DeleteSubnet DeleteTags DeleteVpc"
                    " DeleteVpcEndpoints DescribeAccountAttributes DescribeAddresses DescribeAvailabilityZones"
                    " DescribeCarrierGateways DescribeInstances DescribeInstanceTypes DescribeInternetGateways"
                    " DescribeEgressOnlyInternetGateways DescribeImages DescribeNatGateways DescribeNetworkInterfaces"
                    " DescribeNetworkInterfaceAttribute DescribeRouteTables DescribeSecurityGroups DescribeSubnets"
                    " DescribeVpcs DescribeDhcpOptions DescribeVpcAttribute DescribeVpcEndpoints DescribeVolumes"
                    " DescribeTags DetachInternetGateway DisassociateRouteTable DisassociateAddress"
                    " ModifyInstanceAttribute ModifyNetworkInterfaceAttribute ModifySubnetAttribute ReleaseAddress"
                    " RevokeSecurityGroupEgress RevokeSecurityGroupIngress RunInstances TerminateInstances"
                    " GetSecurityGroupsForVpc CreateLaunchTemplate CreateLaunchTemplateVersion DescribeLaunchTemplates"
                    " DescribeLaunchTemplateVersions DeleteLaunchTemplate DeleteLaunchTemplateVersions DescribeKeyPairs"
                    " ModifyInstanceMetadataOptions"
                ),
                "tag": "GetResources",
                "elasticloadbalancing": (
                    "AddTags CreateLoadBalancer ConfigureHealthCheck DeleteLoadBalancer DeleteTargetGroup"
                    " DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeTargetGroups"
                    " ApplySecurityGroupsToLoadBalancer SetSecurityGroups DescribeTags ModifyLoadBalancerAttributes"
                    " RegisterInstancesWithLoadBalancer DeregisterInstancesFromLoadBalancer RemoveTags SetSubnets"
                    " ModifyTargetGroupAttributes CreateTargetGroup DescribeListeners CreateListener"
                    " DescribeTargetHealth RegisterTargets DeregisterTargets DeleteListener"
                ),
                "autoscaling": (
                    "DescribeAutoScalingGroups DescribeInstanceRefreshes DeleteLifecycleHook DescribeLifecycleHooks"
                    " PutLifecycleHook"
                ),
                "eks": (
                    "CreateAccessEntry DeleteAccessEntry DescribeAccessEntry UpdateAccessEntry ListAccessEntries"
                    " AssociateAccessPolicy DisassociateAccessPolicy ListAssociatedAccessPolicies"
                ),
            },
        ),
        Statement(
            f"{_CONTROLLER} (machine pools)",
            {
                "autoscaling": (
                    "CancelInstanceRefresh CreateAutoScalingGroup UpdateAutoScalingGroup CreateOrUpdateTags"
                    " StartInstanceRefresh DeleteAutoScalingGroup DeleteTags"
                )
            },
            ("arn:*:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/*",),
        ),
        _linked_role(_CONTROLLER, "autoscaling", "AWSServiceRoleForAutoScaling"),
        _linked_role(_CONTROLLER, "elasticloadbalancing", "AWSServiceRoleForElasticLoadBalancing"),
        _linked_role(_CONTROLLER, "spot", "AWSServiceRoleForEC2Spot"),
        Statement(f"{_CONTROLLER} (instance profiles)", {"iam": "PassRole"}, (PASSED_ROLES,)),
        Statement(
            f"{_CONTROLLER} (secret backend)",
            {"secretsmanager": "CreateSecret DeleteSecret TagResource"},
            SECRETS,
        ),
    ),
)

_EKS = "cluster_api_controller.go (EKS)"
CONTROLLERS_EKS = Policy(
    "controllers-eks",
    "For the Kubernetes Cluster API Provider AWS Controllers",
    ("controllers", "control-plane"),
    (
        Statement(_EKS, {"ssm": "GetParameter"}, ("arn:*:ssm:*:*:parameter/aws/service/eks/optimized-ami/*",)),
        _linked_role(_EKS, "eks", "AWSServiceRoleForAmazonEKS"),
        _linked_role(_EKS, "eks-nodegroup", "AWSServiceRoleForAmazonEKSNodegroup"),
        _linked_role(
            _EKS, "eks-fargate", "AWSServiceRoleForAmazonEKSForFargate", "{partition}", folder="eks-fargate-pods"
        ),
        Statement(_EKS, {"iam": "GetRole ListAttachedRolePolicies"}, ("arn:*:iam::*:role/*",)),
        Statement(_EKS, {"iam": "GetPolicy"}, ("arn:{partition}:iam::aws:policy/AmazonEKSClusterPolicy",)),
        Statement(
            _EKS,
            {
                "eks": (
                    "DescribeCluster ListClusters CreateCluster TagResource UpdateClusterVersion DeleteCluster"
                    " UpdateClusterConfig UntagResource UpdateNodegroupVersion DescribeNodegroup DeleteNodegroup"
                    " UpdateNodegroupConfig CreateNodegroup AssociateEncryptionConfig ListIdentityProviderConfigs"
                    " AssociateIdentityProviderConfig DescribeIdentityProviderConfig DisassociateIdentityProviderConfig"
                )
            },
            ("arn:*:eks:*:*:cluster/*", "arn:*:eks:*:*:nodegroup/*/*/*"),
        ),
        Statement(
            _EKS,
            {
                "ec2": "AssociateVpcCidrBlock DisassociateVpcCidrBlock",
                "eks": (
                    "ListAddons CreateAddon DescribeAddonVersions DescribeAddon DeleteAddon UpdateAddon TagResource"
                    " DescribeFargateProfile CreateFargateProfile DeleteFargateProfile"
                ),
            },
        ),
        Statement(_EKS, {"iam": "PassRole"}, condition={"StringEquals": {"iam:PassedToService": "eks.amazonaws.com"}}),
        Statement(
            _EKS,
            {"kms": "CreateGrant DescribeKey"},
            condition={"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/cluster-api-provider-aws-*"}},
        ),
    ),
    eks=True,
)

# Not part of the stack: what aws_preflight looks at, and aws_orphans looks at and removes.
CHECKS = Policy(
    "mke4k-checks",
    "For the checks of mke4k.core before and after clusters",
    (),
    (
        Statement(
            "mke4k.core.aws_preflight",
            {
                "servicequotas": "GetServiceQuota ListServiceQuotas GetAWSDefaultServiceQuota",
                "iam": "GetInstanceProfile SimulatePrincipalPolicy",
                "ec2": (
                    "DescribeRegions DescribeInstanceTypeOfferings DescribeSnapshots DescribeAccountAttributes"
                    " DescribeAddresses DescribeVpcs DescribeInternetGateways DescribeNatGateways DescribeInstances"
                    " DescribeInstanceTypes DescribeAvailabilityZones DescribeImages DescribeKeyPairs DescribeVolumes"
                ),
                "elasticloadbalancing": "DescribeLoadBalancers DescribeTags",
                "tag": "GetResources",
            },
        ),
        Statement(
            "mke4k.core.aws_orphans",
            {"ec2": "DescribeTags DeleteVolume DeleteSnapshot DeleteNetworkInterface"},
        ),
    ),
)

# What the module aws_iam calls itself, to be given to those who run it.
BOOTSTRAP: Dict[str, str] = {
    "iam": (
        "GetRole CreateRole UpdateAssumeRolePolicy PutRolePermissionsBoundary TagRole ListAttachedRolePolicies"
        " AttachRolePolicy GetInstanceProfile CreateInstanceProfile AddRoleToInstanceProfile"
        " TagInstanceProfile GetPolicy GetPolicyVersion ListPolicies CreatePolicy"
        " ListPolicyVersions CreatePolicyVersion DeletePolicyVersion TagPolicy GetUser CreateUser TagUser"
        " PutUserPermissionsBoundary ListAttachedUserPolicies AttachUserPolicy ListAccessKeys CreateAccessKey"
        " DeleteAccessKey"
    ),
    "cloudformation": "DescribeStacks ListStackResources",
    "ec2": "DescribeRegions",
}
REMOVAL: Dict[str, str] = {
    "iam": (
        "ListInstanceProfilesForRole ListEntitiesForPolicy ListRolePolicies DeleteRolePolicy DetachRolePolicy"
        " DetachUserPolicy DetachGroupPolicy RemoveRoleFromInstanceProfile DeleteInstanceProfile DeleteRole"
        " DeletePolicy DeleteUser"
    ),
    "ec2": "DescribeInstances",
}
ALL = (CONTROL_PLANE, NODES, CONTROLLERS, CONTROLLERS_EKS)

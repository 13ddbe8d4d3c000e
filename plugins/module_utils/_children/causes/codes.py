# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the words of an AWS error to the name of its cause. Only the code counts, in whatever form it is told. Pure.

Cluster API Provider AWS 2.8 prints `CODE: MSG\\n\\tstatus code: N, request id: R`, 2.11 `operation error EC2: X, … api
error CODE: MSG`, and of load balancers a Go value besides.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Tuple

_DENIED = "UnauthorizedOperation|AccessDenied|AccessDeniedException"
# Code, words that the text must have besides, cause; the first that fits counts.
_CODES: Tuple[Tuple[str, str, str], ...] = (
    ("AddressLimitExceeded", "", "eip-quota"),
    ("VpcLimitExceeded", "", "vpc-quota"),
    ("InternetGatewayLimitExceeded", "", "internet-gateway-quota"),
    ("NatGatewayLimitExceeded", "", "nat-gateway-quota"),
    ("(?:Vcpu|Instance)LimitExceeded", "", "vcpu-quota"),
    ("TooManyLoadBalancers(?:Exception)?", "", "load-balancer-quota"),
    ("(?:Volume|MaxIOPS)LimitExceeded", "", "volume-quota"),
    ("SecurityGroupLimitExceeded", "", "security-group-quota"),
    ("(?:Subnet|RouteTable|Route|NetworkInterface)LimitExceeded", "", "network-quota"),
    ("(?:SecurityGroupsPer(?:Interface|Instance)|RulesPerSecurityGroup)LimitExceeded", "", "network-quota"),
    ("(?:RequestLimitExceeded|Throttling|ThrottlingException|TooManyRequestsException)", "", "throttled"),
    (r"[A-Z]\w*LimitExceeded(?:Exception)?", "", "other-quota"),
    ("LimitExceeded(?:Exception)?", "", "other-quota"),
    ("AuthFailure", "not authorized for images", "image-unknown"),
    ("(?:SignatureDoesNotMatch|AuthFailure|InvalidSignatureException)", "signature expired", "clock-skew"),
    ("(?:SignatureDoesNotMatch|AuthFailure|InvalidSignatureException)", "signature not yet current", "clock-skew"),
    ("RequestExpired", "", "clock-skew"),
    ("RequestInTheFuture|RequestTimeTooSkewed", "", "clock-skew"),
    ("(?:AuthFailure|InvalidClientTokenId|SignatureDoesNotMatch)", "", "credentials-invalid"),
    ("(?:UnrecognizedClient(?:Exception)?|InvalidAccessKeyId|IncompleteSignature)", "", "credentials-invalid"),
    ("ExpiredToken(?:Exception)?", "", "credentials-expired"),
    (_DENIED, "service control policy", "organization-denied"),
    (_DENIED, "iam:passrole", "pass-role-denied"),
    (_DENIED, "sts:assumerole", "assume-role-denied"),
    (_DENIED, "", "permission-denied"),
    ("(?:OptInRequired|AuthFailure.RegionDisabled|RegionDisabledException)", "", "region-off"),
    ("PendingVerification|PendingAccountVerification", "", "account-pending"),
    ("Insufficient(?:Instance|Host|ReservedInstance)Capacity", "", "insufficient-capacity"),
    (r"InvalidAMIID\.(?:NotFound|Malformed|Unavailable)", "", "image-unknown"),
    (r"InvalidKeyPair\.NotFound", "", "key-pair-missing"),
    ("InvalidBlockDeviceMapping", "", "root-volume-too-small"),
    ("InvalidInstanceType", "", "instance-type-unknown"),
    ("InvalidParameterValue", "does not match the architecture", "architecture-mismatch"),
    ("InvalidParameterValue", "iaminstanceprofile", "instance-profile-missing"),
    ("InvalidParameterValue", "instancetype", "instance-type-unknown"),
    ("InvalidParameterValue", "instance type", "instance-type-unknown"),
    ("NoSuchEntity", "profile", "instance-profile-missing"),
    ("Unsupported", "", "instance-type-not-in-zone"),
    ("DependencyViolation", "", "deletion-blocked"),
    ("OperationNotPermitted", "terminat", "deletion-protected"),
    ("(?:InternalError|InternalFailure|ServiceUnavailable|Unavailable)", "", "aws-internal-error"),
)
# What Cluster API says by itself, without AWS.
_PHRASES: Tuple[Tuple[str, str], ...] = (
    ("found no amis with", "image-not-found"),
    ("no subnets available in availability zone", "zone-without-subnet"),
    ("failed to retrieve bootstrap data secret", "bootstrap-data-missing"),
)
_KNOWN = tuple((re.compile(rf"\b(?:{code})\b"), words, name) for code, words, name in _CODES)
# Every code has a capital in its middle; most texts have none, and need no look at each of the codes.
_LIKE_A_CODE = re.compile(r"[a-z][A-Z]|\bThrottling\b|\bUn(?:supported|available)\b")


def cause_in(text: str) -> str:
    """The name of the cause; empty where the text tells none."""
    return found_in(text)[0]


def found_in(text: str) -> Tuple[str, str]:
    """The name of the cause, and the code that told it."""
    folded = text.lower()
    for phrase, name in _PHRASES:
        if phrase in folded:
            return name, ""
    if _LIKE_A_CODE.search(text) is None:
        return "", ""
    for code, words, name in _KNOWN:
        if not words or words in folded:
            match = code.search(text)
            if match is not None:
                return name, match.group()
    return "", ""

# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the words of an AWS error to the name of its cause. Only the code counts, in whatever form it is told.

Cluster API Provider AWS 2.8 prints `CODE: MSG\\n\\tstatus code: N, request id: R`, 2.11 `operation error EC2: X, … api
error CODE: MSG`, and of load balancers a Go value that has the code somewhere in it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Tuple

# Code, and words that the text must have besides; the first that fits counts.
_CODES: Tuple[Tuple[str, str, str], ...] = (
    ("AddressLimitExceeded", "", "eip-quota"),
    ("VpcLimitExceeded", "", "vpc-quota"),
    ("InternetGatewayLimitExceeded", "", "internet-gateway-quota"),
    ("NatGatewayLimitExceeded", "", "nat-gateway-quota"),
    ("VcpuLimitExceeded", "", "vcpu-quota"),
    ("InstanceLimitExceeded", "", "vcpu-quota"),
    ("TooManyLoadBalancers(?:Exception)?", "", "load-balancer-quota"),
    ("TooManyAccessPoints(?:Exception)?", "", "load-balancer-quota"),
    ("VolumeLimitExceeded", "", "volume-quota"),
    ("MaxIOPSLimitExceeded", "", "volume-quota"),
    ("(?:SecurityGroup|SecurityGroupsPerInterface|RulesPerSecurityGroup)LimitExceeded", "", "security-group-quota"),
    ("(?:Subnet|RouteTable|Route)LimitExceeded", "", "security-group-quota"),
    ("AuthFailure", "", "credentials-invalid"),
    ("InvalidClientTokenId", "", "credentials-invalid"),
    ("SignatureDoesNotMatch", "", "credentials-invalid"),
    ("UnrecognizedClient(?:Exception)?", "", "credentials-invalid"),
    ("ExpiredToken(?:Exception)?", "", "credentials-expired"),
    ("RequestExpired", "", "clock-skew"),
    ("(?:UnauthorizedOperation|AccessDenied|AccessDeniedException)", "service control policy", "organization-denied"),
    ("(?:UnauthorizedOperation|AccessDenied|AccessDeniedException)", "iam:PassRole", "pass-role-denied"),
    ("(?:UnauthorizedOperation|AccessDenied|AccessDeniedException)", "", "permission-denied"),
    ("OptInRequired", "", "region-off"),
    ("(?:RequestLimitExceeded|Throttling|ThrottlingException|TooManyRequestsException)", "", "throttled"),
    ("PendingVerification", "", "account-pending"),
    ("Insufficient(?:Instance|Host)Capacity", "", "insufficient-capacity"),
    ("InvalidAMIID\\.(?:NotFound|Malformed|Unavailable)", "", "image-unknown"),
    ("InvalidKeyPair\\.NotFound", "", "key-pair-missing"),
    ("InvalidBlockDeviceMapping", "", "root-volume-too-small"),
    ("InvalidInstanceType", "", "instance-type-unknown"),
    ("InvalidParameterValue", "iamInstanceProfile", "instance-profile-missing"),
    ("InvalidParameterValue", "instance type", "instance-type-unknown"),
    ("NoSuchEntity", "profile", "instance-profile-missing"),
    ("Unsupported", "instance type", "instance-type-not-in-zone"),
    ("Unsupported", "Availability Zone", "instance-type-not-in-zone"),
    ("DependencyViolation", "", "deletion-blocked"),
    ("OperationNotPermitted", "terminat", "deletion-protected"),
)
# What Cluster API says by itself, without AWS.
_PHRASES: Tuple[Tuple[str, str], ...] = (
    ("found no AMIs with the name", "image-not-found"),
    ("no subnets available in availability zone", "zone-without-subnet"),
    ("failed to retrieve bootstrap data secret", "bootstrap-data-missing"),
)
_KNOWN = tuple((re.compile(rf"\b{code}\b"), words.lower(), name) for code, words, name in _CODES)
_REQUEST = re.compile(r",? ?(?:status code: \d+|StatusCode: \d+|host id: [^,\s]*|request ?id: [\w-]+)", re.IGNORECASE)
_GO_DUMP = re.compile(r"\(?\*?&?\w*\.?[A-Z]\w+\)?\(?0x[0-9a-f]+\)?|\{[^{}]*0x[0-9a-f]+[^{}]*\}")
_ENCODED = re.compile(r" ?Encoded authorization failure message: \S+")
LONGEST = 300


def cause_in(text: str) -> str:
    """The name of the cause; empty where the text tells none."""
    folded = text.lower()
    for phrase, name in _PHRASES:
        if phrase.lower() in folded:
            return name
    return next((name for code, words, name in _KNOWN if code.search(text) and words in folded), "")


def cleaned(text: str) -> str:
    """One line for people: without request ids and dumps of Go values, and not longer than is read."""
    plain = _ENCODED.sub("", _GO_DUMP.sub("", _REQUEST.sub("", " ".join(text.split()))))
    line = " ".join(plain.split()).strip(" ,;:")
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"

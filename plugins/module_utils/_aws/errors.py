# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the layers above AWS, classified on AWS's own code and never on the wording of its message.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, List, Tuple, Type

from ansible_collections.mke4k.core.plugins.module_utils._config.errors import ReportedError

# AWS appends them to denials: only `aws sts decode-authorization-message` reads them.
_ENCODED = re.compile(r"\s*Encoded authorization failure message: \S+")
# The rest of such a message is the request as it was signed, with the session token.
_SIGNED_REQUEST = re.compile(r"\s*(The Canonical String|The String-to-Sign).*", re.DOTALL)


@dataclass(frozen=True)
class Call:
    """Which call: `service` is the prefix of IAM actions (ec2, iam, elasticloadbalancing, tag)."""

    service: str
    operation: str
    region: str = ""
    account: str = ""

    @property
    def action(self) -> str:
        """As policies name it."""
        return f"{self.service}:{self.operation}"

    @property
    def place(self) -> str:
        parts = [f"account {self.account}" if self.account else "", f"region {self.region}" if self.region else ""]
        found = ", ".join(part for part in parts if part)
        return f" ({found})" if found else ""


class AwsError(ReportedError):
    """Every error of the layers above AWS. `code` is AWS's own, empty where AWS was not reached."""

    def __init__(self, message: str, code: str = "", **details: Any) -> None:
        super().__init__(message, **({"code": code} if code else {}), **details)
        self.code = code


class NotAllowed(AwsError):
    """The permission `action` is missing, or denied."""

    def __init__(self, message: str, code: str = "", action: str = "", **details: Any) -> None:
        super().__init__(message, code, action=action, **details)
        self.action = action


class BadCredentials(AwsError):
    """There are no keys, or AWS does not know them."""


class Expired(BadCredentials):
    """The keys were good once."""


class Throttled(AwsError):
    """AWS still wanted fewer requests after all repetitions."""


class NotReachable(AwsError):
    """AWS did not answer."""


class NoRegion(AwsError):
    """Nothing says in which region."""


class Missing(AwsError):
    """What was asked for is not there, or not there yet."""


class InUse(AwsError):
    """Something else depends on what was to be removed."""


class Unsettled(AwsError):
    """Something is still being changed, by this or by another call."""


class AlreadyThere(AwsError):
    """Something of that name is there already."""


DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedException", "NotAuthorized")
_CHECK_KEYS = (
    "AWS does not know the keys, or their secret part is another: check access_key and secret_key (a temporary key"
    " needs its session_token, and one of AWS China or GovCloud its region), the profile or the environment"
    " (AWS_ACCESS_KEY_ID), and the clock."
)
_FULL = "A quota is used up: remove what is not needed, or ask for more in Service Quotas."
_KINDS: Tuple[Tuple[Type[AwsError], Tuple[str, ...], str], ...] = (
    (
        Expired,
        ("ExpiredToken", "ExpiredTokenException", "RequestExpired"),
        "The session has ended, or the clock of the control node is wrong: get fresh keys, and compare the clock.",
    ),
    (
        BadCredentials,
        (
            "InvalidClientTokenId", "AuthFailure", "UnrecognizedClientException", "InvalidAccessKeyId",
            "SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature", "MissingAuthenticationToken",
            "NotSignedUp",
        ),
        _CHECK_KEYS,
    ),
    (
        Throttled,
        (
            "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException", "RequestThrottled",
            "RequestThrottledException", "PriorRequestNotComplete", "SlowDown", "BandwidthLimitExceeded",
        ),
        "AWS slows this account down: run again later, or when less else is running in it.",
    ),
    (InUse, ("DependencyViolation", "DeleteConflict", "ResourceInUse"), "Remove what depends on it first."),
    (Unsettled, ("ConcurrentModification", "EntityTemporarilyUnmodifiable"), "Run again in a minute."),
    (AlreadyThere, ("EntityAlreadyExists", "AlreadyExistsException"), "Choose another name, or remove it."),
    (Missing, ("NoSuchEntity", "NoSuchResourceException", "ResourceNotFoundException", "ParameterNotFound"), ""),
)  # fmt: skip
_REMEDIES: Dict[str, str] = {
    "OptInRequired": "The region or the service is not enabled in this account: enable it in the account's settings.",
    "Blocked": "AWS has blocked the account: ask its support.",
    "PendingVerification": "AWS still verifies the account: try again in some hours.",
    "LimitExceeded": _FULL,
    "ServiceQuotaExceededException": _FULL,
    "MalformedPolicyDocument": "A policy is not as AWS wants it, or names a principal that is not there.",
}


def aws_error_code(error: BaseException) -> str:
    """AWS's code, empty where the error is none of AWS."""
    return error.code if isinstance(error, AwsError) else ""


def refusal(code: str, text: str, call: Call, status: int = 0) -> AwsError:
    """The error for an answer of AWS."""
    text = cleaned(text)
    start = f"AWS refused {call.action}{call.place}: {code}: {text}"
    details: Dict[str, Any] = {"operation": call.action, "region": call.region, "status": status}
    if code in DENIED:
        hint = f"Allow the action {call.action} to whom the keys belong, or use keys that have it."
        return NotAllowed(_joined(start, hint), code, action=call.action, **details)
    for kind, codes, hint in _KINDS:
        if code in codes:
            return kind(_joined(start, hint), code, **details)
    if code.endswith(".NotFound"):
        return Missing(start, code, **details)
    return AwsError(_joined(start, _REMEDIES.get(code, "")), code, **details)


def cleaned(text: str) -> str:
    """AWS's text in one line, without what only machines read and what must not be seen."""
    return " ".join(_SIGNED_REQUEST.sub("", _ENCODED.sub("", text)).split())


def _joined(*parts: str) -> str:
    found: List[str] = [part.rstrip().rstrip(".") for part in parts if part]
    return ". ".join(found) + "."
